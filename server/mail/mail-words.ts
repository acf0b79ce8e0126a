/** What mails say: what happened, whether money was touched, what to do next. Those of alerts are in alert-words.ts. */
import { alertWords } from './alert-words.ts';
import { cardName } from './card-words.ts';
import type { MailFacts } from './mail-facts.ts';
import { rentChangeWordsOfOffices } from './rent-change-words.ts';

export interface MailWords {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The one thing to do: a button where the host's billing page is known, words where it is not. */
  readonly action: MailAction;
}

export interface MailAction {
  readonly label: string;
  /** Where in the phone, to be put after "please": null when the paragraphs say it. */
  readonly words: string | null;
}

export interface WordsContext {
  /** When it happened. */
  readonly atMs: number;
  /** IANA name; of the account. */
  readonly timeZone: string;
}

const ENTER_AMOUNT = { label: 'Open Billing', words: null };

/** Of a mail without a paper; those with one are written by whoever made the paper. */
export function wordsOf(facts: Exclude<MailFacts, { readonly kind: 'paper' }>, context: WordsContext): MailWords {
  switch (facts.kind) {
    case 'credit_asked':
      return {
        subject: `${oneLine(facts.personName)} asks for phone credit`,
        paragraphs: [
          facts.reason === ''
            ? `${facts.personName} asks for credit.`
            : `${facts.personName} asks for credit: “${facts.reason}”`,
          'Further questions of this office come without a mail until this one is answered, or for some hours.',
        ],
        action: { label: 'Answer', words: 'open Billing in the phone to add credit, or to answer' },
      };
    case 'rent_changes_of_offices':
      return rentChangeWordsOfOffices(facts);
    case 'card_check':
      return {
        subject: 'Confirm your card',
        paragraphs: [
          `We sent a small charge to ${facts.card ? cardName(facts.card) : 'your card'}. It shows on the card's statement as CARD CHECK, usually within minutes and at most within a day.`,
          'Open Billing in the phone and enter its amount to go on. It is given back afterwards in any case.',
        ],
        action: ENTER_AMOUNT,
      };
    case 'card_check_locked':
      return {
        subject: 'Your card could not be confirmed',
        paragraphs: [
          `The amount was wrong too often, so ${facts.card ? cardName(facts.card) : 'this card'} cannot be confirmed by this charge any more. The charge is given back.`,
          'Begin again tomorrow, save another card, or write to support.',
        ],
        action: ENTER_AMOUNT,
      };
    default:
      return alertWords(facts, context);
  }
}

/** A name may not end the subject's line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
