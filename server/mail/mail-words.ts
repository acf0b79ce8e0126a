/** What mails say (REQUIREMENTS 2.3 nos. 4, 7 and 8): what happened, whether money was touched, what to do next. */
import { micros } from '../../src/protocol/money.ts';
import type { Card, PaymentFailure } from '../../src/protocol/payment.ts';
import type { MailFacts } from './mail-facts.ts';
import { moneyText } from './money-text.ts';

export interface MailWords {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** Of a mail without a paper; those with one are written by whoever made the paper. */
export function wordsOf(facts: Exclude<MailFacts, { readonly kind: 'paper' }>): MailWords {
  switch (facts.kind) {
    case 'recharge_failed':
      return rechargeFailed(facts);
    case 'recharge_limit':
      return rechargeLimit(facts);
    case 'card_expiring':
      return {
        subject: facts.days > 7 ? 'Your card ends next month' : 'Your card ends in a few days',
        paragraphs: [
          `The saved card ${cardName(facts.card)} is good until the end of ${expiry(facts.card)}, ${facts.days} days or less from now.`,
          'Calls go on. After that day auto-recharge cannot charge it, and calls stop when the credit is used up.',
          'To change it, open Billing in the phone and choose Change card.',
        ],
      };
    case 'credit_asked':
      return {
        subject: `${oneLine(facts.personName)} asks for phone credit`,
        paragraphs: [
          facts.reason === ''
            ? `${facts.personName} asks for credit.`
            : `${facts.personName} asks for credit: “${facts.reason}”`,
          'Open Billing in the phone to add credit, or to answer.',
          'Further questions of this office come without a mail until this one is answered, or for some hours.',
        ],
      };
    case 'card_check':
      return {
        subject: 'Confirm your card',
        paragraphs: [
          `We sent a small charge to ${facts.card ? cardName(facts.card) : 'your card'}. It shows on the card's statement as CARD CHECK, usually within minutes and at most within a day.`,
          'Open Billing in the phone and enter its amount to go on. It is given back afterwards in any case.',
        ],
      };
    case 'card_check_locked':
      return {
        subject: 'Your card could not be confirmed',
        paragraphs: [
          `The amount was wrong too often, so ${facts.card ? cardName(facts.card) : 'this card'} cannot be confirmed by this charge any more. The charge is given back.`,
          'Begin again tomorrow, save another card, or write to support.',
        ],
      };
  }
}

function rechargeFailed(facts: Extract<MailFacts, { readonly kind: 'recharge_failed' }>): MailWords {
  const amount = moneyText(micros(facts.amountMicros), facts.currency);
  const card = facts.card ? ` ${cardName(facts.card)}` : '';
  return {
    subject: 'Your card was declined: phone credit was not added',
    paragraphs: [
      `Auto-recharge could not add ${amount}: ${reasonOf(facts.failure)}. Nothing was charged${card === '' ? '' : ` to${card}`}.`,
      facts.isPaused
        ? 'Auto-recharge is paused: it tries no more until you act. Calls stop when the credit is used up.'
        : 'It is tried again by itself. Calls stop when the credit is used up.',
      whatToDo(facts.failure),
    ],
  };
}

function rechargeLimit(facts: Extract<MailFacts, { readonly kind: 'recharge_limit' }>): MailWords {
  const taken = moneyText(micros(facts.takenMicros), facts.currency);
  const limit = moneyText(micros(facts.limitMicros), facts.currency);
  return {
    subject: facts.isReached
      ? 'Auto-recharge has reached its monthly limit'
      : 'Auto-recharge is near its monthly limit',
    paragraphs: [
      `Auto-recharge has taken ${taken} this month; the limit is ${limit}.`,
      facts.isReached
        ? 'It takes nothing more before next month. Calls stop when the credit is used up.'
        : 'It goes on until the limit. After that, calls stop when the credit is used up.',
      'To have more, open Billing in the phone and raise the limit, or add credit by hand.',
    ],
  };
}

function reasonOf(failure: PaymentFailure | null): string {
  switch (failure?.kind) {
    case 'insufficient_funds':
      return 'there is not enough money on the card';
    case 'expired':
      return 'the card has ended';
    case 'authentication_required':
    case 'authentication_failed':
      return 'the bank wants you to confirm the payment';
    case 'provider_unavailable':
    case 'processing':
      return 'the bank could not be reached';
    default:
      return 'the card was declined';
  }
}

function whatToDo(failure: PaymentFailure | null): string {
  if (failure?.retry === 'authenticate') {
    return 'Open Billing in the phone: the payment is listed there, and Confirm opens the window of your bank.';
  }
  if (failure?.retry === 'later') return 'To be on the safe side, open Billing in the phone and add credit by hand.';
  return 'Open Billing in the phone, choose Change card, and add credit by hand if it is urgent.';
}

/** "Visa ...4242". */
export function cardName({ brand, last4 }: Card): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ...${last4}`;
}

function expiry({ expiryMonth, expiryYear }: Card): string {
  return `${String(expiryMonth).padStart(2, '0')}/${expiryYear}`;
}

/** A name may not end the subject's line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
