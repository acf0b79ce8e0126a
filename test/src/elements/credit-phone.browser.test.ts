import { expect } from 'chai';
import { CreditPhone } from '../../../src/index.ts';
import {
  ADMIN,
  AGENT,
  BALANCE,
  CALL,
  EMPTY_BALANCE,
  IDLE,
  NO_CREDIT,
  QUOTE,
  REQUEST,
} from '../../support/element-facts.ts';
import { FakePhone } from '../../support/element-fake-phone.ts';
import { key, pressed, show } from '../../support/element-hands.ts';
import { button, find, findAll, settled, showScene, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

describe('<credit-phone> and dialling', () => {
  it('types by key pad, dials by Call, and shows the number in its national format', async () => {
    const shown = await show(IDLE);
    for (const digit of ['6', '0', '0']) find(shown.element, `[data-key="${digit}"]`).click();
    await settled(shown.element);
    await pressed(shown, 'Call');
    expect(shown.phone.asked.filter(([wish]) => wish === 'pressKey').map(([, digit]) => digit)).to.deep.equal([
      '6',
      '0',
      '0',
    ]);
    expect(shown.phone.asked.filter(([wish]) => wish === 'setDialled').at(-1)).to.deep.equal(['setDialled', '600']);
    expect(shown.phone.asked.at(-1)).to.deep.equal(['dial', '600']);
  });

  it('takes a pasted number, whatever is around its digits', async () => {
    const shown = await show(IDLE);
    const field = find<HTMLInputElement>(shown.element, 'input[type=tel]');
    field.value = 'tel:+49 (0)1512-3456789';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await settled(shown.element);
    expect(shown.phone.snapshot.dialled).to.equal('+4915123456789');
    for (let waited = 0; waited < 100 && field.value === '+4915123456789'; waited += 1) await settled(shown.element);
    expect(field.value).to.equal('+49 1512 3456789');
  });

  it('brings the last number back when Call is pressed on an empty field, and calls it only then', async () => {
    const shown = await show(IDLE);
    await pressed(shown, 'Call');
    expect(shown.phone.asked).to.deep.equal([['setDialled', '+4915123456789']]);
  });

  it('says why Call cannot be pressed, linked to the button', async () => {
    const shown = await show({ ...IDLE, me: null });
    const call = button(shown.element, 'Call');
    expect(call.getAttribute('aria-disabled')).to.equal('true');
    const reason = (call.getRootNode() as ShadowRoot).getElementById(call.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).to.equal('Connecting the phone…');
    await pressed(shown, 'Call');
    expect(shown.phone.asked).to.deep.equal([]);
  });

  it('lets the host page prevent a request, also in a listener that was added last', async () => {
    const shown = await show({ ...IDLE, dialled: '600' });
    const heard: string[] = [];
    shown.element.addEventListener('credit-phone-dial-request', (event) => {
      heard.push(event.detail.to);
      event.preventDefault();
    });
    await pressed(shown, 'Call');
    expect(heard).to.deep.equal(['600']);
    expect(shown.phone.wishes()).to.not.include('dial');
  });

  it('keeps the price tag’s space, so that nothing jumps when the price arrives', async () => {
    const shown = await show({ ...IDLE, dialled: '+4915123456789' });
    const before = find(shown.element, '[data-key="5"]').getBoundingClientRect().top;
    shown.phone.show({ quote: { state: 'known', to: '+4915123456789', quote: QUOTE } });
    await settled(shown.element);
    expect(find(shown.element, '[data-key="5"]').getBoundingClientRect().top).to.equal(before);
    expect(wordsOf(shown.element)).to.include('$0.06 a minute · about 68 min');
  });

  it('hints at the echo number in the demo only', async () => {
    const hint = 'Try 600 for echo: you hear yourself.';
    expect(wordsOf((await show(IDLE)).element)).to.include(hint);
    expect(wordsOf((await show({ ...IDLE, me: { ...AGENT, isDemo: false } })).element)).to.not.include(hint);
  });

  it('offers dial() and hangUp() to the host page', async () => {
    const shown = await show(IDLE);
    shown.element.dial('600');
    shown.element.hangUp();
    expect(shown.phone.asked).to.deep.equal([['dial', '600'], ['hangUp']]);
  });
});

describe('<credit-phone> in a host page', () => {
  it('takes properties that were set before the class was there', async () => {
    const early = document.createElement('credit-phone-early') as CreditPhone;
    const phone = new FakePhone(IDLE);
    Object.assign(early, { phone, panel: 'history' });
    document.body.append(early);
    customElements.define('credit-phone-early', class extends CreditPhone {});
    await settled(early);
    expect(early.phone).to.equal(phone);
    expect(early.shadowRoot?.querySelector('#tab-history')?.getAttribute('aria-selected')).to.equal('true');
  });

  it('keeps the call when it is moved in the page, and ends it when it is removed', async () => {
    const shown = await show({ ...IDLE, call: CALL });
    const elsewhere = document.createElement('div');
    document.body.append(elsewhere);
    elsewhere.append(shown.element);
    await settled(shown.element);
    expect(shown.phone.asked).to.deep.equal([]);
    shown.element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    expect(shown.phone.asked).to.deep.equal([['hangUp']]);
    expect(shown.phone.listenerCount).to.equal(0);
  });

  it('works again when it comes back', async () => {
    const shown = await show(IDLE);
    shown.element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    document.body.append(shown.element);
    await settled(shown.element);
    shown.phone.show({ balance: EMPTY_BALANCE, creditLevel: 'empty' });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.include('No credit');
  });

  it('reflects call, line and credit for CSS', async () => {
    const shown = await show({ ...IDLE, call: CALL });
    expect(
      ['call-status', 'line-status', 'credit-level'].map((name) => shown.element.getAttribute(name)),
    ).to.deep.equal(['talking', 'registered', 'ok']);
  });

  it('tells each fact once, from itself', async () => {
    const element = new CreditPhone();
    const heard: string[] = [];
    for (const name of [
      'ready',
      'call-change',
      'call-ended',
      'call-refused',
      'balance-change',
      'credit-low',
      'credit-empty',
      'ask-for-credit',
      'error',
    ]) {
      element.addEventListener(`credit-phone-${name}`, (event) => {
        expect(event.target).to.equal(element);
        heard.push(name);
      });
    }
    const phone = new FakePhone(IDLE);
    element.phone = phone;
    document.body.append(element);
    await settled(element);
    phone.show({ creditLevel: 'low', balance: { ...BALANCE, version: 2, level: 'low' } });
    phone.show({ creditLevel: 'empty', balance: { ...EMPTY_BALANCE, version: 3 } });
    phone.show({ call: { ...CALL, phase: 'refused', refusal: NO_CREDIT } });
    phone.show({ call: { ...CALL, phase: 'refused', refusal: NO_CREDIT } });
    phone.show({ call: null, creditRequests: [REQUEST] });
    phone.show({ call: { ...CALL, phase: 'ended', endReason: 'hung_up' }, lineFault: 'unreachable' });
    expect(heard).to.deep.equal([
      'ready',
      'balance-change',
      'balance-change',
      'credit-low',
      'balance-change',
      'credit-empty',
      'call-change',
      'call-refused',
      'call-change',
      'ask-for-credit',
      'call-change',
      'call-ended',
      'error',
    ]);
  });

  it('shows the keys on "?", but leaves what is typed into a field alone', async () => {
    const shown = await show(IDLE);
    await key(shown, '?', find(shown.element, 'input'));
    expect(findAll(shown.element, 'credit-phone-keys-help').length).to.equal(0);
    await key(shown, '?');
    expect(wordsOf(shown.element)).to.include('Keyboard keys');
    await key(shown, 'Escape');
    expect(findAll(shown.element, 'credit-phone-keys-help').length).to.equal(0);
  });

  it('moves between tabs by arrow keys', async () => {
    const shown = await show({ ...IDLE, me: ADMIN });
    const first = find(shown.element, '#tab-phone');
    first.focus();
    await key(shown, 'ArrowLeft', first);
    expect(shown.element.panel).to.equal('credit');
    expect(shown.element.shadowRoot?.activeElement?.id).to.equal('tab-credit');
  });

  it('opens a menu with who is signed in, and closes it by Escape', async () => {
    const shown = await show(IDLE);
    await pressed(shown, 'Menu');
    expect(wordsOf(shown.element)).to.include(AGENT.name);
    await key(shown, 'Escape', find(shown.element, '.menu button'));
    expect(findAll(shown.element, '.menu').length).to.equal(0);
  });

  it('never shows more of the credit than the policy allows, whatever the attribute says', async () => {
    const shown = await showScene({
      name: 'time',
      snapshot: { ...IDLE, me: { ...AGENT, showBalance: 'time' } },
      showBalance: 'money',
    });
    expect(wordsOf(shown.element)).to.include('About 3 h of calls left');
    expect(wordsOf(shown.element)).to.not.include('$18.40');
  });

  it('fills the field by the number property, without calling', async () => {
    const shown = await show(IDLE);
    shown.element.number = '600';
    await settled(shown.element);
    expect(shown.phone.asked).to.deep.equal([['setDialled', '600']]);
  });
});
