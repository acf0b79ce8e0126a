/**
 * Calls that are in the middle of talking, put into a store as their authorization, admission and answer would have left them, so that
 * a benchmark of what running calls cost does not begin with minutes of beginning them.
 */
import { dueAtOfAnswered, leaseCostMicros } from '../../server/calls/lease.ts';
import { MAX_BATCH, type OperationResult } from '../../server/ledger/operation.ts';
import type { Policy } from '../../server/policy/policy.ts';
import type { CallRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import type { Micros } from '../../src/protocol/money.ts';
import { callRowOf, creditOf, holdOf } from './ledger-operations.ts';
import { AUSTRIA, RATES } from './office-rates.ts';

export interface RunningCalls {
  readonly accountId: string;
  readonly officeIds: readonly string[];
  readonly count: number;
  readonly edgeId: string;
  readonly policy: Policy['calls'];
  /** The first one is due for renewal then, the last one almost a round of renewals later: evenly, as real calls are. */
  readonly firstDueAtMs: number;
}

const CREDIT_MICROS = 1_000_000_000_000;

export async function putRunningCalls(store: Store, calls: RunningCalls): Promise<void> {
  await putOffices(store, calls);
  for (let first = 0; first < calls.count; first += MAX_BATCH) {
    const count = Math.min(MAX_BATCH, calls.count - first);
    const rows = Array.from({ length: count }, (_, index) => runningCall(calls, first + index));
    assertApplied(await store.applyBatch(rows.map(holdOfCall)));
  }
}

async function putOffices(store: Store, { accountId, officeIds }: RunningCalls): Promise<void> {
  const account = { accountId, name: accountId, currency: 'USD', timeZone: 'UTC', profile: 'default' };
  await store.writeRows([
    { table: 'account', mode: 'insert', row: { ...account, isPhoneEnabled: true, supportEmail: 'a@b.test' } },
  ]);
  for (const officeId of officeIds) {
    const office = { accountId, officeId, name: officeId, country: 'US', timeZone: 'UTC', walletId: officeId };
    const row = { ...office, pausedAtMs: null, pausedByName: null };
    await store.writeRows([{ table: 'office', mode: 'insert', row }]);
    await store.openWallet({ accountId, walletId: officeId, currency: 'USD' });
    const operationId = `credit:${officeId}`;
    assertApplied(await store.applyBatch([creditOf(CREDIT_MICROS, { operationId, accountId, walletId: officeId })]));
  }
}

function runningCall(
  { accountId, officeIds, count, edgeId, policy, firstDueAtMs }: RunningCalls,
  index: number,
): CallRow {
  const rate = RATES.find(({ destination }) => destination === 'Austria');
  if (!rate) throw new Error('The rates of tests have lost Austria');
  const roundMs = (policy.leaseSeconds - policy.renewBeforeSeconds) * 1_000;
  const answeredAtMs = Math.round(firstDueAtMs - roundMs + (roundMs * index) / count);
  const officeId = officeIds[index % officeIds.length] ?? '';
  const row = callRowOf({
    accountId,
    callId: `running-call-${index}`,
    officeId,
    walletId: officeId,
    personId: `person-${index}`,
    personName: `Person ${index}`,
    number: AUSTRIA,
    destination: rate.destination,
    kind: rate.kind,
    status: 'answered',
    rate: JSON.stringify(rate),
    startedAtMs: answeredAtMs,
    answeredAtMs,
    leaseSeconds: policy.leaseSeconds,
    heldMicros: leaseCostMicros(rate, { atMs: answeredAtMs, seconds: policy.leaseSeconds }),
    edgeId,
    sipCallId: `sip-${index}`,
  });
  return { ...row, dueAtMs: dueAtOfAnswered(row, policy) };
}

function holdOfCall(row: CallRow) {
  return holdOf(row.heldMicros as Micros, {
    operationId: `hold:${row.callId}`,
    holdId: row.callId,
    accountId: row.accountId,
    walletId: row.walletId,
    alongside: [{ table: 'call', mode: 'insert', row }],
  });
}

function assertApplied(results: readonly OperationResult[]): void {
  const refused = results.find(({ applied }) => !applied);
  if (refused) throw new Error(`Not applied: ${JSON.stringify(refused)}`);
}
