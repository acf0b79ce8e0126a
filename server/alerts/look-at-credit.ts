/**
 * One look at the credit of an office: what the latch decides is written with the alert and its mail, or not at all. Of several servers
 * that look at the same moment one writes; the others have lost the race and need do nothing.
 */
import type { Alert, NewAlertFacts } from '../../src/protocol/alert.ts';
import type { CreditLatchRow, RowWrite } from '../storage/rows.ts';
import type { AlertRoom } from './alert-room.ts';
import {
  type CreditDecision,
  type CreditLatch,
  type CreditNow,
  creditLatchSchema,
  decideCredit,
} from './credit-latch.ts';
import type { OfficeCredit } from './office-credits.ts';
import { overWrites } from './open-alert.ts';
import { alertIdOf, alertWrites } from './write-alert.ts';

export interface CreditLook {
  readonly credit: OfficeCredit;
  /** A call was refused just now because credit was short. */
  readonly wasRefused: boolean;
}

/** What was told; null: nothing. */
export async function lookAtCredit(
  room: AlertRoom,
  { credit, wasRefused }: CreditLook,
): Promise<Alert['facts']['kind'] | null> {
  const now = creditNow(room, { credit, wasRefused });
  const known = credit.latch === null ? null : creditLatchSchema.parse(JSON.parse(credit.latch));
  const decision = decideCredit(known, now);
  const writes = await writesOf(room, { credit, known, decision, now });
  if (writes.length === 0) return null;
  const { applied } = await room.store.writeRows(writes);
  return applied ? decision.tell : null;
}

function creditNow(room: AlertRoom, { credit, wasRefused }: CreditLook): CreditNow {
  const { balanceMicros, heldMicros, isRechargeOn, rechargePause, trialEndsAtMs } = credit;
  const { lowMicros, criticalMicros, callFloorMicros: floorMicros } = room.policy.of(credit).credit;
  const availableMicros = balanceMicros - heldMicros;
  const atMs = room.clock.nowMs();
  const isShort = (amountMicros: number) => amountMicros <= 0 || amountMicros < floorMicros;
  return {
    availableMicros,
    // What running calls hold comes back in part: until it does, or somebody is refused for it, nothing is used up.
    isUsedUp: isShort(balanceMicros) || (wasRefused && isShort(availableMicros)),
    lowMicros,
    criticalMicros,
    floorMicros,
    isRecharging: isRechargeOn === true && rechargePause === null && (trialEndsAtMs === null || trialEndsAtMs <= atMs),
    atMs,
  };
}

interface Decided {
  readonly credit: OfficeCredit;
  readonly known: CreditLatch | null;
  readonly decision: CreditDecision;
  readonly now: CreditNow;
}

async function writesOf(room: AlertRoom, { credit, known, decision, now }: Decided): Promise<readonly RowWrite[]> {
  const { accountId, officeId, latchVersion } = credit;
  const { tell, isOver, dueAtMs } = decision;
  const version = (latchVersion ?? 0) + 1;
  const alert = tell && {
    accountId,
    officeId,
    // By the latch's own version: one crossing, one alert.
    subject: `${officeId}:${String(version).padStart(VERSION_DIGITS, '0')}`,
    facts: factsOf(tell, { credit, known, now }),
    atMs: now.atMs,
  };
  const shown = alert ? { kind: alert.facts.kind, alertId: alertIdOf(alert) } : isOver ? null : decision.latch.shown;
  const latch = JSON.stringify({ ...decision.latch, shown } satisfies CreditLatch);
  if (latch === credit.latch && dueAtMs === credit.latchDueAtMs) return [];
  const row: CreditLatchRow = { accountId, officeId, latch, dueAtMs, version };
  const before = decision.latch.shown;
  return [
    latchVersion === null
      ? { table: 'credit_latch', mode: 'insert', row }
      : { table: 'credit_latch', mode: 'next_version', row },
    ...(isOver && before ? await overWrites(room.store, { accountId, alertId: before.alertId, atMs: now.atMs }) : []),
    ...(alert ? alertWrites(alert) : []),
  ];
}

const VERSION_DIGITS = 9;

function factsOf(
  kind: NonNullable<CreditDecision['tell']>,
  { credit, known, now }: Pick<Decided, 'credit' | 'known' | 'now'>,
): NewAlertFacts {
  const { currency } = credit;
  const { availableMicros, lowMicros, criticalMicros, floorMicros } = now;
  switch (kind) {
    case 'low':
      return { kind, availableMicros, levelMicros: lowMicros, currency };
    case 'critical':
      return { kind, availableMicros, levelMicros: criticalMicros, currency };
    case 'empty':
      return { kind, availableMicros, levelMicros: floorMicros, currency };
    case 'back':
      return { kind, availableMicros, currency, emptySinceMs: known?.emptySinceMs ?? now.atMs };
  }
}
