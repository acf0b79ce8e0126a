/**
 * Looks at the calls that are due: renews leases, reaps calls that nobody reports any more, gives back holds of calls that were never
 * made. What is due stands in the store, so any server can do it, and a server that starts goes on where another stopped. Servers share
 * the calls by their slots (call-slots.ts); where two find the same call, each step is guarded by the row's version, so one of them does
 * it.
 */
import { readWallet, type WalletAddress } from '../accounts/wallet.ts';
import type { After } from '../services.ts';
import type { CallRow } from '../storage/rows.ts';
import type { CallRoom } from './call-room.ts';
import { CALL_SLOTS } from './call-slots.ts';
import { callsOfSlots } from './calls-of-slots.ts';
import { isGone } from './gone-at-edge.ts';
import { InheritedCalls } from './inherited-calls.ts';
import { canGrow, leaseEndMs } from './lease.ts';
import { reapCall } from './reap-call.ts';
import { isRenewable } from './renew-call.ts';
import { isUntold, tellLeaseAgain } from './tell-lease.ts';
import { UnsureRenewals } from './unsure-renewals.ts';

export interface CallScheduler {
  start(): void;
  stop(): Promise<void>;
  tick(): Promise<void>;
  /** Credit was added or came back: final leases of this wallet grow at once, whosever slots they are in. */
  creditArrived(wallet: WalletAddress): void;
  /** Another process added credit and renews nothing itself: those of this server's slots grow at once. */
  creditHeard(wallet: WalletAddress): void;
}

/** Of which slots this server looks after the calls now. */
export type OwnSlots = () => readonly number[];

const ALL_SLOTS: readonly number[] = Array.from({ length: CALL_SLOTS }, (_, slot) => slot);

/** Between two rounds. */
const POLL_MS = 250;
/** After a round that had much to do: what comes due in a quarter of a second would wait for one another. */
const BUSY_POLL_MS = 20;
/** Calls of a round that had much to do. */
const BUSY_ROUND_CALLS = 8;
/** Calls looked at together; more wait for the next query of the same round. */
const BATCH_SIZE = 500;
/** Looked at at the same time: what is begun together shares commits, and makes whoever comes next wait. */
const BEGUN_TOGETHER = 64;
/** The next ones are begun then, whatever became of those before: an edge that does not answer must not keep others waiting. */
const PATIENCE_MS = 10;
/** Final leases are compared with their wallets so often: credit may be added by another process. */
const FINAL_LEASES_MS = 1_000;

export function createCallScheduler(
  room: CallRoom,
  world: { readonly after: After; readonly slots?: OwnSlots | undefined },
): CallScheduler {
  return new PollingScheduler(room, { after: world.after, slots: world.slots ?? (() => ALL_SLOTS) });
}

class PollingScheduler implements CallScheduler {
  readonly #room: CallRoom;
  readonly #after: After;
  readonly #slots: OwnSlots;
  readonly #unsure: UnsureRenewals;
  readonly #inherited: InheritedCalls;
  #cancel: (() => void) | null = null;
  #isRunning = false;
  #isBusy = false;
  #round: Promise<void> = Promise.resolve();
  #finalLeasesAtMs = Number.NEGATIVE_INFINITY;

  constructor(room: CallRoom, { after, slots }: { readonly after: After; readonly slots: OwnSlots }) {
    this.#room = room;
    this.#after = after;
    this.#slots = slots;
    this.#unsure = new UnsureRenewals(room);
    this.#inherited = new InheritedCalls(room);
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#poll();
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#cancel?.();
    await this.#round.catch(() => undefined);
  }

  tick(): Promise<void> {
    this.#round = this.#work();
    return this.#round;
  }

  creditArrived(wallet: WalletAddress): void {
    this.#alsoDo(renewFinalLeases(this.#room, { wallet, slots: ALL_SLOTS, unsure: this.#unsure }));
  }

  creditHeard(wallet: WalletAddress): void {
    this.#alsoDo(renewFinalLeases(this.#room, { wallet, slots: this.#slots(), unsure: this.#unsure }));
  }

  #alsoDo(work: Promise<void>): void {
    this.#round = Promise.all([this.#round, work]).then(() => undefined);
    this.#round.catch((cause: unknown) => this.#failed(cause));
  }

  #poll(): void {
    this.tick()
      .catch((cause: unknown) => this.#failed(cause))
      .finally(() => {
        if (this.#isRunning) this.#cancel = this.#after(this.#isBusy ? BUSY_POLL_MS : POLL_MS, () => this.#poll());
      });
  }

  async #work(): Promise<void> {
    this.#isBusy = false;
    const nowMs = this.#room.clock.nowMs();
    const slots = this.#slots();
    await this.#inherited.take(slots);
    if (slots.length === 0) return;
    const round = { nowMs, slots, unsure: this.#unsure };
    this.#isBusy = (await lookAtDueCalls(this.#room, round)) >= BUSY_ROUND_CALLS;
    await this.#unsure.tell();
    if (Math.abs(nowMs - this.#finalLeasesAtMs) < FINAL_LEASES_MS) return;
    this.#finalLeasesAtMs = nowMs;
    await renewFinalLeases(this.#room, { wallet: null, slots, unsure: this.#unsure });
  }

  /** The next round looks at the same calls again: nothing is lost but time. */
  #failed(cause: unknown): void {
    this.#room.log('a round of the call scheduler failed', { cause });
  }
}

interface Round {
  readonly nowMs: number;
  readonly slots: readonly number[];
  readonly unsure: UnsureRenewals;
}

/** How many were looked at without a failure. */
async function lookAtDueCalls(room: CallRoom, round: Round): Promise<number> {
  const seen = new Set<string>();
  let count = 0;
  for (;;) {
    const due = (await dueCalls(room, round)).filter((row) => !seen.has(row.callId));
    if (due.length === 0) return count;
    for (const row of due) seen.add(row.callId);
    count += await eachByItself(room, due, (row) => lookAt(room, { row, round }));
  }
}

async function dueCalls(room: CallRoom, { nowMs, slots }: Round): Promise<readonly CallRow[]> {
  return await callsOfSlots(room.store, slots)
    .where('call.dueAtMs', '<=', nowMs)
    .orderBy('call.dueAtMs')
    .limit(BATCH_SIZE)
    .execute();
}

async function lookAt(
  room: CallRoom,
  { row, round: { nowMs, unsure } }: { readonly row: CallRow; readonly round: Round },
): Promise<void> {
  const policy = room.policy.ofServer().calls;
  const isPaidFor = row.status === 'answered' && !isGone(row) && nowMs < leaseEndMs(row);
  if (isPaidFor && isUntold(row, policy)) await tellLeaseAgain(room, row);
  else if (isPaidFor && canGrow(row, policy)) await unsure.renew(row);
  else await reapCall(room, row);
}

/** Final leases of one wallet, or of all of them. */
async function renewFinalLeases(
  room: CallRoom,
  { wallet, slots, unsure }: Omit<Round, 'nowMs'> & { readonly wallet: WalletAddress | null },
): Promise<void> {
  if (slots.length === 0) return;
  let query = callsOfSlots(room.store, slots)
    .innerJoin('wallet', (join) =>
      join.onRef('wallet.accountId', '=', 'call.accountId').onRef('wallet.walletId', '=', 'call.walletId'),
    )
    .where('call.status', '=', 'answered')
    // Literally: SQLite does not know from a parameter that its index of final leases holds all of them.
    .where((is) => is('call.isLeaseFinal', '=', is.lit(true)))
    .whereRef('wallet.balanceMicros', '>', 'wallet.heldMicros');
  if (wallet) query = query.where('call.accountId', '=', wallet.accountId).where('call.walletId', '=', wallet.walletId);
  const finals = await query.limit(BATCH_SIZE).execute();
  await eachByItself(room, finals, async (row) => {
    const now = { wallet: await readWallet(room.store, row), policy: room.policy.ofServer() };
    if (isRenewable(row, now)) await unsure.renew(row);
  });
}

/** One call that fails must not keep the others waiting; it is due again in the next round. How many did not fail. */
async function eachByItself(
  room: CallRoom,
  rows: readonly CallRow[],
  work: (row: CallRow) => Promise<unknown>,
): Promise<number> {
  const begun: Promise<unknown>[] = [];
  for (const [index, row] of rows.entries()) {
    if (index > 0 && index % BEGUN_TOGETHER === 0) await doneOrLate(begun.slice(-BEGUN_TOGETHER));
    begun.push(work(row));
  }
  const results = await Promise.allSettled(begun);
  results.forEach((result, index) => {
    if (result.status === 'rejected') {
      room.log('a due call could not be looked at', { callId: rows[index]?.callId, cause: result.reason });
    }
  });
  return results.filter(({ status }) => status === 'fulfilled').length;
}

async function doneOrLate(begun: readonly Promise<unknown>[]): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, PATIENCE_MS);
  await Promise.race([Promise.allSettled(begun), late.promise]);
  clearTimeout(timer);
}
