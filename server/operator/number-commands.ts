/** numbers: what is for sale, what numbers cost and will cost, what is ordered at carriers, and whether both sides have the same. */
import type { Command } from 'commander';
import { decimalFromMicros, micros } from '../../src/protocol/money.ts';
import { CARRIER_ROWS } from '../carrier-settings.ts';
import { CarrierError, type NumberCarrier } from '../carriers/number-carrier.ts';
import { numberCarrierOf } from '../number-carrier-of.ts';
import { importNumberPrices } from '../numbers/import-number-prices.ts';
import { importNumbers } from '../numbers/import-numbers.ts';
import { EVERY_ACCOUNT } from '../numbers/number-prices.ts';
import { BLOCKING_ORDER_STATES } from '../numbers/order-states.ts';
import { reconcileNumbers } from '../numbers/reconcile-numbers.ts';
import type { NumberOrderRow } from '../storage/rows.ts';
import { type OperatorContext, readTextFile, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { idOption } from './option-values.ts';
import { printTableErrors } from './print-table-errors.ts';
import { addRepriceCommand } from './reprice-command.ts';

export function addNumberCommands(program: Command, context: OperatorContext): void {
  const numbers = program.command('numbers').description('numbers for sale, our own and those of carriers');
  numbers
    .command('import')
    .description('add numbers to the shop of an account, or change their prices')
    .argument('<file>', 'CSV file: number,country,type,region,features,currency,setup,monthly,inbound_per_minute')
    .requiredOption('--account <id>', 'account id')
    .action((file: string, options: { readonly account: string }) => importShop(context, { file, ...options }));
  numbers
    .command('prices')
    .description("set what carriers' numbers cost customers; without a price they are not for sale")
    .argument('<file>', 'CSV file: country,type,currency,setup,monthly,inbound_per_minute')
    .option('--account <id>', 'for this account alone; for all that have none of their own otherwise')
    .action((file: string, options: { readonly account?: string }) => importPrices(context, { file, ...options }));
  numbers
    .command('orders')
    .description('orders at carriers, newest last')
    .option('--open', 'only those whose end is not known')
    .action((options: { readonly open?: boolean }) => listOrders(context, options.open === true));
  numbers
    .command('reconcile')
    .description('compare the numbers at the carrier with those owned here; exit code 1 when there is a difference')
    .action(() => reconcile(context));
  addRepriceCommand(numbers, context);
}

async function importShop(
  context: OperatorContext,
  { file, account }: { readonly file: string; readonly account: string },
): Promise<void> {
  const accountId = idOption('--account', account);
  const csv = readTextFile(file);
  const result = await withStore(context, async (store) => {
    await requireAccount(store, accountId);
    return await importNumbers(store, { accountId, csv });
  });
  if (result.ok) context.print(`${result.imported} numbers imported.`);
  else printTableErrors(context, { table: result, end: NOT_IMPORTED });
}

async function importPrices(
  context: OperatorContext,
  { file, account }: { readonly file: string; readonly account?: string },
): Promise<void> {
  const accountId = account === undefined ? EVERY_ACCOUNT : idOption('--account', account);
  const csv = readTextFile(file);
  const result = await withStore(context, async (store) => {
    if (account !== undefined) await requireAccount(store, accountId);
    return await importNumberPrices(store, { accountId, csv });
  });
  if (result.ok) context.print(`${result.imported} prices are in force for what is searched from now on.`);
  else printTableErrors(context, { table: result, end: NOT_IMPORTED });
}

const NOT_IMPORTED = 'Nothing was imported.';

const MAX_ORDERS = 1_000;

async function listOrders(context: OperatorContext, isOpenOnly: boolean): Promise<void> {
  await withStore(context, async (store) => {
    const all = store.db.selectFrom('number_order').selectAll();
    const wanted = isOpenOnly ? all.where('state', 'in', BLOCKING_ORDER_STATES) : all;
    const newest = await wanted.orderBy('createdAtMs', 'desc').limit(MAX_ORDERS).execute();
    for (const order of newest.reverse()) context.print(lineOf(order));
    context.print(`${newest.length} orders`);
  });
}

function lineOf(order: NumberOrderRow): string {
  const { accountId, officeId, orderId, number, state, carrier, carrierRef, problem } = order;
  const at = new Date(order.createdAtMs).toISOString().slice(0, 19).replace('T', ' ');
  const amount = `${decimalFromMicros(micros(order.amountMicros))} ${order.currency}`;
  const reference = `${carrier}:${carrierRef ?? 'not told yet'}`;
  const why = problem === null ? state : `${state} (${problem})`;
  return [at, accountId, officeId, number, orderId, amount, why, reference].join('\t');
}

async function reconcile(context: OperatorContext): Promise<void> {
  const carrier = carrierOf(context);
  const found = await withStore(context, (store) => reconcileNumbers(store, carrier)).catch((error: unknown) => {
    if (error instanceof CarrierError) throw new OperatorError(error.message);
    throw error;
  });
  for (const number of found.onlyThere) context.print(`${number}\tat ${carrier.name}, owned by nobody here`);
  for (const { accountId, number } of found.onlyHere) {
    context.print(`${number}\towned by ${accountId} here, not at ${carrier.name}`);
  }
  for (const { accountId, number, state } of found.openOrders) {
    context.print(`${number}\t${state} for ${accountId}: not compared`);
  }
  const differences = found.onlyThere.length + found.onlyHere.length;
  context.print(`${found.agreeing} numbers agree, ${differences} differ, ${found.openOrders.length} are being ordered`);
  if (differences > 0) context.setExitCode(1);
}

/** By the same settings as the servers. */
function carrierOf({ environment }: OperatorContext): NumberCarrier {
  const read = ({ name, byDefault, parse }: (typeof CARRIER_ROWS)[keyof typeof CARRIER_ROWS]): string | null => {
    const text = environment[name] || byDefault;
    if (text === null) return null;
    const { value, expected } = parse(text);
    if (value === undefined) throw new OperatorError(`${name}: expected ${expected}.`);
    return value;
  };
  const { telnyxApiKey, telnyxConnectionId, telnyxUrl } = CARRIER_ROWS;
  const carrier = numberCarrierOf({
    telnyxApiKey: read(telnyxApiKey),
    telnyxConnectionId: read(telnyxConnectionId),
    telnyxUrl: read(telnyxUrl) ?? '',
  });
  if (carrier === null) throw new OperatorError('TELNYX_API_KEY: there is no carrier to compare with.');
  return carrier;
}
