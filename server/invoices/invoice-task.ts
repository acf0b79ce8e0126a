/**
 * What moves money leaves a task here, in the same transaction, so that the sum of all papers is the sum of all that was paid. The
 * number comes afterwards: it is the one thing that two servers could quarrel about, and no payment should wait for that.
 */
import * as z from 'zod/mini';
import { type Card, cardSchema } from '../../src/protocol/payment.ts';
import type { InvoiceTaskRow, RowWrite } from '../storage/rows.ts';

/** What was paid, or went back, and is printed as a line. */
const INVOICE_TASK_KINDS = [
  'top_up',
  'auto_recharge',
  /** Credit now, paid by the invoice (D-15). */
  'on_account',
  /** Used now, paid by the invoice (C-21). */
  'service',
  /** Wire transfer, cheque and the like (F-25). */
  'operator_credit',
  'refund',
  'dispute',
  /** A refund that failed, or a dispute that was won. */
  'returned',
] as const;
export type InvoiceTaskKind = (typeof INVOICE_TASK_KINDS)[number];

/** What was used of a service, as one line of an invoice. */
const invoicedServiceSchema = z.object({
  kind: z.string(),
  unit: z.string(),
  units: z.int(),
  /** Null where it was not the same for all of them: the sum is that of the charges, each priced by itself. */
  unitPriceMicros: z.nullable(z.int()),
  /** "2026-01". */
  month: z.string(),
});
export type InvoicedService = z.output<typeof invoicedServiceSchema>;

export const invoiceFactsSchema = z.object({
  /** The payment that it is about, for whoever compares papers with payments. */
  reference: z.string(),
  card: z.nullable(cardSchema),
  byName: z.nullable(z.string()),
  /** What was available when an auto-recharge began. */
  availableMicros: z.nullable(z.int()),
  note: z.nullable(z.string()),
  service: z.optional(invoicedServiceSchema),
});
export type InvoiceFacts = z.output<typeof invoiceFactsSchema>;

export interface NewInvoiceTask {
  readonly accountId: string;
  readonly officeId: string;
  readonly walletId: string;
  /** Unique in the account: what moved the money. */
  readonly taskId: string;
  readonly kind: InvoiceTaskKind;
  /** Negative when it went back to the customer. */
  readonly amountMicros: number;
  readonly currency: string;
  readonly reference: string;
  readonly card?: Card | null;
  readonly byName?: string | null;
  readonly availableMicros?: number | null;
  readonly note?: string | null;
  readonly service?: InvoicedService;
  readonly atMs: number;
  /** The next invoice date; at once when left out. */
  readonly dueAtMs?: number;
}

export function invoiceTaskWrite(task: NewInvoiceTask): RowWrite {
  const { accountId, officeId, walletId, taskId, kind, amountMicros, currency, atMs } = task;
  const facts: InvoiceFacts = {
    reference: task.reference,
    card: task.card ?? null,
    byName: task.byName ?? null,
    availableMicros: task.availableMicros ?? null,
    note: task.note ?? null,
    ...(task.service && { service: task.service }),
  };
  const row: InvoiceTaskRow = {
    accountId,
    taskId,
    officeId,
    walletId,
    kind,
    amountMicros,
    currency,
    facts: JSON.stringify(facts),
    atMs,
    dueAtMs: task.dueAtMs ?? atMs,
    invoiceNumber: null,
    version: 1,
  };
  return { table: 'invoice_task', mode: 'insert', row };
}

/** More of the same service, on a line that is on no paper yet. */
export function grownTaskWrite(
  row: InvoiceTaskRow,
  more: { readonly amountMicros: number; readonly units: number; readonly atMs: number },
): RowWrite {
  const facts = invoiceFactsSchema.parse(JSON.parse(row.facts));
  if (facts.service === undefined) throw new Error(`The task ${row.taskId} is about no service`);
  const service = { ...facts.service, units: facts.service.units + more.units };
  const grown: InvoiceTaskRow = {
    ...row,
    amountMicros: row.amountMicros + more.amountMicros,
    facts: JSON.stringify({ ...facts, service }),
    atMs: Math.max(row.atMs, more.atMs),
    version: row.version + 1,
  };
  return { table: 'invoice_task', mode: 'next_version', row: grown };
}
