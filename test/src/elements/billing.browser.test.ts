/** The billing screens by hand: what they ask the phone for, where the focus goes, what an agent never sees. */
import { expect } from 'chai';
import { readCard } from '../../../src/elements/test-card-form.ts';
import type { CreditPhone } from '../../../src/index.ts';
import type { BillingWish } from '../../../src/phone/billing-snapshot.ts';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { BILLING_SCENES, billing } from '../../support/billing-scenes.ts';
import { ADMIN, AGENT, cents, IDLE, REQUEST } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import { sampleAutoRecharge, samplePayment, samplePaymentSettings } from '../../support/payment-samples.ts';

afterEach(() => document.body.replaceChildren());

async function scene(name: string): Promise<ShownScene> {
  const found = BILLING_SCENES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  return await showScene(found);
}

/** What the billing room was asked for, but for settings and payments, which every opened tab asks for. */
function wishes({ phone }: ShownScene): BillingWish[] {
  return asked(phone).filter(({ type: wish }) => wish !== 'open' && wish !== 'list_payments');
}

function asked(phone: ShownScene['phone']): BillingWish[] {
  return phone.asked.filter(([wish]) => wish === 'askBilling').map(([, wish]) => wish as BillingWish);
}

/** What has the focus, through shadow roots. */
function focused(): Element | null {
  let inner = document.activeElement;
  while (inner?.shadowRoot?.activeElement) inner = inner.shadowRoot.activeElement;
  return inner;
}

async function press(element: CreditPhone, name: string): Promise<void> {
  const pressed = button(element, name);
  pressed.focus();
  pressed.click();
  await settled(element);
}

async function type(element: CreditPhone, selector: string, text: string): Promise<void> {
  const field = find<HTMLInputElement>(element, selector);
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await settled(element);
}

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

describe('payments (S-18, F-24)', () => {
  it('are asked for when the tab is opened, and again for another office', async () => {
    const { phone, element } = await scene('billing');
    const listed = () => asked(phone).filter((wish) => wish.type === 'list_payments').length;
    phone.show({ billing: billing({}, { list: { state: 'loading' } }) });
    await settled(element);
    expect(listed()).to.equal(1);
    phone.show({ billing: billing() });
    await settled(element);
    expect(listed()).to.equal(2);
  });

  it('say who paid how much with which card, and what became of it', async () => {
    const { element } = await scene('payments-all');
    const rows = findAll(element, '.paid').map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows).to.have.length(7);
    expect(rows[0]).to.match(/^Dana \$50\.00 .* · Visa ··4242 On its way$/);
    expect(rows[1]).to.match(/^Auto-recharge \$25\.00 .*Paid Because credit fell to \$4\.96\. Receipt$/);
    expect(rows[2]).to.contain('Not paid The card was declined (not enough money on the card).');
    expect(rows[3]).to.match(/Paid back Credit note Receipt$/);
    expect(rows[4]).to.match(/^Luis .*\$10\.00 paid back$/);
    expect(rows[5]).to.match(/Cancelled$/);
    expect(rows[6]).to.match(/Not finished$/);
  });

  it('a receipt has its number for screen readers and is asked for by it', async () => {
    const shown = await scene('payments');
    await press(shown.element, 'Receipt acme-000007 as PDF');
    expect(wishes(shown)).to.deep.equal([{ type: 'save_paper', name: 'acme-000007' }]);
    const busy = await scene('payments-busy');
    expect(button(busy.element, 'Fetching… acme-000007 as PDF').disabled).to.equal(true);
  });

  it('"Show more" shows first what is there, then asks for the next page', async () => {
    const shown = await scene('payments');
    const rows = () => findAll(shown.element, '.paid').length;
    expect(rows()).to.equal(3);
    await press(shown.element, 'Show more');
    expect([rows(), wishes(shown)]).to.deep.equal([7, []]);
    expect(findAll(shown.element, '#more')).to.deep.equal([]);
    const { billing: before } = shown.phone.snapshot;
    if (before.state !== 'open' || before.list.state !== 'full') throw new Error('There is no list.');
    shown.phone.show({ billing: { ...before, list: { ...before.list, isMoreThere: true } } });
    await settled(shown.element);
    await press(shown.element, 'Show more');
    expect(wishes(shown)).to.deep.equal([{ type: 'more_payments' }]);
  });

  it('that cannot be shown say so, and are asked for again', async () => {
    const shown = await scene('payments-failed');
    expect(wordsOf(shown.element)).to.contain("The payments can't be shown now. They are not touched.");
    await press(shown.element, 'Try again');
    expect(asked(shown.phone).filter(({ type: wish }) => wish === 'list_payments')).to.have.length(2);
  });

  it('tell the host page of each payment once, and of none that was done before', async () => {
    const { element, phone } = await scene('billing');
    const heard: unknown[] = [];
    element.addEventListener('credit-phone-topup-done', ({ detail }) => heard.push(detail));
    const lastPaid = samplePayment();
    phone.show({ billing: billing({}, { lastPaid }) });
    phone.show({ billing: billing({ comingMicros: cents(1) }, { lastPaid }) });
    phone.show({ billing: { state: 'loading' } });
    phone.show({ billing: billing({}, { lastPaid }) });
    const { paymentId, officeId, kind, amountMicros, currency } = lastPaid;
    expect(heard).to.deep.equal([{ paymentId, officeId, kind, amountMicros, currency }]);
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

describe('adding credit', () => {
  it('F-14, F-15, D-07: the presets, the largest chosen; nothing is asked before Review', async () => {
    const shown = await scene('billing');
    await press(shown.element, 'Add credit');
    expect(findAll(shown.element, '.preset span').map((preset) => preset.textContent)).to.deep.equal([
      '$5',
      '$10',
      '$25',
    ]);
    expect(focused()?.localName).to.equal('form');
    expect(wishes(shown)).to.deep.equal([]);
    await press(shown.element, 'Review');
    expect(wishes(shown).at(-1)).to.deep.equal({
      type: 'review',
      plan: { amountMicros: cents(2500), payWith: 'saved_card', keepsCard: false },
    });
  });

  it('L-08: any amount within the bounds, in the writing of the language; everything else has its reason', async () => {
    const shown = await scene('billing-add');
    const before = wishes(shown).length;
    for (const [text, reason] of [
      ['abc', 'Write an amount like 37.50.'],
      ['-5', 'At least $5.00.'],
      ['4.99', 'At least $5.00.'],
      ['1e9', 'Write an amount like 37.50.'],
      ['1000.01', 'At most $1,000.00 at once.'],
      ['10.005', 'In steps of $0.01.'],
    ] as const) {
      await type(shown.element, 'form input[type=text]', text);
      await press(shown.element, 'Review');
      expect(find(shown.element, '#wrong').textContent, text).to.equal(reason);
      expect(find(shown.element, 'form input[type=text]').getAttribute('aria-invalid')).to.equal('true');
    }
    expect(wishes(shown).length).to.equal(before);
    await type(shown.element, 'form input[type=text]', '37,50');
    await press(shown.element, 'Review');
    expect(wishes(shown).at(-1)).to.deep.include({
      plan: { amountMicros: cents(3750), payWith: 'saved_card', keepsCard: false },
    });
  });

  it('F-16, C-23: how to get more, and that credit is not paid back, stand there before anything is paid', async () => {
    const { element } = await scene('billing-add');
    expect(wordsOf(element)).to.contain('Need more than $1,000.00? Write to support@harbour.example');
    expect(wordsOf(element)).to.contain("Credit can't be paid back.");
  });

  it('S-14: without a card the next step asks for one', async () => {
    const shown = await scene('billing-empty');
    await press(shown.element, 'Add credit');
    await press(shown.element, 'Review');
    expect(wishes(shown).at(-1)).to.deep.include({
      plan: { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true },
    });
  });

  it('S-08: Escape closes it and the focus goes back to its button', async () => {
    const { element } = await scene('billing-add');
    find(element, 'form').focus();
    focused()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    await settled(element);
    expect(focused()?.textContent?.trim()).to.equal('Add credit');
  });
});

describe('the checkout', () => {
  it('C-13: says amount and card once more; one click pays, the button waits', async () => {
    const shown = await scene('checkout-review');
    expect(wordsOf(shown.element)).to.contain('You pay $25.00 with Visa ··4242. Charged once, now.');
    await press(shown.element, 'Pay $25.00');
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'pay' });
    const busy = await scene('checkout-review-busy');
    expect(button(busy.element, 'Paying…').disabled).to.equal(true);
  });

  it('S-18: "Change card and pay" is one click away', async () => {
    const shown = await scene('checkout-review');
    await press(shown.element, 'Change card and pay');
    expect(wishes(shown).at(-1)).to.deep.equal({
      type: 'review',
      plan: { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true },
    });
  });

  it('takes the panel and the focus, step by step, and gives both back', async () => {
    const shown = await scene('billing');
    const { element, phone } = shown;
    await press(element, 'Add credit');
    find(element, 'form').focus();
    const plan = { amountMicros: cents(2500), payWith: 'saved_card', keepsCard: false } as const;
    phone.show({ billing: billing({}, { checkout: { step: 'review', plan, isBusy: false, refusal: null } }) });
    await settled(element);
    expect(focused()?.getAttribute('aria-label')).to.equal('Review');
    phone.show({ billing: billing({}, { checkout: { step: 'done', plan, card: null } }) });
    await settled(element);
    expect(focused()?.getAttribute('aria-label')).to.equal('Credit added');
    phone.show({ billing: billing() });
    await settled(element);
    expect(focused()?.getAttribute('aria-label')).to.equal('Credit');
  });

  it('F-17, C-24: says why a card was declined, that nothing was charged, what to do and whom to ask', async () => {
    const shown = await scene('checkout-declined');
    const words = wordsOf(shown.element);
    expect(words).to.contain('not enough money on the card');
    expect(words).to.contain('Nothing was charged.');
    expect(words).to.contain('support@harbour.example');
    await press(shown.element, 'Try another card');
    expect(wishes(shown).at(-1)).to.deep.include({
      plan: { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true },
    });
  });

  it('asks the bank’s question; Escape refuses nothing', async () => {
    const shown = await scene('checkout-bank');
    find(shown.element, '[role=dialog]').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
    );
    expect(wishes(shown)).to.deep.equal([]);
    await press(shown.element, 'Confirm');
    expect(wishes(shown)).to.deep.equal([{ type: 'answer_bank', isConfirmed: true }]);
  });
});

describe('the test card form', () => {
  it('sends what was typed, without spaces', async () => {
    const shown = await scene('checkout-card');
    await type(shown.element, '#number', '4242 4242 4242 4242');
    await type(shown.element, '#expiry', '09/39');
    await type(shown.element, '#cvc', '123');
    await press(shown.element, 'Pay $25.00');
    expect(wishes(shown).at(-1)).to.deep.equal({
      type: 'give_test_card',
      card: { number: '4242424242424242', expiryMonth: 9, expiryYear: 2039, cvc: '123' },
    });
  });

  it('says field by field what is wrong, sends nothing, and puts the focus there', async () => {
    const shown = await scene('checkout-card');
    await type(shown.element, '#number', '4242 4242 4242 4242');
    await press(shown.element, 'Pay $25.00');
    expect(wishes(shown)).to.deep.equal([]);
    expect(focused()?.id).to.equal('expiry');
    expect(find(shown.element, '#number').getAttribute('aria-invalid')).to.equal('false');
    expect(find(shown.element, '#cvc-wrong').textContent).to.equal('The code has 3 or 4 digits.');
  });

  it('C-24: says whom to ask when the card was not taken', async () => {
    expect(wordsOf((await scene('checkout-card-no-test-card')).element)).to.contain(
      'Only test cards are taken here, for instance 4242 4242 4242 4242. Nothing was charged. Questions about a payment: support@harbour.example',
    );
  });

  it('lets no browser fill in a real card, and says that only test cards are taken', async () => {
    const { element } = await scene('checkout-card');
    expect(findAll<HTMLInputElement>(element, '.field input').map(({ autocomplete }) => autocomplete)).to.deep.equal([
      'off',
      'off',
      'off',
    ]);
    expect(wordsOf(element)).to.contain('only test cards are taken, no real money moves');
  });

  it('reads cards as people write them', () => {
    const read = (number: string, expiry: string, cvc: string) =>
      readCard((field) => ({ number, expiry, cvc })[field], Date.UTC(2026, 2, 2));
    expect(read('4242-4242 42424242', '3/26', '1234')).to.deep.equal({
      card: { number: '4242424242424242', expiryMonth: 3, expiryYear: 2026, cvc: '1234' },
    });
    expect(read('4242424242424242', '02/26', '123')).to.deep.equal({ mistakes: { expiry: 'test.expiry.over' } });
    for (const expiry of ['13/30', '00/30', '', '9', 'ab/cd', '09/2030'])
      expect(read('4242424242424242', expiry, '123'), expiry).to.deep.equal({
        mistakes: { expiry: 'test.expiry.wrong' },
      });
    expect(Object.keys((read('1', '', '12') as { mistakes: object }).mistakes)).to.deep.equal([
      'number',
      'expiry',
      'cvc',
    ]);
  });
});

describe('auto-recharge', () => {
  it('F-19, F-21, F-22: off and closed; Edit opens it, nothing is saved before Save', async () => {
    const shown = await scene('billing');
    expect(wordsOf(shown.element)).to.contain('Off. Calls stop when the credit is used up.');
    expect(findAll(shown.element, '#threshold')).to.deep.equal([]);
    await press(shown.element, 'Edit');
    find<HTMLInputElement>(shown.element, '#switch').click();
    await settled(shown.element);
    await press(shown.element, 'Cancel');
    expect(wishes(shown)).to.deep.equal([]);
    expect(focused()?.textContent?.trim()).to.equal('Edit');
  });

  it('C-08, C-11: a switch, and "Save and turn on" only with the consent', async () => {
    const shown = await scene('billing-auto-form');
    const control = find<HTMLInputElement>(shown.element, '#switch');
    expect([control.getAttribute('role'), control.checked]).to.deep.equal(['switch', false]);
    control.click();
    await settled(shown.element);
    await press(shown.element, 'Save and turn on');
    expect(wishes(shown)).to.deep.equal([]);
    expect(wordsOf(shown.element)).to.contain('the card is only charged with your consent');
    expect(focused()?.id).to.equal('consent');
    find<HTMLInputElement>(shown.element, '#consent').click();
    await press(shown.element, 'Save and turn on');
    expect(wishes(shown).at(-1)).to.deep.equal({
      type: 'save_auto_recharge',
      settings: {
        isOn: true,
        thresholdMicros: cents(500),
        amountMicros: cents(2500),
        monthlyLimitMicros: cents(10_000),
        hasConsented: true,
      },
    });
  });

  it('says the most it can ever take, from what stands in the fields, and takes the consent back when they change', async () => {
    const { element } = await scene('billing-auto-form-on');
    find<HTMLInputElement>(element, '#consent').click();
    await settled(element);
    expect(wordsOf(element)).to.contain('The most it can ever take from your card: $100.00 in a month.');
    await type(element, '#amount', '30');
    expect(wordsOf(element)).to.contain('The most it can ever take from your card: $90.00 in a month.');
    expect(find<HTMLInputElement>(element, '#consent').checked).to.equal(false);
    expect(wordsOf(element)).to.contain('Credit is already below $5.00, so $30.00 is charged as soon as you save.');
    await type(element, '#limit', '20');
    await press(element, 'Save');
    expect(find(element, '#limit-wrong').textContent).to.equal('At least $30.00: one recharge.');
  });

  it('can be turned off whatever stands in the fields', async () => {
    const shown = await scene('billing-auto-form-on');
    await type(shown.element, '#threshold', 'nonsense');
    find<HTMLInputElement>(shown.element, '#switch').click();
    await settled(shown.element);
    await press(shown.element, 'Save and turn off');
    expect(wishes(shown).at(-1)).to.deep.include({ type: 'save_auto_recharge' });
    expect(wishes(shown).at(-1)).to.have.nested.property('settings.isOn', false);
  });

  it('F-23, L-15: cannot be turned on in a trial or without a card, and says why', async () => {
    for (const [cannotTurnOn, words] of [
      ['trial', 'Auto-recharge starts with your paid plan.'],
      ['card_missing', 'Add a card first.'],
    ] as const) {
      const { element, box } = await showScene({
        name: cannotTurnOn,
        panel: 'credit',
        press: ['Edit'],
        snapshot: { ...IDLE, me: ADMIN, billing: billing({ autoRecharge: sampleAutoRecharge({ cannotTurnOn }) }) },
      });
      expect(find<HTMLInputElement>(element, '#switch').disabled).to.equal(true);
      expect(find(element, '#why-not').textContent).to.equal(words);
      box.remove();
    }
  });

  it('closes when it is saved, and stays open with the reason when it is refused', async () => {
    const { element, phone } = await scene('billing-auto-form-on');
    const settings = { autoRecharge: sampleAutoRecharge({ isOn: true }) };
    phone.show({ billing: billing(settings, { isSaving: true }) });
    await settled(element);
    phone.show({ billing: billing(settings, { refusal: { code: 'unavailable', whoCanFix: 'operator' } }) });
    await settled(element);
    expect(wordsOf(element)).to.contain('The answer did not arrive.');
    phone.show({ billing: billing(settings, { isSaving: true }) });
    await settled(element);
    phone.show({ billing: billing(settings) });
    await settled(element);
    expect(findAll(element, '#threshold')).to.deep.equal([]);
    expect(samplePaymentSettings().autoRecharge.isOn).to.equal(false);
  });
});
