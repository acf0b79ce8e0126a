/** How the whole widget follows the credit: without it, for each role, and when it arrives. */
import { expect } from 'chai';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import {
  ADMIN,
  BALANCE,
  CALL,
  cents,
  EMPTY_BALANCE,
  HELD_BALANCE,
  IDLE,
  NO_CREDIT,
  REQUEST,
  SHOP_NUMBER,
  SHORT_FOR_NUMBER,
} from '../../support/element-facts.ts';
import { pressed, show } from '../../support/element-hands.ts';
import { find, findAll, settled, showScene, wordsOf } from '../../support/element-stage.ts';

/** A server that takes no payments and keeps no statements. */
const NO_BILLING = { billing: { state: 'off' }, statement: { forecast: null, usage: { state: 'off' } } } as const;
const EMPTY: PhoneSnapshot = { ...IDLE, balance: EMPTY_BALANCE, creditLevel: 'empty' };

function shopOf(...numbers: (typeof SHOP_NUMBER)[]): PhoneSnapshot['shop'] {
  return { state: 'full', numbers, isMoreThere: false, buying: null, bought: null, refusal: null };
}

afterEach(() => document.body.replaceChildren());

describe('<credit-phone> without credit', () => {
  it('F-26: who has no credit and presses Call reads why in an alert, with one way out', async () => {
    const shown = await show({ ...EMPTY, dialled: '+4915123456789' });
    await pressed(shown, 'Call');
    expect(shown.phone.asked).to.deep.equal([['dial', '+4915123456789']]);
    shown.phone.show({ call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } });
    await settled(shown.element);
    expect(find(shown.element, '[role=alert]').textContent).to.equal(
      "You can't call: the account has no credit. Nothing was charged.",
    );
    expect(findAll(shown.element, 'button.primary').length).to.equal(1);
    await pressed(shown, 'Ask for credit');
    expect(wordsOf(shown.element)).to.include('Tell your admin why (optional)');
  });

  it('S-04: an error message is shown when calling has used the credit up, with what the call cost', async () => {
    const shown = await show({
      ...EMPTY,
      call: {
        ...CALL,
        phase: 'ended',
        endReason: 'credit_exhausted',
        talkSeconds: 723,
        costMicros: cents(72),
        isCostSettled: true,
      },
    });
    expect(find(shown.element, '[role=alert]').textContent).to.equal(
      'The call ended because the credit ran out after 12:03. It cost $0.72.',
    );
  });

  it('S-04: an error message is shown when buying a number was refused for want of credit', async () => {
    const shop = { ...shopOf(SHOP_NUMBER), refusal: SHORT_FOR_NUMBER };
    const shown = await show({ ...EMPTY, me: ADMIN, shop }, 'numbers');
    expect(find(shown.element, '[role=alert]').textContent).to.equal('Needs $1.20, you have $0.50.');
  });

  it('S-05: after credit was added the same call can be made, without a reload', async () => {
    const shown = await show({ ...EMPTY, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } });
    shown.phone.show({ balance: BALANCE, creditLevel: 'ok', creditArrivedMicros: cents(2500) });
    await settled(shown.element);
    await pressed(shown, 'Call back');
    expect(shown.phone.asked).to.deep.equal([['dismissCall'], ['setDialled', CALL.number]]);
  });

  it('asks for credit with a reason, and shows the answer when it comes', async () => {
    const shown = await showScene({ name: 'ask', snapshot: EMPTY, view: 'ask' });
    find<HTMLTextAreaElement>(shown.element, 'textarea').value = ' customer on the line ';
    await pressed(shown, 'Ask for credit');
    expect(shown.phone.asked).to.deep.equal([['askForCredit', 'customer on the line']]);
    shown.phone.show({ creditRequests: [{ ...REQUEST, state: 'seen', answeredByName: 'Dana' }] });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.include('Dana has seen it.');
  });

  it('S-03: shows no dial pad where the phone is switched off, but the reason', async () => {
    const shown = await show({ ...IDLE, me: null, signInRefusal: { code: 'phone_disabled', whoCanFix: 'operator' } });
    expect(findAll(shown.element, 'credit-phone-dial-pad').length).to.equal(0);
    expect(wordsOf(shown.element)).to.include('Phone is switched off');
  });
});

describe('<credit-phone> for agents and admins', () => {
  it('F-05, C-03: an agent has no control that adds credit, on any tab', async () => {
    for (const panel of ['phone', 'history', 'numbers', 'credit'] as const) {
      const shown = await show(
        { ...EMPTY, creditRequests: [REQUEST], shop: shopOf({ ...SHOP_NUMBER, refusal: SHORT_FOR_NUMBER }) },
        panel,
      );
      expect(
        findAll(shown.element, 'credit-phone-credit-panel, credit-phone-credit-request-banner, #tab-credit').length,
      ).to.equal(0);
      expect(wordsOf(shown.element)).to.not.match(/Add (play )?credit|Add \$/);
      shown.box.remove();
    }
  });

  it('an admin adds play credit once per click, and not while one is on its way', async () => {
    const shown = await show({ ...IDLE, me: ADMIN, ...NO_BILLING }, 'credit');
    await pressed(shown, 'Add $25.00');
    expect(shown.phone.asked).to.deep.equal([['addPlayCredit', cents(2500), { requestId: null }]]);
    shown.phone.show({ isAddingCredit: true });
    await settled(shown.element);
    await pressed(shown, 'Adding…');
    expect(shown.phone.asked.length).to.equal(1);
  });

  it('an admin chooses another amount; what is no amount or out of range cannot be sent', async () => {
    const shown = await show({ ...IDLE, me: ADMIN }, 'credit');
    const other = find<HTMLInputElement>(shown.element, '.amounts > input');
    for (const [typed, isGood] of [
      ['7,50', true],
      ['0', false],
      ['1000', true],
      ['1000.01', false],
      ['abc', false],
      ['-5', false],
    ] as const) {
      other.value = typed;
      other.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await settled(shown.element);
      expect(find<HTMLButtonElement>(shown.element, 'form button.primary').disabled, typed).to.equal(!isGood);
    }
  });

  it('shows what is held and by what, what works, and asks the server before the pause switch moves', async () => {
    const shown = await show({ ...IDLE, me: ADMIN, balance: HELD_BALANCE, ...NO_BILLING }, 'credit');
    expect(wordsOf(shown.element)).to.include('$0.60 held by 2 running calls');
    expect(wordsOf(shown.element)).to.include('Sam Okafor, Germany, mobile $0.36');
    const pause = find<HTMLInputElement>(shown.element, '[role=switch]');
    pause.click();
    await settled(shown.element);
    expect(shown.phone.asked).to.deep.equal([['setPause', true]]);
    expect(pause.checked).to.equal(false);
    shown.phone.show({ balance: { ...HELD_BALANCE, pause: { sinceMs: 0, byName: 'Dana' } } });
    await settled(shown.element);
    expect(pause.checked).to.equal(true);
  });

  it('an agent’s request reaches the admin, who adds credit or says not now', async () => {
    const shown = await show({ ...IDLE, me: ADMIN, creditRequests: [REQUEST] });
    expect(wordsOf(shown.element)).to.include("Sam asks for credit: 'customer on the line'.");
    await pressed(shown, 'Add $25.00');
    await pressed(shown, 'Not now');
    expect(shown.phone.wishes()).to.deep.equal(['addPlayCredit']);
    await pressed(shown, 'Decline');
    expect(shown.phone.asked).to.deep.equal([
      ['addPlayCredit', cents(2500), { requestId: REQUEST.requestId }],
      ['answerCreditRequest', REQUEST.requestId, { state: 'declined', words: null }],
    ]);
  });

  it('an agent of another office is not answered with play credit for one’s own', async () => {
    const shown = await show({ ...IDLE, me: ADMIN, creditRequests: [{ ...REQUEST, officeId: 'porto' }] });
    expect(wordsOf(shown.element)).to.include('Sam asks for credit');
    expect(wordsOf(shown.element)).not.to.include('Add $25.00');
    await pressed(shown, 'Not now');
  });
});

describe('<credit-phone> number shop', () => {
  it('F-27, S-01: Buy is disabled with the reason beside it, and is enabled without a reload when credit arrives', async () => {
    const shown = await show(
      { ...IDLE, me: ADMIN, shop: shopOf({ ...SHOP_NUMBER, refusal: SHORT_FOR_NUMBER }) },
      'numbers',
    );
    const buy = find<HTMLButtonElement>(shown.element, '.buy');
    expect(buy.disabled).to.equal(true);
    const reason = (buy.getRootNode() as ShadowRoot).getElementById(buy.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).to.equal('Needs $1.20, you have $0.50.');
    buy.click();
    expect(shown.phone.wishes()).to.not.include('buyNumber');
    shown.phone.show({ shop: shopOf(SHOP_NUMBER) });
    await settled(shown.element);
    expect(buy.disabled).to.equal(false);
    expect(buy.hasAttribute('aria-describedby')).to.equal(false);
    buy.click();
    await settled(shown.element);
    expect(shown.phone.asked.filter(([wish]) => wish === 'buyNumber')).to.deep.equal([
      ['buyNumber', SHOP_NUMBER.number],
    ]);
  });

  it('searches when it is opened, and by country, type and digits', async () => {
    const shown = await show({ ...IDLE, me: ADMIN }, 'numbers');
    expect(shown.phone.asked.filter(([wish]) => wish === 'searchNumbers')).to.deep.equal([['searchNumbers', {}]]);
    find<HTMLSelectElement>(shown.element, 'select[name=country]').value = 'DE';
    find<HTMLSelectElement>(shown.element, 'select[name=type]').value = 'mobile';
    find<HTMLInputElement>(shown.element, 'input[name=digits]').value = '15-1';
    await pressed(shown, 'Search');
    expect(shown.phone.asked.at(-1)).to.deep.equal([
      'searchNumbers',
      { country: 'DE', type: 'mobile', contains: '151' },
    ]);
  });

  it('counts the amount up once when credit arrives, and never shows more than there is', async () => {
    const shown = await show({ ...IDLE, me: ADMIN }, 'credit');
    const amounts = new Set<number>();
    const read = (): number => Number(find(shown.element, '.amount').textContent?.replace(/[^\d.]/g, ''));
    shown.phone.show({ balance: { ...BALANCE, availableMicros: cents(4340) }, creditArrivedMicros: cents(2500) });
    for (let began = performance.now(); performance.now() - began < 900; ) {
      await new Promise(requestAnimationFrame);
      amounts.add(read());
    }
    expect(read()).to.equal(43.4);
    expect([...amounts]).to.deep.equal([...amounts].sort((a, b) => a - b));
    expect(amounts.size).to.be.greaterThan(3);
    shown.phone.show({ balance: { ...BALANCE, availableMicros: cents(4300) }, creditArrivedMicros: null });
    await settled(shown.element);
    expect(read()).to.equal(43);
  });

  it('does not count where motion is not wanted', async () => {
    const { matchMedia } = window;
    const shown = await show({ ...IDLE, me: ADMIN }, 'credit');
    try {
      // Only this one fact is asked of the list.
      window.matchMedia = () => ({ matches: true }) as MediaQueryList;
      shown.phone.show({ balance: { ...BALANCE, availableMicros: cents(4340) }, creditArrivedMicros: cents(2500) });
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      expect(find(shown.element, '.amount').textContent).to.equal('$43.40');
    } finally {
      window.matchMedia = matchMedia;
    }
  });

  it('history: calls again, and explains what a call cost', async () => {
    const shown = await show(IDLE, 'history');
    expect(wordsOf(shown.element)).to.include('13 × 1 min at $0.055, rounded up');
    expect(wordsOf(shown.element)).to.include('621 × 6 sec at $1.8797 a minute, $0.05 to connect, rounded up');
    find(shown.element, '.row button').click();
    await settled(shown.element);
    expect(shown.phone.asked).to.deep.equal([['dial', '+4915123456789']]);
    expect(shown.element.panel).to.equal('phone');
  });
});
