/** Confirming a card by hand: the small charge, its amount, the tries that are left, and how to go on (D-22 to D-24). */
import { expect } from 'chai';
import { BILLING_SCENES } from '../../support/billing-scenes.ts';
import { focused, press, scene, type, wishes } from '../../support/billing-stage.ts';
import { cents } from '../../support/element-facts.ts';
import { button, find, findAll, settled, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('confirming a card', () => {
  it('D-23: says what will happen before anything is charged; one click sends the charge', async () => {
    const shown = await scene('checkout-confirm');
    expect(wordsOf(shown.element)).to.contain('Before Visa ··4242 pays, we make sure that it is yours');
    expect(wordsOf(shown.element)).to.contain('It is given back.');
    expect(wishes(shown)).to.deep.equal([]);
    await press(shown.element, 'Send the small charge');
    expect(wishes(shown)).to.deep.equal([{ type: 'charge_check' }]);
    const busy = await scene('checkout-confirm-busy');
    expect(button(busy.element, 'Sending the charge…').disabled).to.equal(true);
  });

  it('D-22: without a card one is saved first', async () => {
    const shown = await scene('checkout-confirm-no-card');
    await press(shown.element, 'Add a card');
    expect(wishes(shown)).to.deep.equal([{ type: 'change_card' }]);
  });

  it('D-24: takes the amount as people write it; what it cannot be at all is not sent and costs no try', async () => {
    const shown = await scene('checkout-confirm-amount');
    expect(find<HTMLInputElement>(shown.element, '#charge').labels?.[0]?.textContent).to.equal('Amount of the charge');
    expect(wordsOf(shown.element)).to.contain('3 tries left.');
    for (const text of ['', 'abc', '1', '1.00', '2', '-1.37', '1e0']) {
      await type(shown.element, '#charge', text);
      await press(shown.element, 'Confirm card');
      expect(find(shown.element, '#charge-wrong').textContent, text).to.equal(
        'Write an amount from $1.01 to $1.99, like 1.23. That cost no try.',
      );
    }
    expect([focused()?.id, wishes(shown)]).to.deep.equal(['charge', []]);
    await type(shown.element, '#charge', '1,37');
    await press(shown.element, 'Confirm card');
    expect(wishes(shown)).to.deep.equal([{ type: 'guess_check', amountMicros: cents(137) }]);
  });

  it('a wrong amount says so, and how many tries are left', async () => {
    const { element } = await scene('checkout-confirm-wrong');
    expect(find(element, '#charge-wrong').textContent).to.equal('That is not the amount.');
    expect(wordsOf(element)).to.contain('1 try left.');
  });

  it('D-24: locked says what became of the charge and how to go on', async () => {
    const shown = await scene('checkout-confirm-locked');
    expect(wordsOf(shown.element)).to.contain(
      'so Visa ··4242 cannot be confirmed today. The charge is given back. Use another card now, or begin again tomorrow.',
    );
    expect(wordsOf(shown.element)).to.contain('support@harbour.example');
    expect(findAll(shown.element, '#charge')).to.deep.equal([]);
    await press(shown.element, 'Use another card');
    expect(wishes(shown)).to.deep.equal([{ type: 'change_card' }]);
  });

  it('a charge that did not get through or is too old can be sent again; the limit of the day says when', async () => {
    for (const name of ['checkout-confirm-failed', 'checkout-confirm-expired']) {
      const shown = await scene(name);
      await press(shown.element, 'Send a new charge');
      expect(wishes(shown), name).to.deep.equal([{ type: 'charge_check' }]);
      shown.box.remove();
    }
    expect(wordsOf((await scene('checkout-confirm-limit')).element)).to.contain(
      'The card cannot be checked again today. Nothing was charged. Begin again tomorrow.',
    );
  });

  it('the bank is asked about the small charge, not about the payment', async () => {
    expect(wordsOf((await scene('checkout-bank-check')).element)).to.contain(
      'Do you want to allow the small charge that confirms this card?',
    );
  });

  it('takes the focus of the step before it, and Escape leaves it', async () => {
    const shown = await scene('billing');
    await press(shown.element, 'Add credit');
    find(shown.element, 'form').focus();
    const confirming = BILLING_SCENES.find(({ name }) => name === 'checkout-confirm');
    shown.phone.show({ billing: confirming?.snapshot.billing ?? shown.phone.snapshot.billing });
    await settled(shown.element);
    expect(focused()?.getAttribute('aria-label')).to.equal('Confirm your card');
    focused()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }));
    await settled(shown.element);
    expect(wishes(shown).at(-1)).to.deep.equal({ type: 'leave' });
  });
});
