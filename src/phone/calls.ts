/**
 * The calls of this phone: one in front and one that waits, each with its own machine. A call that is over stays in memory until its
 * money is settled, also when nobody looks at it any more.
 */
import type { Balance } from '../protocol/account.ts';
import type { CallRecord } from '../protocol/call.ts';
import { MAX_DIALLED_LENGTH } from '../protocol/phone-number.ts';
import { type CallCredit, msToNextSecond } from './call-clock.ts';
import { CallEffects } from './call-effects.ts';
import type { CallLog } from './call-log.ts';
import { dialCall, receiveCall, transition } from './call-machine.ts';
import { callSnapshot } from './call-snapshot.ts';
import {
  type CallEvent,
  type CallState,
  type CallStep,
  isOver,
  isSettled,
  type UntimedCallEvent,
} from './call-state.ts';
import { lineEventOfCall } from './line-state.ts';
import type { PhoneContext } from './phone-context.ts';
import type { PhoneLine } from './phone-line.ts';
import type { CallSnapshot } from './phone-snapshot.ts';
import type { LineEvent, Unsubscribe } from './ports.ts';
import type { SignIn } from './sign-in.ts';

/** How long close() waits for holds to be given back; the server frees them by itself later. */
const CLOSE_PATIENCE_MS = 3_000;

export interface CallsParts {
  readonly line: PhoneLine;
  readonly log: CallLog;
  readonly signIn: SignIn;
  readonly onChargeLearnt: () => void;
}

export class Calls {
  readonly #context: PhoneContext;
  readonly #effects: CallEffects;
  readonly #states = new Map<string, CallState>();
  readonly #ticks = new Map<string, Unsubscribe>();
  readonly #inbox: { readonly callId: string; readonly event: UntimedCallEvent }[] = [];
  #isWorking = false;
  #front: string | null = null;
  #waiting: string | null = null;

  constructor(context: PhoneContext, parts: CallsParts) {
    this.#context = context;
    this.#effects = new CallEffects(context, {
      ...parts,
      stateOf: (callId) => this.#states.get(callId),
      tell: (callId, event) => this.#tell(callId, event),
    });
  }

  /** Calls what was typed, unless a call is running. */
  dial(text: string): void {
    const to = text.trim().slice(0, MAX_DIALLED_LENGTH);
    if (to === '' || !this.#isFrontFree()) return;
    this.#front = this.#context.newId();
    this.#take(dialCall(this.#birth(this.#front, { number: to, label: this.#labelOf(to) })));
  }

  /** The waiting call comes to the front; a living call in front is put on hold and waits instead. */
  answer(callId: string): void {
    if (callId === this.#waiting) {
      this.wish({ type: 'set_held', isHeld: true });
      const held = this.#isFrontFree() ? null : this.#front;
      this.#front = callId;
      this.#waiting = held;
    }
    this.#tell(callId, { type: 'answer' });
  }

  decline(callId: string): void {
    if (this.#states.get(callId)?.phase === 'incoming') this.#tell(callId, { type: 'hang_up' });
  }

  /** What the person wants of the call in front. */
  wish(event: UntimedCallEvent): void {
    if (this.#front !== null) this.#tell(this.#front, event);
  }

  /** Puts away what is over; a call that waits comes to the front. */
  dismiss(): void {
    if (!this.#isFrontFree()) return;
    this.#front = this.#waiting;
    this.#waiting = null;
    this.#forgetSettled();
    this.#show();
  }

  hearLine(event: LineEvent): void {
    if (event.type === 'incoming') this.#ring(event);
    const told = lineEventOfCall(event);
    if (told !== null) this.#tell(told.callId, told.event);
  }

  /** There is no line: what was asked of it will not happen. */
  lineFailed(): void {
    this.#tellAll({ type: 'line_ended', reason: 'line_lost', refusalCode: null });
  }

  /** False when the call does not live in this page. */
  hearRecord(record: CallRecord): boolean {
    if (!this.isLive(record.callId)) return false;
    this.#tell(record.callId, { type: 'recorded', record });
    return true;
  }

  hearBalance(balance: Balance): void {
    for (const callId of [...this.#states.keys()]) {
      this.#tell(callId, { type: 'credit_changed', credit: creditOf(balance, callId) });
    }
  }

  /** The event stream had a gap: what the server knows of the calls is asked for. */
  resync(): void {
    for (const state of [...this.#states.values()]) {
      if (state.phase !== 'authorizing' && !isSettled(state)) this.#effects.run(state, { type: 'ask_record' });
    }
  }

  isLive(callId: string): boolean {
    return this.#states.has(callId);
  }

  /** Ends every call and gives every hold back, as far as the server can be reached in time. */
  async close(): Promise<void> {
    this.#tellAll({ type: 'hang_up' });
    await withPatience(this.#context, this.#effects.released());
    for (const cancel of this.#ticks.values()) cancel();
    this.#effects.close();
  }

  #tellAll(event: UntimedCallEvent): void {
    for (const callId of [...this.#states.keys()]) this.#tell(callId, event);
  }

  /** Events wait in line: what an effect causes is handled after all effects of the event before. */
  #tell(callId: string, event: UntimedCallEvent): void {
    this.#inbox.push({ callId, event });
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) this.#handle(next.callId, next.event);
    } finally {
      this.#isWorking = false;
    }
  }

  #handle(callId: string, event: UntimedCallEvent): void {
    const state = this.#states.get(callId);
    if (state === undefined) return;
    // Spreading a union loses the tie between `type` and its fields; with its time it is the event that it was.
    this.#take(transition(state, { ...event, atMs: this.#context.clock.monotonicMs() } as CallEvent));
  }

  #take({ state, effects }: CallStep): void {
    this.#states.set(state.callId, state);
    if (isOver(state) && this.#waiting === state.callId) this.#waiting = null;
    this.#forgetSettled();
    this.#show();
    for (const effect of effects) this.#effects.run(state, effect);
    this.#keepTicking(state);
  }

  #keepTicking(state: CallState): void {
    const { callId, meter } = state;
    if (state.phase !== 'talking' || meter === null || this.#ticks.has(callId)) return;
    const cancel = this.#context.clock.after(Math.ceil(msToNextSecond(meter)), () => {
      this.#ticks.delete(callId);
      this.#tell(callId, { type: 'tick' });
    });
    this.#ticks.set(callId, cancel);
  }

  #forgetSettled(): void {
    for (const [callId, state] of this.#states) {
      if (!isSettled(state) || callId === this.#front || callId === this.#waiting) continue;
      this.#states.delete(callId);
      this.#effects.forget(callId);
    }
  }

  #show(): void {
    this.#context.store.update({ call: this.#snapshotOf(this.#front), waiting: this.#snapshotOf(this.#waiting) });
  }

  #snapshotOf(callId: string | null): CallSnapshot | null {
    const state = callId === null ? undefined : this.#states.get(callId);
    return state === undefined
      ? null
      : callSnapshot(state, { currency: this.#context.store.snapshot.me?.currency ?? '' });
  }

  #isFrontFree(): boolean {
    const state = this.#front === null ? undefined : this.#states.get(this.#front);
    return state === undefined || isOver(state);
  }

  #ring(event: Extract<LineEvent, { type: 'incoming' }>): void {
    const { callId, number, name } = event;
    if (this.isLive(callId)) return;
    const hasRoom = this.#isFrontFree() || this.#waiting === null;
    if (this.#isFrontFree()) this.#front = callId;
    else this.#waiting ??= callId;
    this.#take(receiveCall(this.#birth(callId, { number, label: name || number })));
    if (!hasRoom) this.#tell(callId, { type: 'hang_up' });
  }

  /** Where the price tag says that this number is, until the authorization says it. */
  #labelOf(to: string): string {
    const { quote } = this.#context.store.snapshot;
    return quote.state === 'known' && quote.to === to ? quote.quote.destination : to;
  }

  #birth(callId: string, whom: { readonly number: string; readonly label: string }) {
    const { clock, store } = this.#context;
    const credit = store.snapshot.balance === null ? null : creditOf(store.snapshot.balance, callId);
    return { callId, ...whom, startedAtMs: clock.nowMs(), bornAtMs: clock.monotonicMs(), credit };
  }
}

function creditOf(balance: Balance, callId: string): CallCredit {
  const held = balance.heldBy.find((hold) => hold.callId === callId);
  return { availableMicros: balance.availableMicros, heldMicros: held?.heldMicros ?? null };
}

function withPatience({ clock }: PhoneContext, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(CLOSE_PATIENCE_MS, resolve);
    void work.finally(() => {
      cancel();
      resolve();
    });
  });
}
