/** payments: look at them, send money back, and let the sweep run now. */
import type { Command } from 'commander';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { orderRefund } from '../payments/order-refund.ts';
import { ON_ACCOUNT } from '../payments/pay-on-account.ts';
import { openReports, sweepNow } from '../payments/sweep-now.ts';
import type { PaymentRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { type OperatorContext, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { withPaymentRoom } from './operator-payments.ts';
import { amountOption, idOption } from './option-values.ts';

export function addPaymentCommands(program: Command, context: OperatorContext): void {
  const payments = program.command('payments').description('payments by card: credit that offices bought');
  payments
    .command('list')
    .description('the payments of an account, newest last')
    .requiredOption('--account <id>', 'account id')
    .option('--unexplained', 'only what the provider tells of and nobody here can explain')
    .option('--rows <number>', 'how many payments', '50')
    .action((options: ListOptions) => listPayments(context, options));
  payments
    .command('refund')
    .description('send money back to the card and take the credit; the same --id again sends nothing')
    .requiredOption('--payment <id>', 'payment id, from "payments list"')
    .option('--account <id>', 'account id, when several accounts have such a payment')
    .requiredOption('--amount <decimal>', 'for instance 25 or 12.50, in the currency of the account')
    .requiredOption('--note <text>', 'why')
    .requiredOption('--id <id>', 'your own id of this refund')
    .action((options: RefundOptions) => refund(context, options));
  payments
    .command('sweep')
    .description('ask the payment provider now about every payment that is open, and fetch reports that were lost')
    .action(() => sweep(context));
}

interface ListOptions {
  readonly account: string;
  readonly unexplained?: boolean;
  readonly rows: string;
}

interface RefundOptions {
  readonly payment: string;
  readonly account?: string;
  readonly amount: string;
  readonly note: string;
  readonly id: string;
}

const MAX_ROWS = 10_000;
/** It goes into one text of the ledger with the payment's id and the amount. */
const MAX_NOTE_LENGTH = 100;
const MISMATCH = 'mismatch';

async function listPayments(context: OperatorContext, options: ListOptions): Promise<void> {
  const accountId = idOption('--account', options.account);
  const rows = /^\d{1,5}$/.test(options.rows) ? Number(options.rows) : 0;
  if (rows < 1 || rows > MAX_ROWS) {
    throw new OperatorError(`--rows is "${options.rows}"; expected a whole number from 1 to ${MAX_ROWS}.`);
  }
  await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    const isUnexplained = options.unexplained === true;
    const found = await newestPayments(store, { accountId, rows, isUnexplained });
    for (const row of found) context.print(lineOf(row));
    if (isUnexplained) await printOpenReports(context, store);
    context.print(`${found.length} payments`);
  });
}

async function newestPayments(
  store: Store,
  wanted: { readonly accountId: string; readonly rows: number; readonly isUnexplained: boolean },
): Promise<readonly PaymentRow[]> {
  const query = store.db
    .selectFrom('payment')
    .selectAll()
    .where('accountId', '=', wanted.accountId)
    .where('kind', '!=', 'card_setup');
  const explained = wanted.isUnexplained ? query.where('failureKind', '=', MISMATCH) : query;
  const newest = await explained
    .orderBy('createdAtMs', 'desc')
    .orderBy('paymentId', 'desc')
    .limit(wanted.rows)
    .execute();
  return newest.reverse();
}

function lineOf(row: PaymentRow): string {
  const amount = `${decimalFromMicros(micros(row.amountMicros))} ${row.currency}`;
  const marks = [
    row.failureKind === null ? row.status : `${row.status} (${row.failureKind})`,
    ...(row.returnedMicros === 0 ? [] : [`${decimalFromMicros(micros(row.returnedMicros))} went back`]),
    ...(row.isDisputed ? ['disputed'] : []),
  ];
  const { paymentId, officeId, kind, provider, providerRef } = row;
  const reference = `${provider}:${providerRef ?? 'never sent'}`;
  return [timeOf(row.createdAtMs), officeId, paymentId, kind, amount, marks.join(', '), reference].join('\t');
}

/** They name no account: nobody here knows whose they are. */
async function printOpenReports(context: OperatorContext, store: Store): Promise<void> {
  for (const { receivedAtMs, type, provider, ref, problem, attempts } of await openReports({ store })) {
    const tries = `${attempts} tries`;
    context.print([timeOf(receivedAtMs), type, `${provider}:${ref}`, problem ?? 'not worked on yet', tries].join('\t'));
  }
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

async function refund(context: OperatorContext, options: RefundOptions): Promise<void> {
  const amountMicros = amountOption('--amount', options.amount);
  const refundId = idOption('--id', options.id);
  const { note } = options;
  if (note.length === 0 || note.length > MAX_NOTE_LENGTH) {
    throw new OperatorError(`--note has ${note.length} characters; expected 1 to ${MAX_NOTE_LENGTH}.`);
  }
  await withStore(context, async (store) => {
    const payment = await findPayment(store, options);
    if (payment.provider === ON_ACCOUNT) {
      throw new OperatorError(
        `Payment ${payment.paymentId}: no card has paid it, it is on account. Nothing was sent back.`,
      );
    }
    const done = await withPaymentRoom(context, { store, kind: payment.provider }, (room) =>
      orderRefund(room, { payment, amountMicros, refundId, note }),
    );
    if (!done.ok) throw new OperatorError(`Payment ${payment.paymentId}: ${done.sentence}. Nothing was sent back now.`);
    const what = done.isRepeat ? 'had been ordered before, nothing more is sent' : 'is on its way to the card';
    const amount = `${decimalFromMicros(amountMicros)} ${payment.currency}`;
    const returned = decimalFromMicros(micros(done.payment.returnedMicros));
    context.print(`${amount} ${what} (${done.refundRef}); ${returned} of this payment went back by now.`);
  });
}

async function findPayment(store: Store, options: Pick<RefundOptions, 'payment' | 'account'>): Promise<PaymentRow> {
  let query = store.db.selectFrom('payment').selectAll().where('paymentId', '=', options.payment);
  if (options.account !== undefined) query = query.where('accountId', '=', options.account);
  const [payment, other] = await query.limit(2).execute();
  if (payment === undefined) {
    throw new OperatorError(`--payment: there is no payment "${options.payment}". See "payments list".`);
  }
  if (other !== undefined) {
    throw new OperatorError(`--payment: several accounts have a payment "${options.payment}"; add --account.`);
  }
  return payment;
}

async function sweep(context: OperatorContext): Promise<void> {
  await withStore(context, async (store) => {
    const kinds = await store.db.selectFrom('payer').select('provider').distinct().orderBy('provider').execute();
    if (kinds.length === 0) context.print('Nobody has paid by card yet.');
    for (const { provider: kind } of kinds) {
      const swept = await withPaymentRoom(context, { store, kind }, sweepNow);
      const { payments, changed, missedReports, openReports: open } = swept;
      context.print(
        `${kind}: ${payments} open payments looked at, ${changed} changed; ${missedReports} lost reports fetched, ${open} reports still open.`,
      );
    }
  });
}
