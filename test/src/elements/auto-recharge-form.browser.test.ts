/** Auto-recharge by hand: the switch, the amounts, the consent. */
import { expect } from 'chai';
import { billing } from '../../support/billing-scenes.ts';
import { focused, press, scene, type, wishes } from '../../support/billing-stage.ts';
import { ADMIN, cents, IDLE } from '../../support/element-facts.ts';
import { find, findAll, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import { sampleAutoRecharge, samplePaymentSettings } from '../../support/payment-samples.ts';

afterEach(() => document.body.replaceChildren());

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

  it('S-14: where the product asks for the card on Save, the switch works without one and says what comes next', async () => {
    const shown = await scene('billing-auto-form-no-card');
    const control = find<HTMLInputElement>(shown.element, '#switch');
    expect(control.disabled).to.equal(false);
    expect(find(shown.element, '#why-not').textContent).to.contain('It is asked for when you save');
    control.click();
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.contain('I agree that the card that I add next is charged $25.00');
    find<HTMLInputElement>(shown.element, '#consent').click();
    await press(shown.element, 'Save and add a card');
    expect(wishes(shown).at(-1)).to.have.nested.property('settings.isOn', true);
  });
});
