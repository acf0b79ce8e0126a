/** From review to credit by hand: what is asked, where the focus goes, what a failure says. */
import { expect } from 'chai';
import { readCard } from '../../../src/elements/test-card-form.ts';
import { billing } from '../../support/billing-scenes.ts';
import { focused, press, scene, type, wishes } from '../../support/billing-stage.ts';
import { cents } from '../../support/element-facts.ts';
import { button, find, findAll, settled, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('the checkout', () => {
  it('C-13: says amount and card once more; one click pays, the button waits', async () => {
    const shown = await scene('checkout-review');
    expect(wordsOf(shown.element)).to.contain('You pay $25.00 with Visa ··4242. Charged once, now.');
    await press(shown.element, 'Pay $25.00');
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'pay' });
    const busy = await scene('checkout-review-busy');
    expect(button(busy.element, 'Paying…').disabled).to.equal(true);
  });

  it('L-09, S-17: the saved card, with its end, and a new one can both be picked; what is picked is asked for', async () => {
    const shown = await scene('checkout-review');
    const methods = () => findAll<HTMLInputElement>(shown.element, '[name=method]');
    expect(
      methods().map(({ labels, checked }) => [labels?.[0]?.textContent?.replace(/\s+/g, ' ').trim(), checked]),
    ).to.deep.equal([
      ['Visa ··4242ends 09/29', true],
      ['New card', false],
    ]);
    methods()[1]?.click();
    await settled(shown.element);
    const plan = { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true } as const;
    expect(wishes(shown)).to.deep.equal([{ type: 'review', plan }]);
  });

  it('S-18: "Change card and pay" is the button as soon as the new card takes the place of the saved one', async () => {
    const shown = await scene('checkout-review-new');
    expect(wordsOf(shown.element)).to.contain('This card takes the place of Visa ··4242 once it has paid.');
    await press(shown.element, 'Change card and pay');
    expect(wishes(shown)).to.deep.equal([{ type: 'pay' }]);
    const first = await scene('checkout-review-first-card');
    expect(findAll(first.element, '[name=method]')).to.deep.equal([]);
    await press(first.element, 'Enter card');
    expect(wishes(first)).to.deep.equal([{ type: 'pay' }]);
  });

  it('D-15: on account it says ceiling and invoice date, that no card is charged, and afterwards where it stands', async () => {
    const shown = await scene('checkout-review-account');
    const words = wordsOf(shown.element);
    expect(words).to.contain('You add $25.00 on account. No card is charged; it goes on the next invoice.');
    expect(words).to.contain('Open before this $40.00 of $500.00 Invoiced on Sun, Feb 1');
    expect(words).not.to.contain('Visa');
    await press(shown.element, 'Add $25.00 on account');
    expect(wishes(shown)).to.deep.equal([{ type: 'pay' }]);
    expect(wordsOf((await scene('checkout-review-ceiling')).element)).to.contain(
      'At most $10.00 can be added on account now. Nothing was added.',
    );
    expect(wordsOf((await scene('checkout-done-account')).element)).to.contain(
      'Added $25.00 on account. It stands on the invoice of Sun, Feb 1. New credit $17.80.',
    );
  });

  it('S-10, D-09, D-16: the review says what auto-recharge will take and that Pay agrees to it; the end says whether it is on', async () => {
    const { element } = await scene('checkout-review-auto');
    const words = wordsOf(element);
    expect(words).to.contain('On: below $5.00 add $25.00, at most $100.00 a month.');
    expect(words).to.contain(
      'With Pay I agree that Visa ··4242 is charged $25.00 without asking whenever credit falls below $5.00',
    );
    expect(words).to.contain('The most it can ever take from your card: $100.00 in a month.');
    expect(wordsOf((await scene('checkout-review-auto-new')).element)).to.contain(
      'The card is kept: auto-recharge needs it.',
    );
    expect(wordsOf((await scene('checkout-done-auto')).element)).to.contain('Auto-recharge is on.');
    expect(wordsOf((await scene('checkout-done-auto-refused')).element)).to.contain(
      'Auto-recharge is not on: Auto-recharge starts with your paid plan.',
    );
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
