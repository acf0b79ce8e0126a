/**
 * Gives papers their numbers: 1, 2, 3 ... in each account, without gaps. A number is the primary key of its row, so of two servers that
 * take the same one at the same moment the database lets one through, and the other one looks again.
 *
 *   tasks that are due ──► invoice (insert, number = last + 1) + tasks (done) + mail (insert), all or none
 *
 * What an office had on account and used by invoice within a month comes together, once all that was used in it is counted.
 */

import { mailWrite } from '../mail/outbox.ts';
import type { PolicyInForce } from '../policy/policies.ts';
import type { ServerClock } from '../services.ts';
import type { InvoiceRow, InvoiceTaskRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type InvoiceParts, invoiceContent } from './invoice-content.ts';

export interface InvoiceRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly policy: PolicyInForce;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

const MAX_TASKS = 500;
/** Lines on one invoice; what is left comes on the next one. */
const MAX_LINES = 100;
const MAX_ROUNDS = 50;

export async function issueInvoices(room: InvoiceRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('invoice_task')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .orderBy('dueAtMs')
    .orderBy('taskId')
    .limit(MAX_TASKS)
    .execute();
  for (const tasks of papersOf(due)) {
    await issue(room, tasks).catch((cause: unknown) => {
      // One paper must not keep the others waiting.
      room.log('an invoice could not be made', { accountId: tasks[0]?.accountId, cause: String(cause) });
    });
  }
}

/** What waits for the month's invoice. */
const MONTHLY: readonly string[] = ['on_account', 'service'];

/** Each payment its own paper; what an office owes for the month comes together. */
function papersOf(tasks: readonly InvoiceTaskRow[]): readonly (readonly InvoiceTaskRow[])[] {
  const papers: InvoiceTaskRow[][] = [];
  const open = new Map<string, InvoiceTaskRow[]>();
  for (const task of tasks) {
    const key = JSON.stringify([task.accountId, task.officeId, task.dueAtMs]);
    const isMonthly = MONTHLY.includes(task.kind);
    const known = isMonthly ? open.get(key) : undefined;
    if (known && known.length < MAX_LINES) {
      known.push(task);
      continue;
    }
    const paper = [task];
    papers.push(paper);
    if (isMonthly) open.set(key, paper);
  }
  return papers;
}

async function issue(room: InvoiceRoom, tasks: readonly InvoiceTaskRow[]): Promise<void> {
  const [first] = tasks;
  if (first === undefined || (await isStillCounted(room, first))) return;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const row = invoiceRow(await partsOf(room, { tasks, first }));
    const written = await room.store.writeRows(writesFor(row, tasks));
    // A task that is done already was another server's; a number that is taken is tried again.
    if (written.applied || written.conflict === 'invoice_task') return;
  }
  throw new Error(`No number could be had in ${MAX_ROUNDS} rounds`);
}

/** Services of that month that are on no line yet: after a time without servers, or in the last second of a month. */
async function isStillCounted(room: InvoiceRoom, task: InvoiceTaskRow): Promise<boolean> {
  if (!MONTHLY.includes(task.kind)) return false;
  const waiting = await room.store.db
    .selectFrom('service_charge')
    .select('chargeId')
    .where('accountId', '=', task.accountId)
    .where('officeId', '=', task.officeId)
    .where('dueAtMs', 'is not', null)
    .where('status', '=', 'settled')
    .where('endedAtMs', '<', task.dueAtMs)
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined;
}

async function partsOf(
  room: InvoiceRoom,
  { tasks, first }: { readonly tasks: readonly InvoiceTaskRow[]; readonly first: InvoiceTaskRow },
): Promise<InvoiceParts> {
  const { accountId, officeId } = first;
  const { db } = room.store;
  const account = await db
    .selectFrom('account')
    .selectAll()
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow();
  const office = await db
    .selectFrom('office')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('officeId', '=', officeId)
    .executeTakeFirstOrThrow();
  const terms = await db.selectFrom('billing_terms').selectAll().where('accountId', '=', accountId).executeTakeFirst();
  const last = await db
    .selectFrom('invoice')
    .select('invoiceNumber')
    .where('accountId', '=', accountId)
    .orderBy('invoiceNumber', 'desc')
    .limit(1)
    .executeTakeFirst();
  const invoiceNumber = (last?.invoiceNumber ?? 0) + 1;
  const policy = room.policy.of(account).invoices;
  return { tasks, account, office, terms: terms ?? null, policy, invoiceNumber, nowMs: room.clock.nowMs() };
}

function invoiceRow(parts: InvoiceParts): InvoiceRow {
  const content = invoiceContent(parts);
  return {
    accountId: parts.account.accountId,
    invoiceNumber: parts.invoiceNumber,
    officeId: parts.office.officeId,
    kind: content.kind,
    amountMicros: content.amountMicros,
    taxMicros: content.tax?.amountMicros ?? 0,
    currency: content.currency,
    content: JSON.stringify(content),
    issuedAtMs: parts.nowMs,
  };
}

/** Tasks first: when one of them is done already, nothing else matters. */
function writesFor(row: InvoiceRow, tasks: readonly InvoiceTaskRow[]): readonly RowWrite[] {
  const { accountId, officeId, invoiceNumber, issuedAtMs: atMs } = row;
  return [
    ...tasks.map((task) => {
      const done = { ...task, dueAtMs: null, invoiceNumber, version: task.version + 1 };
      return { table: 'invoice_task', mode: 'next_version', row: done } as const;
    }),
    { table: 'invoice', mode: 'insert', row },
    mailWrite({ accountId, officeId, subject: String(invoiceNumber), facts: { kind: 'paper', invoiceNumber }, atMs }),
  ];
}
