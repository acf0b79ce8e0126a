/** Papers as admins see them: billing those of its office, company those of the account. */
import type { InvoicePage } from '../../src/protocol/invoice.ts';
import { micros } from '../../src/protocol/money.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import type { Identity } from '../services.ts';
import type { InvoiceRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { INVOICE_KINDS, invoiceContentSchema, invoiceName, numberInName } from './invoice-content.ts';
import { invoicePdf } from './invoice-pdf.ts';

const PAGE_SIZE = 50;

export async function listInvoices(
  store: Pick<Store, 'db'>,
  { identity, cursor }: { readonly identity: Identity; readonly cursor: string | null },
): Promise<OfficeOutcome<InvoicePage>> {
  let query = visibleTo(store, identity).selectAll();
  const before = cursor !== null && /^\d{1,9}$/.test(cursor) ? Number(cursor) : null;
  if (before !== null) query = query.where('invoiceNumber', '<', before);
  const rows = await query
    .orderBy('invoiceNumber', 'desc')
    .limit(PAGE_SIZE + 1)
    .execute();
  const page = rows.slice(0, PAGE_SIZE);
  const last = rows.length > PAGE_SIZE ? page.at(-1) : undefined;
  const paid = await paidNumbers(store, { accountId: identity.accountId, page });
  const invoices = page.map((row) => invoiceOf(row, paid));
  return { ok: true, value: { invoices, nextCursor: last ? String(last.invoiceNumber) : null } };
}

/** By the name that is printed on it. Null when this person has no such paper. */
export async function invoiceFile(
  store: Pick<Store, 'db'>,
  { identity, name }: { readonly identity: Identity; readonly name: string },
): Promise<Buffer | null> {
  const invoiceNumber = numberInName(identity.accountId, name);
  if (invoiceNumber === null) return null;
  const row = await visibleTo(store, identity)
    .select('content')
    .where('invoiceNumber', '=', invoiceNumber)
    .executeTakeFirst();
  return row ? await invoicePdf(invoiceContentSchema.parse(JSON.parse(row.content))) : null;
}

function visibleTo({ db }: Pick<Store, 'db'>, { accountId, officeId, role }: Identity) {
  const ofAccount = db.selectFrom('invoice').where('accountId', '=', accountId);
  return role === 'company' ? ofAccount : ofAccount.where('officeId', '=', officeId);
}

/** What the operator has noted (billing paid). */
export async function paidNumbers(
  { db }: Pick<Store, 'db'>,
  { accountId, page }: { readonly accountId: string; readonly page: readonly InvoiceRow[] },
): Promise<ReadonlySet<number>> {
  const invoices = page.filter(({ kind }) => kind === 'invoice');
  if (invoices.length === 0) return new Set();
  const notes = await db
    .selectFrom('invoice_task')
    .select('invoiceNumber')
    .where('accountId', '=', accountId)
    .where('taskId', 'in', invoices.map(paidTaskId))
    .execute();
  return new Set(notes.flatMap(({ invoiceNumber }) => invoiceNumber ?? []));
}

/** The note that an invoice was paid: once, however often it is said. */
export function paidTaskId({ invoiceNumber }: Pick<InvoiceRow, 'invoiceNumber'>): string {
  return `paid:${invoiceNumber}`;
}

function invoiceOf(row: InvoiceRow, paid: ReadonlySet<number>): InvoicePage['invoices'][number] {
  const kind = INVOICE_KINDS.find((known) => known === row.kind);
  if (kind === undefined) throw new Error(`The store holds a paper of kind "${row.kind}"`);
  const { officeId, currency, issuedAtMs } = row;
  const { lines } = invoiceContentSchema.parse(JSON.parse(row.content));
  return {
    name: invoiceName(row),
    kind,
    officeId,
    amountMicros: micros(row.amountMicros),
    taxMicros: micros(row.taxMicros),
    currency,
    issuedAtMs,
    ...(kind === 'invoice' && { isOpen: !paid.has(row.invoiceNumber) }),
    reference: lines.length === 1 ? (lines[0]?.reference ?? null) : null,
  };
}
