/** Choosing an amount by hand. */
import { expect } from 'chai';
import { focused, press, scene, type, wishes } from '../../support/billing-stage.ts';
import { cents } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('adding credit', () => {
  it('F-14, F-15, D-07: the presets, the largest chosen; nothing is asked before Next', async () => {
    const shown = await scene('billing');
    await press(shown.element, 'Add credit');
    expect(findAll(shown.element, '.preset span').map((preset) => preset.textContent)).to.deep.equal([
      '$5',
      '$10',
      '$25',
    ]);
    expect(focused()?.localName).to.equal('form');
    expect(wishes(shown)).to.deep.equal([]);
    await press(shown.element, 'Next');
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
      await press(shown.element, 'Next');
      expect(find(shown.element, '#wrong').textContent, text).to.equal(reason);
      expect(find(shown.element, 'form input[type=text]').getAttribute('aria-invalid')).to.equal('true');
    }
    expect(wishes(shown).length).to.equal(before);
    await type(shown.element, 'form input[type=text]', '37,50');
    await press(shown.element, 'Next');
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
    await press(shown.element, 'Next');
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

  it('S-09: a drop-down where the product has one: 10 first, 1000 last, and what is picked is taken', async () => {
    const shown = await scene('billing-add-list');
    const list = find<HTMLSelectElement>(shown.element, '#amount');
    expect(list.labels[0]?.textContent).to.equal('Amount');
    expect([...list.options].map(({ text }) => text)).to.deep.equal(['$5', '$10', '$25']);
    expect(list.selectedIndex).to.equal(0);
    expect(findAll(shown.element, '.preset, form input[type=text]')).to.deep.equal([]);
    await press(shown.element, 'Next');
    expect(wishes(shown).at(-1)).to.have.nested.property('plan.amountMicros', cents(500));
    list.selectedIndex = 2;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    await settled(shown.element);
    await press(shown.element, 'Next');
    expect(wishes(shown).at(-1)).to.have.nested.property('plan.amountMicros', cents(2500));
  });

  it('D-07: "Next" is disabled until an amount is chosen, where the product suggests none', async () => {
    const { element } = await scene('billing-add-choose');
    const next = () => button(element, 'Next').disabled;
    expect([next(), findAll(element, '.preset input:checked').length]).to.deep.equal([true, 0]);
    await type(element, 'form input[type=text]', '30');
    expect(next()).to.equal(false);
    await type(element, 'form input[type=text]', '');
    expect(next()).to.equal(true);
    find<HTMLInputElement>(element, '.preset input').click();
    await settled(element);
    expect(next()).to.equal(false);
  });

  it('D-15: an account with an invoice adds credit on account, whatever card is saved', async () => {
    const shown = await scene('billing-on-account');
    expect(wordsOf(shown.element)).to.contain(
      'On account: $40.00 of $500.00 are open. The next invoice comes on Sun, Feb 1.',
    );
    await press(shown.element, 'Add credit');
    expect(findAll(shown.element, '#auto')).to.deep.equal([]);
    await press(shown.element, 'Next');
    expect(wishes(shown).at(-1)).to.deep.include({
      plan: { amountMicros: cents(2500), payWith: 'invoice', keepsCard: false },
    });
  });
});

describe('auto-recharge in the same step (S-10, D-08, D-18)', () => {
  const tick = async ({ element }: ShownScene): Promise<void> => {
    find<HTMLInputElement>(element, '#auto').click();
    await settled(element);
  };

  it('is unticked, names the real amounts, and shows its fields when it is ticked', async () => {
    const shown = await scene('billing-add');
    const box = find<HTMLInputElement>(shown.element, '#auto');
    expect([box.type, box.checked]).to.deep.equal(['checkbox', false]);
    expect(box.labels?.[0]?.textContent?.trim()).to.equal('Also add $25.00 by itself when credit falls below $5.00');
    expect(findAll(shown.element, '#threshold')).to.deep.equal([]);
    await tick(shown);
    expect(
      ['threshold', 'amount', 'limit'].map((id) => find<HTMLInputElement>(shown.element, `#${id}`).value),
    ).to.deep.equal(['5', '25', '100']);
    await type(shown.element, '#threshold', '8');
    expect(box.labels?.[0]?.textContent?.trim()).to.equal('Also add $25.00 by itself when credit falls below $8.00');
    expect(wishes(shown)).to.deep.equal([]);
  });

  it('S-11, S-12: amounts out of bounds say so and go no further; good ones go along with the plan', async () => {
    const shown = await scene('billing-add');
    await tick(shown);
    await type(shown.element, '#amount', '9.99');
    await press(shown.element, 'Next');
    expect(find(shown.element, '#amount-wrong').textContent).to.equal('At least $10.00.');
    expect([focused()?.id, wishes(shown)]).to.deep.equal(['amount', []]);
    await type(shown.element, '#amount', '30');
    await press(shown.element, 'Next');
    expect(wishes(shown).at(-1)).to.have.deep.nested.property('plan.autoRecharge', {
      thresholdMicros: cents(500),
      amountMicros: cents(3000),
      monthlyLimitMicros: cents(10_000),
    });
  });

  it('D-09: unticked again, or cancelled and opened again, nothing of it is left', async () => {
    const shown = await scene('billing-add');
    await tick(shown);
    await tick(shown);
    await press(shown.element, 'Next');
    expect(wishes(shown).at(-1)).to.have.property('plan').that.does.not.have.property('autoRecharge');
    await tick(shown);
    await press(shown.element, 'Cancel');
    await press(shown.element, 'Add credit');
    expect(find<HTMLInputElement>(shown.element, '#auto').checked).to.equal(false);
  });

  it('F-23: cannot be ticked during a trial, and says why; a card that is missing comes with the payment', async () => {
    const trial = await scene('billing-add-trial');
    expect(find<HTMLInputElement>(trial.element, '#auto').disabled).to.equal(true);
    expect(find(trial.element, '#auto-why').textContent).to.equal('Auto-recharge starts with your paid plan.');
    trial.box.remove();
    const cardless = await scene('billing-auto-form-no-card');
    await press(cardless.element, 'Cancel');
    await press(cardless.element, 'Add credit');
    expect(find<HTMLInputElement>(cardless.element, '#auto').disabled).to.equal(false);
  });

  it('is not offered where it is on already', async () => {
    const { element } = await scene('billing-auto-on');
    await press(element, 'Add credit');
    expect(findAll(element, '#auto')).to.deep.equal([]);
  });
});
