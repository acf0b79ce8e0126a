/**
 * What must be true of rents after any kill, once they have caught up: each month was paid once, none was skipped, no step was made untold.
 */
import { Temporal } from 'temporal-polyfill';
import type { NumberOwnerRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { RENT_MICROS, RICH, ZONE } from './killed-home.ts';
import type { Acknowledged } from './killed-load.ts';

export interface RentWorld {
  readonly nowMs: number;
  readonly acknowledged: Acknowledged;
}

export async function rentFaults({ db }: Pick<Store, 'db'>, world: RentWorld): Promise<readonly string[]> {
  const owners = await db.selectFrom('number_owner').selectAll().execute();
  const mails = await db.selectFrom('mail').select('mailId').execute();
  const payments = await paymentsOf({ db });
  const today = dayAt(world.nowMs);
  const told = new Set(mails.map(({ mailId }) => mailId.split(':').slice(0, 3).join(':')));
  return [
    ...owners.flatMap((row) => monthFaults(row, { paid: payments.get(keyOf(row)) ?? NOTHING, today })),
    ...[...payments].flatMap(([key, paid]) => amountFaults(key, paid)),
    ...owners.flatMap((row) => untold(row, told)),
    ...restoredFaults(payments, world.acknowledged),
    ...releasedFaults(owners, world.acknowledged),
  ];
}

/** Of one purchase of one number. */
interface Payments {
  /** Rent days, in their order, one for each time that rent was taken. */
  readonly days: readonly string[];
  readonly restoreIds: readonly string[];
  readonly amounts: readonly number[];
}

const NOTHING: Payments = { days: [], restoreIds: [], amounts: [] };

function keyOf({ number, purchaseId }: Pick<NumberOwnerRow, 'number' | 'purchaseId'>): string {
  return `${number}:${purchaseId}`;
}

async function paymentsOf({ db }: Pick<Store, 'db'>): Promise<ReadonlyMap<string, Payments>> {
  const entries = await db
    .selectFrom('entry')
    .select(['operationId', 'amountMicros'])
    .where('entryKind', '=', 'number_renewal')
    .where('ledgerAccount', '=', 'wallet')
    .where('amountMicros', '!=', 0)
    .orderBy('sequence')
    .execute();
  const payments = new Map<string, Payments>();
  for (const { operationId, amountMicros } of entries) {
    // "rent:<number>:<purchase>:<day>", or "restore:<number>:<purchase>:<change>".
    const [kind, number = '', purchaseId = '', last = ''] = operationId.split(':');
    const key = `${number}:${purchaseId}`;
    const { days, restoreIds, amounts } = payments.get(key) ?? NOTHING;
    payments.set(key, {
      days: kind === 'rent' ? [...days, last] : days,
      restoreIds: kind === 'restore' ? [...restoreIds, last] : restoreIds,
      amounts: [...amounts, -amountMicros],
    });
  }
  return payments;
}

/**
 * A number that was never brought back is paid month after month from its first rent day to the one that comes next; one that was, for as
 * many months, but not for those on hold.
 */
function monthFaults(
  row: NumberOwnerRow,
  { paid, today }: { readonly paid: Payments; readonly today: string },
): readonly string[] {
  const { number, state, rentDay } = row;
  const wrong: string[] = [];
  if (state === 'active' && rentDay <= today) wrong.push(`${number} is active and not paid since ${rentDay}`);
  if (RICH.some((rich) => rich === row.officeId) && (state === 'late' || state === 'held'))
    wrong.push(`${number} is ${state}, although there was credit all the time`);
  const twice = paid.days.filter((day, index) => paid.days.indexOf(day) !== index);
  wrong.push(...twice.map((day) => `${number} was paid twice for ${day}`));
  wrong.push(
    ...paid.days.filter((day) => day >= rentDay).map((day) => `${number} was paid for ${day} unknown to its row`),
  );
  if (paid.restoreIds.length === 0) {
    const expected = monthsBetween(dayAt(row.purchasedAtMs), rentDay);
    if (String(expected) !== String(paid.days))
      wrong.push(`${number} was paid for [${paid.days}], not for [${expected}]`);
  }
  return wrong;
}

/** Firsts of months: after the day of the purchase, and before the day that is not paid yet. */
function monthsBetween(boughtOn: string, rentDay: string): readonly string[] {
  const first = Temporal.PlainDate.from(boughtOn).with({ day: 1 }).add({ months: 1 });
  const months = first.until(Temporal.PlainDate.from(rentDay), { largestUnit: 'months' }).months;
  return Array.from({ length: Math.max(0, months) }, (_, index) => first.add({ months: index }).toString());
}

function amountFaults(key: string, { amounts }: Payments): readonly string[] {
  return amounts.filter((amount) => amount !== RENT_MICROS).map((amount) => `${key} paid ${amount}`);
}

/** Every step of the ladder has been announced, also when the server died in the middle of it. */
function untold(row: NumberOwnerRow, told: ReadonlySet<string>): readonly string[] {
  const isGivenUp = row.changeId !== null;
  const steps: Readonly<Record<string, readonly string[]>> = {
    late: ['number_late'],
    held: ['number_late', 'number_held'],
    returned: isGivenUp ? [] : ['number_late', 'number_held', 'number_leaving', 'number_gone'],
  };
  return (steps[row.state] ?? [])
    .filter((kind) => !told.has(`${kind}:${keyOf(row)}`))
    .map((kind) => `${row.number} is ${row.state}, and ${kind} was never told`);
}

function restoredFaults(payments: ReadonlyMap<string, Payments>, { restored }: Acknowledged): readonly string[] {
  const ids = [...payments.values()].flatMap(({ restoreIds }) => restoreIds);
  return [...restored.keys()]
    .filter((changeId) => ids.filter((id) => id === changeId).length > 1)
    .map((changeId) => `${changeId} was paid more than once`);
}

/** Somebody else may have it by now; who gave it up has not. */
function releasedFaults(owners: readonly NumberOwnerRow[], { released }: Acknowledged): readonly string[] {
  return [...released].flatMap(([changeId, number]) => {
    const row = owners.find((owner) => owner.number === number);
    if (row === undefined) return [`${number} was released and is unknown`];
    return row.changeId === changeId && row.state !== 'returned' ? [`${number} was released and is ${row.state}`] : [];
  });
}

function dayAt(atMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(ZONE).toPlainDate().toString();
}
