/** The billing screens by hand: what they ask the phone for, where the focus goes, what an agent never sees. */
import { expect } from 'chai';
import { readCard } from '../../../src/elements/test-card-form.ts';
import type { CreditPhone } from '../../../src/index.ts';
import type { BillingWish } from '../../../src/phone/billing-snapshot.ts';
import { BILLING_SCENES, billing } from '../../support/billing-scenes.ts';
import { ADMIN, AGENT, cents, IDLE, REQUEST } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import { sampleAutoRecharge, samplePaymentSettings } from '../../support/payment-samples.ts';

afterEach(() => document.body.replaceChildren());

async function scene(name: string): Promise<ShownScene> {
  const found = BILLING_SCENES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  return await showScene(found);
}

/** What the billing room was asked for, but for the settings, which every opened tab asks for. */
function wishes({ phone }: ShownScene): BillingWish[] {
  return asked(phone).filter(({ type: wish }) => wish !== 'open');
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
    expect(asked((await scene('billing')).phone)).to.deep.equal([{ type: 'open' }]);
  });
});

describe("an agent's request", () => {
  it('leads to the Credit tab, where amount and card are seen, when credit costs money', async () => {
    const snapshot = { ...IDLE, me: { ...ADMIN, isDemo: false }, creditRequests: [REQUEST], billing: billing() };
    const { element } = await showScene({ name: 'request', snapshot });
    await press(element, 'Add credit');
    expect(element.panel).to.equal('credit');
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
