/**
 * What the mails of alerts say (REQUIREMENTS 2.3 no. 8): what happened and since when, what works and what not, whether money was touched,
 * and what to do. The subject is the first line.
 */
import type { AlertFacts } from '../../src/protocol/alert.ts';
import { cardName, expiryText, reasonOf, whatToDo } from './card-words.ts';
import type { MailWords, WordsContext } from './mail-words.ts';
import { moneyText } from './money-text.ts';
import { rentChangeWords } from './rent-change-words.ts';
import { dateText, momentText } from './time-text.ts';

const ADD = { label: 'Add credit', words: 'open Billing in the phone and choose Add credit' };
const CHANGE_CARD = { label: 'Change card', words: 'open Billing in the phone and choose Change card' };
const LOOK = { label: 'Look at the calls', words: 'open Billing in the phone, look at the calls, then resume' };
const KEPT = 'Free calls, calls inside the company and emergency calls are not touched.';

export function alertWords(facts: AlertFacts, context: WordsContext): MailWords {
  switch (facts.kind) {
    case 'low':
    case 'critical':
    case 'empty':
    case 'back':
      return creditWords(facts, context);
    case 'unusual_spend':
      return unusualSpend(facts);
    case 'recharge_failed':
    case 'payment_declined':
      return declined(facts);
    case 'recharge_limit':
      return rechargeLimit(facts);
    case 'payment_disputed':
    case 'dispute_closed':
      return dispute(facts, context);
    case 'card_expiring':
      return cardExpiring(facts);
    case 'trial_opened':
      return {
        subject: 'Your trial has begun',
        paragraphs: [
          `The trial runs until ${momentText(facts.endsAtMs, context.timeZone)}. Calls work with the credit there is.`,
          'Auto-recharge starts with your paid plan; until then nothing is taken from a card by itself.',
        ],
        action: { label: 'See the credit', words: 'open Billing in the phone to see the credit' },
      };
    case 'rent_changes':
      return rentChangeWords(facts);
    default:
      return rentWords(facts);
  }
}

type Of<Kind extends AlertFacts['kind']> = Extract<AlertFacts, { readonly kind: Kind }>;

function creditWords(facts: Of<'low' | 'critical' | 'empty' | 'back'>, { atMs, timeZone }: WordsContext): MailWords {
  const left = moneyText(facts.availableMicros, facts.currency);
  const since = `Since ${momentText(atMs, timeZone)}`;
  switch (facts.kind) {
    case 'low':
      return {
        subject: `Phone credit is low: ${left}`,
        paragraphs: [
          `${since} there is ${left} left for calls, at or below the alert level of ${moneyText(facts.levelMicros, facts.currency)}.`,
          `All calls work. When the credit is used up, calls that cost something stop. ${KEPT}`,
        ],
        action: ADD,
      };
    case 'critical':
      return {
        subject: `Phone credit is nearly used up: ${left}`,
        paragraphs: [
          `${since} there is only ${left} left for calls.`,
          `Calls still work, and those that run end by themselves when the money ends. ${KEPT}`,
        ],
        action: ADD,
      };
    case 'empty':
      return {
        subject: 'Phone credit is used up: calls are blocked',
        paragraphs: [
          `${since} there is ${left} left, which pays for no call.`,
          `Calls that cost something are refused until credit is added. ${KEPT} Running calls that are paid for go on to the end of what was set aside.`,
        ],
        action: ADD,
      };
    case 'back':
      return {
        subject: 'Calls work again',
        paragraphs: [
          `There is ${left} for calls. Since ${momentText(facts.emptySinceMs, timeZone)} calls that cost something had been refused; they work again.`,
        ],
        action: { label: 'See the credit', words: 'open Billing in the phone to see the credit' },
      };
  }
}

function unusualSpend(facts: Of<'unusual_spend'>): MailWords {
  const spent = moneyText(facts.spentMicros, facts.currency);
  const what =
    facts.reason === 'recharges'
      ? `${facts.rechargeCount ?? 0} automatic recharges in one hour are unusual: ${spent} was taken from the card.`
      : `${spent} was spent today, where a usual day costs ${moneyText(facts.usualMicros ?? 0, facts.currency)}.`;
  const stopped = {
    nothing: 'Nothing was stopped: calls and auto-recharge go on.',
    auto_recharge:
      'Auto-recharge is stopped: nothing more is taken from the card until you resume it. Calls go on until the credit is used up.',
    calls: `Calls that cost something are paused until you resume them, and so is auto-recharge. ${KEPT}`,
  }[facts.paused];
  return {
    subject: { nothing: 'Unusual spending', auto_recharge: 'We stopped auto-recharge', calls: 'We paused calls' }[
      facts.paused
    ],
    paragraphs: [what, stopped, 'If these calls are not yours, somebody may be misusing a phone: talk to support.'],
    action: LOOK,
  };
}

function declined(facts: Of<'recharge_failed' | 'payment_declined'>): MailWords {
  const amount = moneyText(facts.amountMicros, facts.currency);
  const charged = facts.card ? `Nothing was charged to ${cardName(facts.card)}.` : 'Nothing was charged.';
  const isAutomatic = facts.kind === 'recharge_failed';
  const first = isAutomatic ? `Auto-recharge could not add ${amount}` : `${amount} of phone credit was not added`;
  const next = isAutomatic
    ? facts.isPaused
      ? ['Auto-recharge is paused: it tries no more until you act. Calls stop when the credit is used up.']
      : ['It is tried again by itself. Calls stop when the credit is used up.']
    : ['Calls work with the credit there is.'];
  return {
    subject: 'Your card was declined: phone credit was not added',
    paragraphs: [`${first}: ${reasonOf(facts.failure)}. ${charged}`, ...next, whatToDo(facts.failure)],
    action: { ...CHANGE_CARD, words: null },
  };
}

function rechargeLimit(facts: Of<'recharge_limit'>): MailWords {
  const taken = moneyText(facts.takenMicros, facts.currency);
  const limit = moneyText(facts.limitMicros, facts.currency);
  return {
    subject: facts.isReached
      ? 'Auto-recharge has reached its monthly limit'
      : 'Auto-recharge is near its monthly limit',
    paragraphs: [
      `Auto-recharge has taken ${taken} this month; the limit is ${limit}.`,
      facts.isReached
        ? 'It takes nothing more before next month. Calls stop when the credit is used up.'
        : 'It goes on until the limit. After that, calls stop when the credit is used up.',
    ],
    action: {
      label: 'Raise the limit',
      words: 'to have more, open Billing in the phone and raise the limit, or add credit by hand',
    },
  };
}

function dispute(facts: Of<'payment_disputed' | 'dispute_closed'>, { atMs, timeZone }: WordsContext): MailWords {
  const amount = moneyText(facts.amountMicros, facts.currency);
  const action = { label: 'See the payments', words: 'open Billing in the phone to see the payments' };
  if (facts.kind === 'payment_disputed') {
    return {
      subject: 'A payment is disputed: calls are paused',
      paragraphs: [
        `The bank told us on ${momentText(atMs, timeZone)} that the payment of ${amount}${facts.card ? ` with ${cardName(facts.card)}` : ''} is disputed by the owner of the card.`,
        `Until the bank has decided, calls that cost something are paused and no card is charged. ${KEPT}`,
        'If it was a mistake, the owner of the card tells the bank; if not, talk to support.',
      ],
      action,
    };
  }
  return {
    subject: facts.isLost ? 'The disputed payment was given back' : 'The disputed payment stands',
    paragraphs: [
      facts.isLost
        ? `The bank gave ${amount} back to the card, so that credit is gone. Calls work as far as the credit goes; auto-recharge needs another card.`
        : `The bank decided that the payment of ${amount} stands. Calls and auto-recharge work again.`,
    ],
    action,
  };
}

function cardExpiring(facts: Of<'card_expiring'>): MailWords {
  const days = facts.days === 1 ? 'one day' : `${facts.days} days`;
  return {
    subject: facts.days > 7 ? 'Your card ends next month' : 'Your card ends in a few days',
    paragraphs: [
      `The saved card ${cardName(facts.card)} is good until the end of ${expiryText(facts.card)}, ${days} or less from now.`,
      'Calls go on. After that day auto-recharge cannot charge it, and calls stop when the credit is used up.',
    ],
    action: CHANGE_CARD,
  };
}

function rentWords(
  facts: Of<'rent_due' | 'number_late' | 'number_held' | 'number_leaving' | 'number_gone'>,
): MailWords {
  const { number } = facts;
  const goneOn = dateText(facts.kind === 'rent_due' || facts.kind === 'number_late' ? facts.dueOn : facts.givenBackOn);
  if (facts.kind === 'number_gone') {
    return {
      subject: `The number ${number} was given back`,
      paragraphs: [
        `It was given back on ${goneOn}, because its rent was not paid. It cannot be called any more, and calls show another number.`,
        'Other numbers and the credit are not touched.',
      ],
      action: { label: 'Choose a number', words: 'open Numbers in the phone to choose another one' },
    };
  }
  const rent = moneyText(facts.rentMicros, facts.currency);
  switch (facts.kind) {
    case 'rent_due':
      return {
        subject: `Number rent due in ${facts.days === 1 ? 'one day' : `${facts.days} days`}`,
        paragraphs: [
          `The rent of ${rent} for ${number} is due on ${goneOn}, and the credit will not cover it.`,
          'The number works. Nothing was charged yet.',
        ],
        action: ADD,
      };
    case 'number_late':
      return {
        subject: `The rent of ${number} is late`,
        paragraphs: [
          `The rent of ${rent} was due on ${goneOn} and could not be paid from the credit.`,
          `The number works until ${dateText(facts.holdsOn)}; then it is put on hold.`,
        ],
        action: ADD,
      };
    case 'number_held':
      return {
        subject: `The number ${number} is on hold`,
        paragraphs: [
          `Since ${dateText(facts.heldSinceOn)} it cannot be called, and calls do not show it. It is kept for you until ${goneOn}.`,
          `Pay ${rent} to get it back. Other numbers and calls are not touched.`,
        ],
        action: {
          label: 'Get it back',
          words: 'add credit in Billing, then open Numbers in the phone and get it back',
        },
      };
    case 'number_leaving':
      return {
        subject: `The number ${number} is given back in ${facts.days === 1 ? 'one day' : `${facts.days} days`}`,
        paragraphs: [
          `It is on hold because its rent of ${rent} was not paid. It is kept until ${goneOn}; after that somebody else can have it.`,
        ],
        action: { label: 'Keep it', words: 'add credit in Billing, then open Numbers in the phone and get it back' },
      };
  }
}
