/**
 * Notices when an office spends far more than it usually does (REQUIREMENTS section 4 nos. 6 and 32: toll fraud over a weekend). What is
 * done then is the policy's to say: a mail, or auto-recharge or calling paused as well until an admin has looked. Once a day for each
 * office: whoever resumes knows.
 */

import type { NewAlertFacts } from '../../src/protocol/alert.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { Office, OfficeAddress } from '../accounts/office-directory.ts';
import type { Policy } from '../policy/policy.ts';
import type { RowWrite } from '../storage/rows.ts';
import type { AlertRoom } from './alert-room.ts';
import { alertWritesOnce } from './write-alert.ts';

const DAY_MS = 24 * 3_600 * MILLISECONDS_PER_SECOND;
/** Days that the usual one is the mean of. */
const USUAL_DAYS = 14;
/** With less to compare with, nothing is unusual. */
const LEAST_DAYS = 3;

/** Who paused calling, as the widgets show it. */
const SPEND_PAUSED_BY = 'unusual spending';

export async function lookAtSpend(room: AlertRoom, address: OfficeAddress): Promise<void> {
  const office = await room.offices.find(address);
  if (!office) return;
  const policy = room.policy.of(office.account).alerts;
  if (policy.spendTimesUsual === null) return;
  const nowMs = room.clock.nowMs();
  const spentMicros = await spent(room, { address, fromMs: nowMs - DAY_MS, toMs: nowMs + DAY_MS });
  if (spentMicros < policy.spendLeastMicros) return;
  const usualMicros = await usualDay(room, { address, nowMs });
  if (usualMicros === null || spentMicros <= usualMicros * policy.spendTimesUsual) return;
  const { currency } = office.account;
  const facts = { reason: 'spend', rechargeCount: null, spentMicros, usualMicros, currency } as const;
  await tell(room, {
    office,
    facts: { kind: 'unusual_spend', ...facts, paused: policy.onUnusualSpend },
    policy,
    nowMs,
  });
}

interface Unusual {
  readonly office: Office;
  readonly facts: NewAlertFacts;
  readonly policy: Policy['alerts'];
  readonly nowMs: number;
}

async function tell(room: AlertRoom, { office: { office }, facts, policy, nowMs }: Unusual): Promise<void> {
  const { accountId, officeId } = office;
  const subject = `${officeId}:spend:${new Date(nowMs).toISOString().slice(0, 'YYYY-MM-DD'.length)}`;
  const alert = await alertWritesOnce(room.store, { accountId, officeId, subject, facts, atMs: nowMs });
  if (alert.length === 0) return;
  const isPausing = policy.onUnusualSpend === 'calls' && office.pausedAtMs === null;
  const paused = { ...office, pausedAtMs: nowMs, pausedByName: SPEND_PAUSED_BY };
  const writes: RowWrite[] = [
    ...alert,
    ...(isPausing ? [{ table: 'office', mode: 'upsert', row: paused } as const] : []),
    ...(policy.onUnusualSpend === 'nothing' ? [] : await rechargePause(room, office)),
  ];
  if (!(await room.store.writeRows(writes)).applied || !isPausing) return;
  room.offices.changed({ accountId });
  room.balanceChanged({ accountId, officeId });
}

async function rechargePause(
  room: AlertRoom,
  wallet: { readonly accountId: string; readonly walletId: string },
): Promise<readonly RowWrite[]> {
  const row = await room.store.db
    .selectFrom('auto_recharge')
    .selectAll()
    .where('accountId', '=', wallet.accountId)
    .where('walletId', '=', wallet.walletId)
    .executeTakeFirst();
  if (!row?.isOn || row.pause !== null) return [];
  const paused = { ...row, pause: 'unusual_spend', version: row.version + 1 };
  return [{ table: 'auto_recharge', mode: 'next_version', row: paused }];
}

/** Null while there are too few days to compare with. */
async function usualDay(
  room: AlertRoom,
  { address, nowMs }: { readonly address: OfficeAddress; readonly nowMs: number },
): Promise<number | null> {
  const first = await paidCalls(room, address)
    .select('startedAtMs')
    .where('startedAtMs', '>=', nowMs - (USUAL_DAYS + 1) * DAY_MS)
    .orderBy('startedAtMs')
    .limit(1)
    .executeTakeFirst();
  const days = first ? Math.floor((nowMs - DAY_MS - first.startedAtMs) / DAY_MS) + 1 : 0;
  if (days < LEAST_DAYS) return null;
  const fromMs = nowMs - (USUAL_DAYS + 1) * DAY_MS;
  return Math.ceil((await spent(room, { address, fromMs, toMs: nowMs - DAY_MS })) / Math.min(days, USUAL_DAYS));
}

async function spent(
  room: AlertRoom,
  { address, fromMs, toMs }: { readonly address: OfficeAddress; readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const sum = await paidCalls(room, address)
    .select(({ fn }) => fn.sum<number | string | null>('costMicros').as('micros'))
    .where('startedAtMs', '>=', fromMs)
    .where('startedAtMs', '<', toMs)
    .executeTakeFirst();
  return Number(sum?.micros ?? 0);
}

/** Answered from the index of paid calls alone. */
function paidCalls(room: AlertRoom, { accountId, officeId }: OfficeAddress) {
  return (
    room.store.db
      .selectFrom('call')
      .where('accountId', '=', accountId)
      .where('officeId', '=', officeId)
      // Literally: SQLite does not know from a parameter that its index of paid calls holds all of them.
      .where((is) => is('costMicros', '>', is.lit(0)))
  );
}
