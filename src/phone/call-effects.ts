/** Carries out what the call machine asks for, and tells the machine what became of it. */
import type { CallRecord } from '../protocol/call.ts';
import { type DialableNumber, dialableNumber } from '../protocol/phone-number.ts';
import type { Outcome } from '../protocol/problem.ts';
import { assertNever } from './assert-never.ts';
import type { CallLog } from './call-log.ts';
import {
  type CallEffect,
  type CallState,
  isFinalRecord,
  isOver,
  isSettled,
  type UntimedCallEvent,
} from './call-state.ts';
import type { PhoneContext } from './phone-context.ts';
import type { PhoneLine } from './phone-line.ts';
import type { Line, Unsubscribe } from './ports.ts';
import { type ReconnectPolicy, retryDelayMs } from './reconnect-policy.ts';
import type { SignIn } from './sign-in.ts';

/** The event stream usually brings the charge within a second; this asks when it does not. */
const ASK_FOR_CHARGE: ReconnectPolicy = { firstDelayMs: 1_500, maxDelayMs: 30_000, giveUpAfterMs: 10 * 60_000 };

export interface CallEffectsParts {
  readonly line: PhoneLine;
  readonly log: CallLog;
  readonly signIn: SignIn;
  readonly stateOf: (callId: string) => CallState | undefined;
  readonly tell: (callId: string, event: UntimedCallEvent) => void;
  /** The charge of a call was learnt by asking, not from the event stream: the balance is another one as well. */
  readonly onChargeLearnt: () => void;
}

export class CallEffects {
  readonly #context: PhoneContext;
  readonly #parts: CallEffectsParts;
  readonly #timers = new Map<string, Set<Unsubscribe>>();
  readonly #releases = new Set<Promise<void>>();

  constructor(context: PhoneContext, parts: CallEffectsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  run(state: CallState, effect: CallEffect): void {
    const { callId } = state;
    switch (effect.type) {
      case 'write_history':
        this.#parts.log.write(state);
        break;
      case 'authorize':
        void this.#authorize(callId, effect.to);
        break;
      case 'release_call':
        this.#track(this.#release(callId));
        break;
      case 'ask_record':
        this.#startAsking(state);
        break;
      case 'wake_after':
        this.#wakeAfter(callId, {
          delayMs: effect.delayMs,
          wake: () => this.#parts.tell(callId, { type: effect.event }),
        });
        break;
      default:
        this.#parts.line.use((line) => wishOfLine(line, { callId, effect }));
    }
  }

  /** Cancels the timers of a call. */
  forget(callId: string): void {
    for (const cancel of this.#timers.get(callId) ?? []) cancel();
    this.#timers.delete(callId);
  }

  /** Resolves when every release that was asked for has been answered. */
  async released(): Promise<void> {
    await Promise.all(this.#releases);
  }

  close(): void {
    for (const callId of [...this.#timers.keys()]) this.forget(callId);
  }

  /** The history entry is stored before the server hears of the call, so that a reload cannot lose a hold. */
  async #authorize(callId: string, to: string): Promise<void> {
    const { log, signIn, tell } = this.#parts;
    const me = await signIn.known();
    if (me.ok) await log.written();
    const outcome = me.ok
      ? await this.#context.gate.authorizeCall(callId, { to, callerNumber: this.#callerNumber() })
      : me;
    if (outcome.ok) tell(callId, { type: 'authorized', authorization: outcome.value });
    else tell(callId, { type: 'authorization_refused', refusal: outcome.refusal });
  }

  #callerNumber(): DialableNumber | null {
    const { callerNumber } = this.#context.store.snapshot;
    return callerNumber === null ? null : dialableNumber(callerNumber);
  }

  async #release(callId: string): Promise<void> {
    const outcome = await this.#context.gate.releaseCall(callId);
    if (!this.#tellRecord(callId, outcome)) this.#askLater(callId, this.#firstAsk());
  }

  #track(release: Promise<void>): void {
    this.#releases.add(release);
    void release.finally(() => this.#releases.delete(release));
  }

  #startAsking(state: CallState): void {
    if (isOver(state)) this.#askLater(state.callId, this.#firstAsk());
    else void this.#ask(state.callId, this.#firstAsk());
  }

  async #ask(callId: string, ask: Ask): Promise<void> {
    const outcome = await this.#context.gate.call(callId);
    if (!this.#tellRecord(callId, outcome)) this.#askLater(callId, { ...ask, attempt: ask.attempt + 1 });
  }

  /** Only the charge of a call that is over is worth asking for again. */
  #askLater(callId: string, ask: Ask): void {
    const isOpen = () => {
      const state = this.#parts.stateOf(callId);
      return state !== undefined && isOver(state) && !isSettled(state);
    };
    const elapsedMs = this.#context.clock.monotonicMs() - ask.sinceMs;
    const delayMs = retryDelayMs(ASK_FOR_CHARGE, { attempt: ask.attempt, elapsedMs, random: this.#context.random() });
    if (delayMs === null || !isOpen()) return;
    this.#wakeAfter(callId, { delayMs, wake: () => (isOpen() ? void this.#ask(callId, ask) : undefined) });
  }

  #firstAsk(): Ask {
    return { attempt: 0, sinceMs: this.#context.clock.monotonicMs() };
  }

  /** False when the server has not yet said the last word about this call. */
  #tellRecord(callId: string, outcome: Outcome<CallRecord>): boolean {
    const isUnknown = !outcome.ok && outcome.refusal.code === 'call_unknown';
    if (outcome.ok) this.#parts.tell(callId, { type: 'recorded', record: outcome.value });
    if (isUnknown) this.#parts.tell(callId, { type: 'unrecorded' });
    const isFinal = outcome.ok && isFinalRecord(outcome.value);
    if (isFinal) this.#parts.onChargeLearnt();
    return isFinal || isUnknown;
  }

  #wakeAfter(callId: string, timer: { readonly delayMs: number; readonly wake: () => void }): void {
    const mine = this.#timers.get(callId) ?? new Set();
    this.#timers.set(callId, mine);
    const cancel = this.#context.clock.after(timer.delayMs, () => {
      mine.delete(cancel);
      timer.wake();
    });
    mine.add(cancel);
  }
}

interface Ask {
  readonly attempt: number;
  readonly sinceMs: number;
}

type LineEffect = Exclude<
  CallEffect,
  { readonly type: 'write_history' | 'authorize' | 'release_call' | 'ask_record' | 'wake_after' }
>;

function wishOfLine(line: Line, wish: { readonly callId: string; readonly effect: LineEffect }): void {
  const { callId, effect } = wish;
  switch (effect.type) {
    case 'prepare':
      line.prepare(callId);
      break;
    case 'invite':
      line.invite(callId, { number: effect.number, grant: effect.grant });
      break;
    case 'answer_line':
      line.answer(callId);
      break;
    case 'decline_line':
      line.decline(callId);
      break;
    case 'hang_up_line':
      line.hangUp(callId);
      break;
    case 'set_muted':
      line.setMuted(callId, effect.isMuted);
      break;
    case 'set_held':
      line.setHeld(callId, effect.isHeld);
      break;
    case 'send_digits':
      line.sendDigits(callId, effect.digits);
      break;
    case 'play_warning':
      line.playWarningTone();
      break;
    default:
      assertNever(effect);
  }
}
