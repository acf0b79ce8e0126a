/** The office's credit: shown, added to (play credit), paused. */
import type { Balance } from '../../src/protocol/account.ts';
import type { Micros } from '../../src/protocol/money.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { Identity } from '../services.ts';
import type { AccountRoom } from './account-room.ts';
import { answersWithCredit } from './answer-with-credit.ts';
import { hasOpenDispute, pausedByBank } from './open-dispute.ts';
import { showBalanceTo, visibleBalance } from './visible-balance.ts';

export async function showBalance(room: AccountRoom, identity: Identity): Promise<Outcome<Balance>> {
  const balance = await room.balance.read(identity);
  if (!balance) return refused(refusal('office_forbidden'));
  return granted(visibleBalance(balance, showBalanceTo(identity, room.policy.ofServer())));
}

/** Demo only. The ledger entry is as real as any; its source account says that no money came from outside. */
export async function addPlayCredit(
  room: AccountRoom,
  credit: { readonly identity: Identity; readonly creditId: string; readonly amountMicros: Micros },
): Promise<Outcome<Balance>> {
  const { identity, creditId, amountMicros } = credit;
  if (!room.isDemo) return refused(refusal('not_found'));
  const found = await room.offices.find(identity);
  if (!found) return refused(refusal('office_forbidden'));
  const { accountId, walletId } = found.office;
  await room.store.openWallet({ accountId, walletId, currency: found.account.currency });
  const wallet = { accountId, walletId };
  const answers = await answersWithCredit(room.store, { wallet, adminName: identity.name, addedMicros: amountMicros });
  const result = await room.ledger.submit({
    kind: 'credit',
    operationId: `play:${creditId}`,
    accountId,
    walletId,
    atMs: room.clock.nowMs(),
    amountMicros,
    sourceAccount: 'play_credit',
    entryKind: 'play_credit',
    reference: creditId,
    alongside: answers.writes,
  });
  if (!result.applied) return refused(refusal('id_reused'));
  if (!result.isRepeat) answers.tell(room.publisher);
  room.notices.walletChanged(identity);
  room.creditArrived(wallet);
  return await showBalance(room, identity);
}

/** Stops or allows new paid calls of the office. Running calls go on. Nobody allows them while a payment is disputed at the bank. */
export async function setPause(
  room: AccountRoom,
  { identity, isPaused }: { readonly identity: Identity; readonly isPaused: boolean },
): Promise<Outcome<Balance>> {
  room.offices.forget(identity);
  const found = await room.offices.find(identity);
  if (!found) return refused(refusal('office_forbidden'));
  const { office } = found;
  const wasPaused = office.pausedAtMs !== null;
  if (wasPaused && !isPaused && (await hasOpenDispute(room, office))) return refused(disputed(office.pausedAtMs));
  if (wasPaused !== isPaused) {
    const pause = isPaused
      ? { pausedAtMs: room.clock.nowMs(), pausedByName: identity.name }
      : { pausedAtMs: null, pausedByName: null };
    await room.store.writeRows([{ table: 'office', mode: 'upsert', row: { ...office, ...pause } }]);
    // A dispute that was opened meanwhile may have found the pause still there, and set none of its own.
    const isDisputed = !isPaused && (await hasOpenDispute(room, office));
    const row = pausedByBank(office, room.clock.nowMs());
    if (isDisputed) await room.store.writeRows([{ table: 'office', mode: 'upsert', row }]);
    room.offices.changed(identity);
    room.notices.walletChanged(identity);
    if (isDisputed) return refused(disputed(row.pausedAtMs));
  }
  return await showBalance(room, identity);
}

function disputed(sinceMs: number | null) {
  return refusal('calling_disputed', sinceMs === null ? {} : { sinceMs });
}
