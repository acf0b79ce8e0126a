/** The Credit tab of an admin by hand: what it shows, whom it is for, what it asks the phone for. */
import { expect } from 'chai';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { billing } from '../../support/billing-scenes.ts';
import { asked, focused, press, scene, type, wishes } from '../../support/billing-stage.ts';
import { ADMIN, AGENT, cents, IDLE, REQUEST } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('who sees it', () => {
  it('F-05, C-03: an agent has neither the tab nor a word of it, whatever the snapshot says', async () => {
    const { element } = await showScene({
      name: 'agent',
      panel: 'credit',
      snapshot: { ...IDLE, me: AGENT, billing: billing({ comingMicros: cents(100) }) },
    });
    expect(findAll(element, 'credit-phone-credit-panel')).to.deep.equal([]);
    expect(findAll(element, '#tab-credit')).to.deep.equal([]);
    expect(wordsOf(element)).not.to.match(/auto-recharge|payment method|visa/i);
  });

  it('asks for the settings when the tab is opened', async () => {
    const [first] = asked((await scene('billing')).phone);
    expect(first).to.deep.equal({ type: 'open' });
  });
});

describe("an agent's request (S-05, 2.3 no. 7)", () => {
  async function requested(facts: Partial<PhoneSnapshot> = {}): Promise<ShownScene> {
    const snapshot = { ...IDLE, me: ADMIN, creditRequests: [REQUEST], billing: billing(), ...facts };
    return await showScene({ name: 'request', snapshot });
  }

  it('leads with one click to the Credit tab of that office, also in a demo that takes payments', async () => {
    const shown = await requested();
    await press(shown.element, 'Add credit');
    expect(shown.element.panel).to.equal('credit');
    const { requestId, officeId } = REQUEST;
    expect(wishes(shown)[0]).to.deep.equal({ type: 'answer_request', asked: { requestId, officeId } });
    shown.phone.show({ billing: billing({}, { answering: requestId }) });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.contain('Once it is added, Sam is told. How much?');
    await press(shown.element, 'Cancel');
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'answer_request', asked: null });
  });

  it('is answered with one click where the button can say amount and card, and leads to what comes of it', async () => {
    const shown = await requested({ billing: billing({ officeId: REQUEST.officeId }) });
    await press(shown.element, 'Add $25.00 with card ··4242');
    const { requestId, officeId } = REQUEST;
    const plan = { amountMicros: cents(2500), payWith: 'saved_card', keepsCard: false } as const;
    expect(wishes(shown)[0]).to.deep.equal({ type: 'grant_request', asked: { requestId, officeId }, plan });
    expect(shown.element.panel).to.equal('credit');
  });

  it('has no such click without a card, for another office, on account, or while a card must be confirmed', async () => {
    const { officeId } = REQUEST;
    for (const settings of [
      { officeId, card: null },
      { officeId: 'elsewhere' },
      { officeId, isCardUnconfirmed: true },
      { officeId, isDisputed: true },
      { officeId, onAccount: { openMicros: cents(0), ceilingMicros: cents(100) } },
    ]) {
      const shown = await requested({ billing: billing(settings) });
      expect(findAll(shown.element, '#pay'), JSON.stringify(settings)).to.deep.equal([]);
      expect(button(shown.element, 'Add credit').disabled).to.equal(false);
      shown.box.remove();
    }
  });

  it('stays play credit where the server takes no payments, and nobody can press before that is known', async () => {
    const { element, phone } = await requested({ billing: { state: 'loading' } });
    expect(button(element, 'Add credit').disabled).to.equal(true);
    phone.show({ billing: { state: 'off' } });
    await settled(element);
    await press(element, 'Add $25.00');
    expect(phone.asked).to.deep.equal([['addPlayCredit', cents(2500), { requestId: REQUEST.requestId }]]);
  });

  it('is declined with words, and Escape or Back declines nothing', async () => {
    const { element, phone } = await requested();
    await press(element, 'Not now');
    expect(focused()?.id).to.equal('words');
    focused()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    await settled(element);
    expect([focused()?.id, phone.wishes()]).to.deep.equal(['not-now', []]);
    await press(element, 'Not now');
    await type(element, '#words', ' wait until Monday ');
    await press(element, 'Decline');
    expect(phone.asked).to.deep.equal([
      ['answerCreditRequest', REQUEST.requestId, { state: 'declined', words: 'wait until Monday' }],
    ]);
  });
});

describe('offices (D-12, D-13)', () => {
  it('one office needs no switch', async () => {
    expect(findAll((await scene('billing')).element, '#office')).to.deep.equal([]);
  });

  it('the chosen one has its own credit on the panel, while the bar and the calls stay with the phone’s own', async () => {
    const { element } = await scene('office-other');
    expect(find(element, '[part=balance-amount]').textContent).to.equal('$0.00');
    expect(find(element, '.bar').textContent).to.contain('$17.80');
    expect(wordsOf(element)).to.contain(
      'You see the credit of Berlin office. Calls from this phone still use the credit of Lisbon office.',
    );
    expect(findAll(element, '[role=switch]'), 'the pause switch is the own office’s').to.deep.equal([]);
  });

  it('is chosen with a labelled select, by keyboard as by mouse', async () => {
    const shown = await scene('office-own');
    const select = find<HTMLSelectElement>(shown.element, '#office');
    expect(select.labels[0]?.textContent).to.equal('Office');
    expect(select.selectedOptions[0]?.textContent).to.equal('Lisbon office (this phone)');
    select.value = 'berlin';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await settled(shown.element);
    expect(wishes(shown)).to.deep.equal([{ type: 'choose_office', officeId: 'berlin' }]);
  });

  it('play credit is never offered for another office: it would go to the own one', async () => {
    const { element } = await scene('office-other-off');
    expect(wordsOf(element)).not.to.contain('Add play credit');
  });
});

describe('the panel', () => {
  it('L-05, L-07, C-06: balance first, Add credit beside it, then what is held, auto-recharge and the card', async () => {
    const words = wordsOf((await scene('billing-auto-on')).element);
    const order = [
      '$17.80',
      'Add credit',
      '$0.60 held',
      'What works now',
      'Auto-recharge',
      'Payment method',
      'Visa ··4242',
    ];
    const places = order.map((part) => words.indexOf(part, words.indexOf('Lisbon office')));
    expect(
      places.every((place) => place >= 0),
      words,
    ).to.equal(true);
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
    expect(words).to.contain('The most it can ever take from your card: $100.00 in a month.');
  });

  it('S-16, S-17: shows brand, last four and end of the card, and nothing else of it', async () => {
    const { element } = await scene('billing');
    expect(wordsOf(element)).to.contain('Visa ··4242 ends 09/29');
    expect(wordsOf(element)).not.to.match(/\d{12}/);
  });

  it('says what is on its way, in the panel and in the credit bar', async () => {
    const { element } = await scene('billing-coming');
    expect(wordsOf(element)).to.contain('$25.00 on its way. It appears by itself.');
    expect(find(element, '.bar').textContent?.replace(/\s+/g, ' ')).to.contain('$25.00 on its way');
  });

  it('D-05: where the server takes no payments credit comes from support, as before', async () => {
    const { element } = await scene('billing-off');
    expect(wordsOf(element)).to.contain('Credit is added by support: support@harbour.example');
    expect(findAll(element, '#add')).to.deep.equal([]);
  });

  it('removes the card after it has asked, and only then', async () => {
    const shown = await scene('billing');
    await press(shown.element, 'Remove');
    expect(focused()?.textContent?.trim()).to.equal('Keep it');
    await press(shown.element, 'Keep it');
    expect(wishes(shown).some(({ type: wish }) => wish === 'remove_card')).to.equal(false);
    await press(shown.element, 'Remove');
    await press(shown.element, 'Remove card');
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'remove_card' });
  });
});
