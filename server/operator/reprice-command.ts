/** numbers reprice: announces another monthly rent for numbers that customers have. Without --yes it says what would be announced. */
import type { Command } from 'commander';
import { decimalFromMicros, type Micros, micros } from '../../src/protocol/money.ts';
import { NUMBER_TYPES } from '../../src/protocol/number.ts';
import { newsWord } from '../events/news-word.ts';
import { priceOf, readNumberTable } from '../numbers/number-table.ts';
import {
  announcePrices,
  type OfficePrices,
  type PriceAnnouncement,
  type PriceRefusal,
  type PriceRoom,
  planPrices,
} from '../rent/announce-prices.ts';
import type { Store } from '../storage/store.ts';
import { systemClock } from '../system-clock.ts';
import { type OperatorContext, readTextFile, requireAccount, withStore } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { operatorPolicy } from './operator-policy.ts';
import { countryOption, currencyOption, dayOption, idOption, priceOption } from './option-values.ts';
import { printTableErrors } from './print-table-errors.ts';

export function addRepriceCommand(numbers: Command, context: OperatorContext): void {
  numbers
    .command('reprice')
    .description('announce another monthly rent for numbers that customers have; says what it would do until --yes')
    .requiredOption('--from <date>', 'rents that fall due on this day or later have it, for instance 2027-03-01')
    .requiredOption('--currency <code>', 'ISO 4217 currency of the price and of the numbers')
    .option('--prices <file>', 'CSV file: number,monthly; each number of it has its own price')
    .option('--monthly <decimal>', 'one price for all numbers that the options below name')
    .option('--account <id>', 'numbers of this account alone')
    .option('--country <code>', 'numbers of this country alone')
    .option('--type <type>', `numbers of this type alone: ${NUMBER_TYPES.join(', ')}`)
    .option('--prefix <digits>', 'numbers alone that begin so, for instance +1415')
    .option('--id <id>', 'id of this announcement; the same one again announces nothing twice')
    .option('--yes', 'do it, and tell the admins by mail')
    .action((options: RepriceOptions) => reprice(context, options));
}

interface RepriceOptions {
  readonly from: string;
  readonly currency: string;
  readonly prices?: string;
  readonly monthly?: string;
  readonly account?: string;
  readonly country?: string;
  readonly type?: string;
  readonly prefix?: string;
  readonly id?: string;
  readonly yes?: boolean;
}

/** Accounts in the summary; more are counted. */
const MAX_PRINTED = 100;

async function reprice(context: OperatorContext, asked: RepriceOptions): Promise<void> {
  const announcement = announcementOf(context, asked);
  if (announcement === null) return;
  await withStore(context, async (store) => {
    if (announcement.accountId !== null) await requireAccount(store, announcement.accountId);
    const policy = await operatorPolicy(context, store);
    const room: PriceRoom = { store, policy, clock: systemClock };
    const plan = await planPrices(room, announcement);
    if (!plan.ok) throw new OperatorError(`${refusalText(plan.refusal, asked)} Nothing was announced.`);
    for (const line of summaryOf(plan.offices, announcement)) context.print(line);
    if (asked.yes !== true) {
      context.print('Nothing was announced. With --yes and an --id it is.');
      return;
    }
    const announced = await announcePrices(room, announcement);
    tellServers(store, announced);
    const count = announced.reduce((sum, { numberCount }) => sum + numberCount, 0);
    context.print(
      count === 0
        ? 'There was nothing to announce.'
        : `Announced for ${count} numbers; the admins of ${announced.length} offices are told.`,
    );
  });
}

/** Null when the file is wrong: that was printed. Throws OperatorError. */
function announcementOf(context: OperatorContext, asked: RepriceOptions): PriceAnnouncement | null {
  const { prices: file, monthly, account, country, type, prefix, id, yes } = asked;
  const fromDay = dayOption('--from', asked.from);
  const currency = currencyOption('--currency', asked.currency);
  if (yes === true && id === undefined) {
    throw new OperatorError('--id is missing: by it, the same command again announces nothing twice.');
  }
  const monthlyMicros = file === undefined ? onePrice(monthly) : pricesOfFile(context, { ...asked, file });
  if (monthlyMicros === null) return null;
  if (type !== undefined && !NUMBER_TYPES.some((known) => known === type)) {
    throw new OperatorError(`--type is "${type}"; expected one of ${NUMBER_TYPES.join(', ')}.`);
  }
  if (prefix !== undefined && !/^\+\d{1,15}$/.test(prefix)) {
    throw new OperatorError(`--prefix is "${prefix}"; expected + and digits such as +1415.`);
  }
  return {
    announcementId: id === undefined ? '' : idOption('--id', id),
    fromDay,
    currency,
    monthlyMicros,
    accountId: account === undefined ? null : idOption('--account', account),
    country: country === undefined ? null : countryOption('--country', country),
    type: type ?? null,
    prefix: prefix ?? null,
  };
}

function onePrice(monthly: string | undefined): Micros {
  if (monthly === undefined)
    throw new OperatorError('--monthly is missing: a price for all, or --prices with one for each number.');
  return priceOption('--monthly', monthly);
}

function pricesOfFile(
  context: OperatorContext,
  { file, monthly, country, type, prefix }: RepriceOptions & { readonly file: string },
): ReadonlyMap<string, Micros> | null {
  if (monthly !== undefined) throw new OperatorError('--monthly: each line of the file has a price of its own.');
  if ((country ?? type ?? prefix) !== undefined) {
    throw new OperatorError('--country, --type and --prefix go with --monthly; the file names each number.');
  }
  const table = readNumberTable(readTextFile(file), { columns: ['number', 'monthly'], key: ['number'] });
  if (!table.ok) {
    printTableErrors(context, { table, end: 'Nothing was announced.' });
    return null;
  }
  return new Map(table.rows.map((cells) => [cells.number, priceOf(cells.monthly)]));
}

function refusalText(refusal: PriceRefusal, asked: RepriceOptions): string {
  switch (refusal.code) {
    case 'too_early': {
      const why =
        refusal.days === 1
          ? 'is not in the future'
          : `is less than ${refusal.days} days ahead, the policy's rent.noticeDays`;
      return `--from is "${asked.from}", which ${why}; expected ${refusal.firstDay} or later for account "${refusal.accountId}".`;
    }
    case 'id_reused':
      return `--id is "${asked.id}", by which office "${refusal.officeId}" of "${refusal.accountId}" was told of something else; expected another one.`;
    case 'too_many':
      return `Office "${refusal.officeId}" of "${refusal.accountId}" has ${refusal.numberCount} numbers to change, more than are written together; do it in parts by --prefix.`;
    case 'numbers_unknown': {
      const shown = refusal.numbers.slice(0, MAX_PRINTED).join(', ');
      return `--prices is "${asked.prices}", with numbers that are rented by nobody, or in another currency or account: ${shown}${refusal.numbers.length > MAX_PRINTED ? ' and more' : ''}.`;
    }
  }
}

function summaryOf(offices: readonly OfficePrices[], { currency, fromDay }: PriceAnnouncement): readonly string[] {
  const byAccount = Map.groupBy(
    offices.filter(({ numberCount }) => numberCount > 0),
    ({ accountId }) => accountId,
  );
  const lines = [...byAccount].map(([accountId, of]) => `${accountId}\t${sumText(of, currency)}`);
  const same = total(offices, 'sameCount');
  const blocked = total(offices, 'blockedCount');
  const corrections = total(offices, 'correctionCount');
  return [
    ...lines.slice(0, MAX_PRINTED),
    ...(lines.length > MAX_PRINTED ? [`and ${lines.length - MAX_PRINTED} more accounts`] : []),
    `${byAccount.size} accounts, ${sumText(offices, currency)}, from ${fromDay} on`,
    ...(corrections > 0 ? [`${corrections} of them had another price announced, which does not come.`] : []),
    ...(same > 0 ? [`${same} more cost that from then on already.`] : []),
    ...(blocked > 0 ? [`${blocked} more are left out: another price was announced that begins before.`] : []),
  ];
}

function sumText(offices: readonly OfficePrices[], currency: string): string {
  const count = total(offices, 'numberCount');
  const [before, after] = [total(offices, 'oldMicros'), total(offices, 'newMicros')];
  const sign = after < before ? '' : '+';
  const difference = `${sign}${decimalFromMicros(micros(after - before))}`;
  return `${count} numbers: ${decimalFromMicros(micros(before))} to ${decimalFromMicros(micros(after))} ${currency} a month (${difference})`;
}

type Countable = 'numberCount' | 'oldMicros' | 'newMicros' | 'sameCount' | 'blockedCount' | 'correctionCount';

function total(offices: readonly OfficePrices[], field: Countable): number {
  return offices.reduce((sum, office) => sum + office[field], 0);
}

/** Their widgets ask for the numbers again. */
function tellServers(store: Pick<Store, 'news'>, offices: readonly OfficePrices[]): void {
  for (const { accountId, officeId } of offices) store.news.tell(newsWord({ word: 'resync', accountId, officeId }));
}
