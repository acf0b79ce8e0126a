/** What the mail of an announced price says: which rents change, from when on, by how much, and that nothing is taken before. */
import type { AlertFacts } from '../../src/protocol/alert.ts';
import type { MailWords } from './mail-words.ts';
import { moneyText } from './money-text.ts';
import { dateText } from './time-text.ts';

type RentChanges = Extract<AlertFacts, { readonly kind: 'rent_changes' }>;

export function rentChangeWords(facts: RentChanges): MailWords {
  const { numbers, numberCount, fromOn, isCorrection } = facts;
  const [first] = numbers;
  const what = numberCount === 1 && first ? first.number : `${numberCount} numbers`;
  const isChange =
    facts.newMicros !== facts.oldMicros || numbers.some(({ oldMicros, newMicros }) => oldMicros !== newMicros);
  const from = dateText(fromOn);
  const isMore = numberCount > numbers.length;
  return {
    subject: isChange ? `The rent of ${what} changes on ${from}` : `The rent of ${what} stays as it is`,
    paragraphs: [
      `From ${from} on, ${what} ${numberCount === 1 ? 'costs' : 'cost'} ${changeText(facts, facts.currency)}${numberCount === 1 ? '.' : ', all together:'}`,
      ...(numberCount === 1 ? [] : numbers.map((one) => `${one.number}: ${changeText(one, facts.currency)}`)),
      ...(isMore ? [`And ${numberCount - numbers.length} more; all of them are under Numbers in the phone.`] : []),
      ...(isCorrection ? ['This is instead of what was announced before.'] : []),
      'It holds for rent that falls due on that day or later. What is paid for already costs nothing more, and nothing was charged now.',
    ],
    action: {
      label: 'See the numbers',
      words: 'open Numbers in the phone: a number that you do not want to keep can be given back there',
    },
  };
}

function changeText(
  { oldMicros, newMicros }: { readonly oldMicros: number; readonly newMicros: number },
  currency: string,
): string {
  const now = `${moneyText(newMicros, currency)} a month`;
  return oldMicros === newMicros ? `${now}, as until now` : `${now} instead of ${moneyText(oldMicros, currency)}`;
}
