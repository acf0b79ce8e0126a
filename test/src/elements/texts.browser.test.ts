import { expect } from 'chai';
import { liveCostText, quoteText } from '../../../src/elements/announcement.ts';
import { BILLING_MESSAGES } from '../../../src/elements/billing-messages.ts';
import { endText } from '../../../src/elements/call-status-text.ts';
import { creditRequestText } from '../../../src/elements/credit-request-text.ts';
import { creditStatus } from '../../../src/elements/credit-status.ts';
import { dialledText } from '../../../src/elements/dialled-text.ts';
import { LATER_MESSAGES } from '../../../src/elements/later-messages.ts';
import { FIRST_MESSAGES } from '../../../src/elements/messages.ts';
import { numberFormat } from '../../../src/elements/number-format.ts';
import { PANEL_MESSAGES } from '../../../src/elements/panel-messages.ts';
import { purchaseRefusalText } from '../../../src/elements/purchase-refusal-text.ts';
import { refusalText } from '../../../src/elements/refusal-text.ts';
import { addMessages, createTexts } from '../../../src/elements/texts.ts';
import { USAGE_MESSAGES } from '../../../src/elements/usage-messages.ts';
import { micros } from '../../../src/protocol/money.ts';
import { PROBLEM_CODES, refusal } from '../../../src/protocol/problem.ts';
import {
  AGENT,
  BALANCE,
  CALL,
  cents,
  EMPTY_BALANCE,
  IDLE,
  NOW_MS,
  QUOTE,
  REQUEST,
  SHORT_FOR_NUMBER,
} from '../../support/element-facts.ts';

addMessages({ ...LATER_MESSAGES, ...PANEL_MESSAGES, ...BILLING_MESSAGES, ...USAGE_MESSAGES });
const texts = createTexts({ messages: {}, locale: 'en-US', currency: 'USD' });

describe('amounts and times', () => {
  it('shows what is there rounded down, so that nothing is promised that is not there', () => {
    expect(texts.balance(micros(18_409_999))).to.equal('$18.40');
    expect(texts.balance(micros(9_999))).to.equal('$0.00');
  });

  it('shows a price exactly: two decimals, or as many as it needs', () => {
    expect(texts.price(cents(6))).to.equal('$0.06');
    expect(texts.price(micros(12_500))).to.equal('$0.0125');
    expect(texts.price(micros(1))).to.equal('$0.000001');
  });

  it('writes money as the language and the currency want it', () => {
    const german = createTexts({ messages: {}, locale: 'de-DE', currency: 'EUR' });
    expect(german.price(cents(123456)).replace(/\s/g, ' ')).to.equal('1.234,56 €');
    const yen = createTexts({ messages: {}, locale: 'ja-JP', currency: 'JPY' });
    expect(yen.balance(micros(1_840_000_000))).to.match(/1,840$/);
  });

  it('takes the next language when one is no language tag: a wrong lang attribute must not take the phone away', () => {
    for (const locale of ['en_US', 'en-US@posix', 'no such language', '']) {
      const { talkTime, balance } = createTexts({ messages: {}, locale, currency: 'USD' });
      expect(balance(cents(1840)), locale).to.match(/18[.,]40/);
      expect(talkTime(58), locale).to.equal('0:58');
    }
  });

  it('says talk time as "0:58", "about 41 min", "about 3 h", and changes at the right second', () => {
    expect(
      [58, 119, 120, 41 * 60 + 59, 7_199, 7_200, 3 * 3600 + 1].map((seconds) => texts.talkTime(seconds)),
    ).to.deep.equal(['0:58', '1:59', 'about 2 min', 'about 41 min', 'about 119 min', 'about 2 h', 'about 3 h']);
  });

  it('counts one call and many', () => {
    expect(texts.count('call.blocked.held', 1)).to.equal('The remaining credit is in use by 1 running call.');
    expect(texts.count('call.blocked.held', 2)).to.equal('The remaining credit is in use by 2 running calls.');
  });

  it('lets a host replace a text', () => {
    const own = createTexts({ messages: { 'tab.phone': 'Telefon' }, locale: 'de', currency: 'EUR' });
    expect(own.say('tab.phone')).to.equal('Telefon');
    expect(own.say('tab.history')).to.equal('History');
  });

  it('has each key in one catalogue only', () => {
    const keys = [FIRST_MESSAGES, LATER_MESSAGES, PANEL_MESSAGES, BILLING_MESSAGES, USAGE_MESSAGES].flatMap(
      (messages) => Object.keys(messages),
    );
    const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
    expect(twice).to.deep.equal([]);
  });
});

describe('the texts of the requirements', () => {
  it('2.1.1: the credit bar, level by level', () => {
    const at = (
      level: 'ok' | 'low' | 'critical' | 'empty',
      availableMicros = cents(1840),
      talkSeconds = 68 * 60,
    ): string =>
      creditStatus(
        { ...IDLE, creditLevel: level, balance: { ...BALANCE, availableMicros, talkSeconds } },
        texts,
        'money',
      ).spoken;
    expect(at('ok')).to.equal('Credit $18.40');
    expect(at('low', cents(410))).to.equal('Credit low: $4.10');
    expect(at('critical', cents(24), 250)).to.equal('Almost out: about 4 min left');
    expect(at('empty', cents(0), 0)).to.equal('No credit');
    expect(creditStatus(IDLE, texts, 'time').main).to.equal('About 3 h of calls left');
    expect(creditStatus({ ...IDLE, balance: null }, texts, 'money').main).to.equal('Checking credit…');
  });

  it('shows beside little credit what a running call holds of it', () => {
    const balance = { ...BALANCE, availableMicros: cents(10), heldMicros: cents(30), talkSeconds: 40 };
    const at = (creditLevel: 'low' | 'critical') => creditStatus({ ...IDLE, creditLevel, balance }, texts, 'money');
    expect(at('critical')).to.include({ main: 'Almost out: $0.10', more: '$0.30 held' });
    expect(at('low')).to.include({ main: 'Credit low: $0.10', more: '$0.30 held' });
  });

  it('does not say "No credit" while a call runs on what is held for it', () => {
    const held = { ...EMPTY_BALANCE, balanceMicros: cents(40), heldMicros: cents(40) };
    const snapshot = { ...IDLE, creditLevel: 'empty', balance: held } as const;
    expect(creditStatus(snapshot, texts, 'money')).to.include({ main: '$0.00', more: '$0.40 held', tone: 'empty' });
    expect(creditStatus(snapshot, texts, 'money').spoken).to.equal('Credit $0.00, $0.40 held');
    expect(creditStatus(snapshot, texts, 'time').main).to.equal('No credit for another call');
    expect(creditStatus({ ...snapshot, balance: EMPTY_BALANCE }, texts, 'money').main).to.equal('No credit');
  });

  it('shows no money to whom the policy shows none', () => {
    const balance = { ...BALANCE, availableMicros: cents(410), heldMicros: cents(20) };
    const low = { ...IDLE, creditLevel: 'low', balance } as const;
    for (const display of ['time', 'none'] as const) {
      for (const level of ['ok', 'low', 'critical', 'empty'] as const) {
        const status = creditStatus({ ...low, creditLevel: level }, texts, display);
        expect(`${status.main} ${status.more ?? ''} ${status.spoken}`).to.not.include('$');
      }
    }
  });

  it('2.1.2: the price tag in words', () => {
    expect(quoteText(QUOTE, texts, 'money')).to.equal('Germany, mobile: $0.06 a minute, about 68 min with your credit');
    expect(quoteText({ ...QUOTE, isFree: true }, texts, 'money')).to.equal('Germany, mobile: free call');
    expect(quoteText({ ...QUOTE, kind: 'emergency' }, texts, 'money')).to.equal(
      'Emergency call. Always possible, no credit needed.',
    );
    expect(quoteText(QUOTE, texts, 'none')).to.equal('Germany, mobile: $0.06 a minute');
  });

  it('F-26, 2.1.3: why a call is blocked', () => {
    const say = (...args: Parameters<typeof refusal>): string => refusalText(refusal(...args), texts, AGENT);
    expect(say('no_credit')).to.equal("You can't call: the account has no credit. Nothing was charged.");
    expect(
      say('insufficient_credit', { neededMicros: cents(12), availableMicros: cents(5), currency: 'USD' }),
    ).to.equal("You can't call: this call needs at least $0.12 and $0.05 is left.");
    expect(say('agent_spend_limit', { limitMicros: cents(1000), currency: 'USD' })).to.equal(
      'You have used your $10.00 for today. Ask your admin for more.',
    );
    expect(say('calling_paused', { sinceMs: NOW_MS })).to.match(/^Calling is paused by your admin since \d\d:\d\d\.$/);
    expect(say('credit_held', { holdingCalls: 2 })).to.equal('The remaining credit is in use by 2 running calls.');
    expect(say('credit_held', { holdingCalls: 0 })).to.contain('set aside for something under way');
    expect(say('unavailable')).to.equal("We can't check the credit right now. Try again in a moment.");
    expect(say('no_rate')).to.equal('We have no price for this number, so it cannot be called.');
    expect(say('price_above_limit', { perMinuteMicros: cents(190), limitMicros: cents(50), currency: 'USD' })).to.equal(
      'This number costs $1.90 a minute. Your limit is $0.50.',
    );
  });

  it('says something for every code there is, without the code and without gaps', () => {
    for (const code of PROBLEM_CODES) {
      for (const text of [refusalText(refusal(code), texts, AGENT), purchaseRefusalText(refusal(code), texts)]) {
        expect(text, code).to.match(/[.!?]$|example$/);
        expect(text, code).to.not.match(/[{}_]|undefined|NaN/);
      }
    }
  });

  it('2.1.4: the meter in words', () => {
    expect(liveCostText({ ...IDLE, call: CALL }, texts)).to.equal('02:14 - $0.18 - about 41 min left');
    expect(liveCostText({ ...IDLE, call: { ...CALL, secondsLeft: null } }, texts)).to.equal('02:14 - $0.18');
    expect(liveCostText(IDLE, texts)).to.equal(null);
  });

  it('says of a call that came in and stopped ringing what the widget can know', () => {
    const missed = { ...CALL, phase: 'ended', endReason: 'cancelled', talkSeconds: 0 } as const;
    expect(endText({ ...missed, direction: 'inbound' }, texts)).to.equal(
      'The caller gave up, or somebody else answered. Nothing was charged.',
    );
    expect(endText(missed, texts)).to.equal('Cancelled before it was answered. Nothing was charged.');
  });

  it('2.1.5: what became of a request for credit', () => {
    const say = (facts: Partial<typeof REQUEST>): string => creditRequestText({ ...REQUEST, ...facts }, texts, AGENT);
    expect(say({})).to.equal("Asked Dana and Luis. You'll see it here when they answer.");
    expect(say({ state: 'seen', answeredByName: 'Dana' })).to.equal('Dana has seen it.');
    expect(say({ state: 'granted', answeredByName: 'Dana', addedMicros: cents(2500) })).to.equal(
      'Dana added $25.00. You can call now.',
    );
    expect(say({ state: 'declined', answeredByName: 'Dana', words: 'wait until Monday' })).to.equal(
      "Dana can't add credit now: 'wait until Monday'.",
    );
  });

  it('F-27, 2.3.5: why a number cannot be bought', () => {
    expect(purchaseRefusalText(SHORT_FOR_NUMBER, texts)).to.equal('Needs $1.20, you have $0.50.');
  });
});

describe('what is typed or pasted', () => {
  it('keeps what a number is made of', () => {
    const cases = {
      'tel:+49 (0)151-234': '+49151234',
      ' 0151 / 234 56 ': '015123456',
      '1-800-FLOWERS': '18003569377',
      '*21#': '*21#',
      'sip:600;user=phone': '600',
      '+1+2': '+12',
      '٤۵６': '456',
      '\u2068+1 415 555 0100\u2069': '+14155550100',
      '\u202a‪＋49 30 1234‬': '+49301234',
      '\u200etel:+49\u00ad30': '+4930',
      '\u2068': '',
      '': '',
    };
    for (const [typed, digits] of Object.entries(cases)) expect(dialledText(typed), typed).to.equal(digits);
  });

  it('never grows beyond what the server takes', () => {
    expect(dialledText('1'.repeat(500))).to.have.length(40);
  });

  it('formats as typed by the office’s country, and leaves short numbers alone', () => {
    const format = numberFormat('US');
    expect(format.asTyped('+4915123456789')).to.equal('+49 1512 3456789');
    expect(format.asTyped('4155550142')).to.equal('(415) 555-0142');
    expect(format.asTyped('600')).to.equal('600');
    expect(format.complete('+14155550142')).to.equal('+1 415 555 0142');
    expect(numberFormat('ZZ').complete('112')).to.equal('112');
  });
});
