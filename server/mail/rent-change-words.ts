/** What the mail of an announced price says: which rents change, from when on, by how much, and that nothing is taken before. */
import type { MailFacts } from './mail-facts.ts';
import type { MailWords } from './mail-words.ts';
import { moneyText } from './money-text.ts';
import { dateText } from './time-text.ts';

type RentChanges = Extract<MailFacts, { readonly kind: 'rent_changes' }>;
type RentChangesOfOffices = Extract<MailFacts, { readonly kind: 'rent_changes_of_offices' }>;

export function rentChangeWords(facts: RentChanges): MailWords {
  const { numbers, numberCount, isCorrection } = facts;
  const [first] = numbers;
  const what = numberCount === 1 && first ? first.number : `${numberCount} numbers`;
  return {
    subject: subjectOf(what, { ...facts, offices: [facts] }),
    paragraphs: [
      `From ${dateText(facts.fromOn)} on, ${what} ${numberCount === 1 ? 'costs' : 'cost'} ${changeText(facts, facts.currency)}${numberCount === 1 ? '.' : ', all together:'}`,
      ...(numberCount === 1 ? [] : linesOf(facts, facts.currency)),
      ...moreOf(numberCount - numbers.length),
      ...noteOf(isCorrection),
    ],
    action: SEE_NUMBERS,
  };
}

/** For somebody who hears of several offices: the sum, and each office with its numbers. */
export function rentChangeWordsOfOffices(facts: RentChangesOfOffices): MailWords {
  const { offices, currency, isCorrection } = facts;
  const sum = (of: (office: PricedNumbers) => number) => offices.reduce((total, office) => total + of(office), 0);
  const all = { oldMicros: sum(({ oldMicros }) => oldMicros), newMicros: sum(({ newMicros }) => newMicros) };
  const numberCount = sum((office) => office.numberCount);
  const what = `${numberCount} numbers`;
  return {
    subject: subjectOf(what, facts),
    paragraphs: [
      `From ${dateText(facts.fromOn)} on, ${what} in ${offices.length} offices cost ${changeText(all, currency)}, all together:`,
      ...offices.flatMap((office) => [
        `${office.name}, ${office.numberCount === 1 ? '1 number' : `${office.numberCount} numbers`}: ${changeText(office, currency)}`,
        ...linesOf(office, currency),
      ]),
      ...moreOf(numberCount - sum(({ numbers }) => numbers.length)),
      ...noteOf(isCorrection),
    ],
    action: SEE_NUMBERS,
  };
}

const SEE_NUMBERS = {
  label: 'See the numbers',
  words: 'open Numbers in the phone: a number that you do not want to keep can be given back there',
};

type PricedNumbers = Pick<RentChanges, 'numbers' | 'numberCount' | 'oldMicros' | 'newMicros'>;

function subjectOf(
  what: string,
  { fromOn, offices }: { readonly fromOn: string; readonly offices: readonly PricedNumbers[] },
): string {
  const isChange = offices
    .flatMap((office) => [office, ...office.numbers])
    .some(({ oldMicros, newMicros }) => oldMicros !== newMicros);
  return isChange ? `The rent of ${what} changes on ${dateText(fromOn)}` : `The rent of ${what} stays as it is`;
}

function linesOf({ numbers }: PricedNumbers, currency: string): readonly string[] {
  return numbers.map((one) => `${one.number}: ${changeText(one, currency)}`);
}

function moreOf(count: number): readonly string[] {
  return count > 0 ? [`And ${count} more; all of them are under Numbers in the phone.`] : [];
}

function noteOf(isCorrection: boolean): readonly string[] {
  return [
    ...(isCorrection ? ['This is instead of what was announced before.'] : []),
    'It holds for rent that falls due on that day or later. What is paid for already costs nothing more, and nothing was charged now.',
  ];
}

function changeText(
  { oldMicros, newMicros }: { readonly oldMicros: number; readonly newMicros: number },
  currency: string,
): string {
  const now = `${moneyText(newMicros, currency)} a month`;
  return oldMicros === newMicros ? `${now}, as until now` : `${now} instead of ${moneyText(oldMicros, currency)}`;
}
