/**
 * What is paid by invoice (C-21) becomes lines of the month's invoice, a moment after it was used:
 *
 *   charge settled, due ──► charge done + line of the month (insert, or grown) + open amount of the account, all or none
 *
 * A line is one kind at one price. Its paper is made when the month is over, as of credit on account (server/invoices). A charge that is
 * found after its month's paper was made (a server was away) gets a line of its own on a further paper of that month. Nothing is counted by
 * dates alone: each charge names its line, and is on none before or on that one for ever.
 */
import type { Office } from '../accounts/office-directory.ts';
import { agreedRate } from '../calls/agreed-rate.ts';
import { grownTaskWrite, invoiceTaskWrite } from '../invoices/invoice-task.ts';
import { openedTermsWrite, readTerms } from '../payments/billing-terms.ts';
import { invoicedMonth, nextInvoiceDateMs } from '../payments/invoice-date.ts';
import type { InvoiceTaskRow, RowWrite, ServiceChargeRow } from '../storage/rows.ts';
import type { MeteringRoom } from './metering-room.ts';
import { nextVersion } from './service-row.ts';

/** One account after the other: what is open is counted in one row of each. */
export async function invoiceServices(room: MeteringRoom, settled: readonly ServiceChargeRow[]): Promise<void> {
  for (const [accountId, charges] of Map.groupBy(settled, (charge) => charge.accountId)) {
    await invoiceAccount(room, charges).catch((cause: unknown) => {
      // One account must not keep the others waiting; its charges are due again in the next round.
      room.log('services could not be written to an invoice', { accountId, cause: String(cause) });
    });
  }
}

/** Whoever was quicker has done it, or the next round does: nothing of it is written unless all of it is. */
async function invoiceAccount(room: MeteringRoom, charges: readonly ServiceChargeRow[]): Promise<void> {
  const [first] = charges;
  if (first === undefined) return;
  const lines = [...Map.groupBy(charges, ({ officeId }) => officeId).values()];
  const writes = (await Promise.all(lines.map((ofOffice) => officeWrites(room, ofOffice)))).flat();
  const amountMicros = sumOf(charges);
  const terms = await readTerms(room.store, first);
  await room.store.writeRows([...writes, openedTermsWrite(terms, { accountId: first.accountId, amountMicros })]);
}

async function officeWrites(room: MeteringRoom, charges: readonly ServiceChargeRow[]): Promise<readonly RowWrite[]> {
  const [first] = charges;
  const office = first && (await room.offices.find(first));
  if (!office) throw new Error(`There is no office ${first?.officeId}`);
  const lines = [...Map.groupBy(charges, (charge) => lineIdOf(charge, office)).entries()];
  return (
    await Promise.all(lines.map(([lineId, ofLine]) => lineWrites(room, { lineId, charges: ofLine, office })))
  ).flat();
}

interface Line {
  readonly lineId: string;
  readonly charges: readonly ServiceChargeRow[];
  readonly office: Office;
}

async function lineWrites(room: MeteringRoom, line: Line): Promise<readonly RowWrite[]> {
  const { taskId, task } = await openLine(room, line);
  return [
    ...line.charges.map(
      (charge) =>
        ({
          table: 'service_charge',
          mode: 'next_version',
          row: nextVersion(charge, { dueAtMs: null, invoiceTaskId: taskId }),
        }) as const,
    ),
    task ? grownTaskWrite(task, usedOf(line.charges)) : newLine(line, taskId),
  ];
}

/** Papers of one line and month; each further one means that a server was away for as long as it takes to make one. */
const MAX_PAPERS = 100;

/** The line that may still grow; a new one where the last one is on paper. */
async function openLine(
  room: MeteringRoom,
  { lineId, office }: Line,
): Promise<{ readonly taskId: string; readonly task: InvoiceTaskRow | null }> {
  for (let paper = 1; paper <= MAX_PAPERS; paper += 1) {
    const taskId = paper === 1 ? lineId : `${lineId}:${paper}`;
    const task = await room.store.db
      .selectFrom('invoice_task')
      .selectAll()
      .where('accountId', '=', office.office.accountId)
      .where('taskId', '=', taskId)
      .executeTakeFirst();
    if (task === undefined || task.dueAtMs !== null) return { taskId, task: task ?? null };
  }
  throw new Error(`The line ${lineId} is on ${MAX_PAPERS} papers`);
}

function newLine({ charges, office }: Line, taskId: string): RowWrite {
  const [first] = charges;
  if (first === undefined) throw new Error(`The line ${taskId} has no charges`);
  const { accountId, officeId, walletId, currency, kind, unit } = first;
  const { amountMicros, units, atMs } = usedOf(charges);
  const { timeZone } = office.account;
  const month = invoicedMonth(atMs, timeZone);
  return invoiceTaskWrite({
    accountId,
    officeId,
    walletId,
    taskId,
    kind: 'service',
    amountMicros,
    currency,
    reference: taskId,
    service: { kind, unit, units, unitPriceMicros: unitPriceOf(first), month },
    atMs,
    dueAtMs: nextInvoiceDateMs(atMs, timeZone),
  });
}

/** One month, one kind, one price: "services:berlin:2026-01:sms:segment:7900". */
function lineIdOf(charge: ServiceChargeRow, { account }: Office): string {
  const { officeId, kind, unit } = charge;
  const month = invoicedMonth(endOf(charge), account.timeZone);
  return `services:${officeId}:${month}:${kind}:${unit}:${unitPriceOf(charge) ?? 'rates'}`;
}

/** Null where the units of this charge did not cost so much each: by a fee, steps, longer intervals, or rounding. */
function unitPriceOf(charge: ServiceChargeRow): number | null {
  const { units, costMicros } = charge;
  const [step, ...others] = agreedRate(charge).steps;
  const isPlain = step !== undefined && others.length === 0 && step.intervalSeconds === 1;
  return isPlain && step.priceMicros * units === costMicros ? step.priceMicros : null;
}

function usedOf(charges: readonly ServiceChargeRow[]) {
  return {
    amountMicros: sumOf(charges),
    units: charges.reduce((sum, { units }) => sum + units, 0),
    atMs: Math.max(...charges.map(endOf)),
  };
}

function sumOf(charges: readonly ServiceChargeRow[]): number {
  return charges.reduce((sum, { costMicros }) => sum + costMicros, 0);
}

function endOf({ endedAtMs, createdAtMs }: ServiceChargeRow): number {
  return endedAtMs ?? createdAtMs;
}
