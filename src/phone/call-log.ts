/**
 * The call history of this browser: an entry is written before the first request of a call and completed when its cost is settled,
 * if need be after a reload.
 */
import type { Me } from '../protocol/account.ts';
import type { CallRecord } from '../protocol/call.ts';
import { ZERO_MICROS } from '../protocol/money.ts';
import { chargeOf } from './call-charge.ts';
import { historyEntry } from './call-snapshot.ts';
import { type CallState, isFinalRecord } from './call-state.ts';
import type { PhoneContext } from './phone-context.ts';
import type { CallHistory, HistoryEntry } from './ports.ts';
import type { SignIn } from './sign-in.ts';

/** How many calls the phone shows. */
const MAX_SHOWN_CALLS = 100;
/** How many unsettled calls are asked for at once; more than these would be a server that never settles. */
const MAX_COMPLETED_CALLS = 50;

export interface CallLogParts {
  readonly history: CallHistory;
  readonly signIn: SignIn;
  /** Calls of this page complete their own entry. */
  readonly isLive: (callId: string) => boolean;
}

export class CallLog {
  readonly #context: PhoneContext;
  readonly #parts: CallLogParts;
  #writing: Promise<void> = Promise.resolve();

  constructor(context: PhoneContext, parts: CallLogParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async load(me: Me): Promise<void> {
    await this.#reading(async () => {
      this.#show(await this.#parts.history.list({ personId: me.personId, limit: MAX_SHOWN_CALLS }));
    });
    this.#context.store.update({ isHistoryLoaded: true });
    await this.completeUnsettled(me);
  }

  /** Keeps the call as it is now; entries are stored in the order in which they were written. */
  write(state: CallState): void {
    this.#enqueue(async () => {
      const me = await this.#parts.signIn.known();
      if (me.ok) await this.#put(historyEntry(state, me.value));
    });
  }

  /** When everything written so far is stored. */
  written(): Promise<void> {
    return this.#writing;
  }

  /** A record of a call that does not live in this page: of before a reload, or of another tab. */
  complete(record: CallRecord): void {
    const entry = this.#context.store.snapshot.history.find(({ callId }) => callId === record.callId);
    if (entry !== undefined && !entry.isSettled) this.#completeEntry(entry, record);
  }

  /** Asks the server for the cost of calls that this browser has not heard of since. */
  async completeUnsettled(me: Me): Promise<void> {
    await this.#reading(async () => {
      const open = await this.#parts.history.unsettled({ personId: me.personId });
      const lost = open.filter(({ callId }) => !this.#parts.isLive(callId));
      await Promise.all(lost.slice(0, MAX_COMPLETED_CALLS).map((entry) => this.#completeOne(entry)));
    });
  }

  /** Without its history the phone still makes calls; the server has the records that count. */
  async #reading(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#context.log('The call history could not be read.', { cause: String(cause) });
    }
  }

  async #completeOne(entry: HistoryEntry): Promise<void> {
    const outcome = await this.#context.gate.call(entry.callId);
    if (outcome.ok) this.#completeEntry(entry, outcome.value);
    else if (outcome.refusal.code === 'call_unknown') this.#enqueue(() => this.#put(neverMade(entry)));
  }

  #completeEntry(entry: HistoryEntry, record: CallRecord): void {
    if (isFinalRecord(record)) this.#enqueue(() => this.#put(completed(entry, record)));
  }

  #enqueue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((cause: unknown) => {
      // A full or forbidden storage must not stop a call: the server has the record that counts.
      this.#context.log('The call history could not be written.', { cause: String(cause) });
    });
  }

  async #put(entry: HistoryEntry): Promise<void> {
    this.#show([entry]);
    await this.#parts.history.put(entry);
  }

  #show(entries: readonly HistoryEntry[]): void {
    const { store } = this.#context;
    const known = new Map(store.snapshot.history.map((entry) => [entry.callId, entry]));
    for (const entry of entries) known.set(entry.callId, entry);
    const newestFirst = [...known.values()].sort((a, b) => b.startedAtMs - a.startedAtMs);
    store.update({ history: newestFirst.slice(0, MAX_SHOWN_CALLS) });
  }
}

function completed(entry: HistoryEntry, record: CallRecord): HistoryEntry {
  const { number, destination, durationSeconds, costMicros, currency } = record;
  const endReason = record.endReason ?? entry.endReason;
  const facts = { number, destination, durationSeconds, costMicros, currency, endReason };
  return { ...entry, ...facts, ...chargeOf(record), isSettled: true };
}

/** The page went away before the server heard of the call: nothing was held and nothing is charged. */
function neverMade(entry: HistoryEntry): HistoryEntry {
  return { ...entry, costMicros: ZERO_MICROS, endReason: entry.endReason ?? 'failed', isSettled: true };
}
