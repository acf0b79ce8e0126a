import { expect } from 'chai';
import { CreditPhone } from '../../../src/index.ts';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { micros } from '../../../src/protocol/money.ts';
import {
  ADMIN,
  AGENT,
  BALANCE,
  CALL,
  cents,
  EMPTY_BALANCE,
  HELD_BALANCE,
  IDLE,
  NO_CREDIT,
  QUOTE,
  REQUEST,
  SHOP_NUMBER,
  SHORT_FOR_NUMBER,
} from '../../support/element-facts.ts';
import { FakePhone } from '../../support/element-fake-phone.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';

/** A server that takes no payments and keeps no statements. */
const NO_BILLING = { billing: { state: 'off' }, statement: { forecast: null, usage: { state: 'off' } } } as const;
const EMPTY: PhoneSnapshot = { ...IDLE, balance: EMPTY_BALANCE, creditLevel: 'empty' };

function show(
  snapshot: PhoneSnapshot,
  panel: 'phone' | 'history' | 'numbers' | 'credit' = 'phone',
): Promise<ShownScene> {
  return showScene({ name: 'test', snapshot, panel });
}

/** Requests are carried out after their event's dispatch is over. */
async function pressed(shown: ShownScene, name: string): Promise<void> {
  button(shown.element, name).click();
  await settled(shown.element);
}

async function key(shown: ShownScene, name: string, target: Element = shown.element): Promise<void> {
  target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true }));
  await settled(shown.element);
}

function shopOf(...numbers: (typeof SHOP_NUMBER)[]): PhoneSnapshot['shop'] {
  return { state: 'full', numbers, isMoreThere: false, buying: null, bought: null, refusal: null };
}

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

describe('<credit-phone> in a call', () => {
  const talking: PhoneSnapshot = { ...IDLE, balance: HELD_BALANCE, call: CALL };

  it('asks to mute, hold, resume and hang up, and shows only what is confirmed', async () => {
    const shown = await show(talking);
    for (const name of ['Mute', 'Hold', 'Hang up']) await pressed(shown, name);
    expect(shown.phone.asked).to.deep.equal([['setMuted', true], ['setHeld', true], ['hangUp']]);
    expect(button(shown.element, 'Mute')).to.be.instanceOf(HTMLButtonElement);
    shown.phone.show({ call: { ...CALL, isMuted: true, isHeld: true } });
    await settled(shown.element);
    await pressed(shown, 'Resume');
    expect(shown.phone.asked.at(-1)).to.deep.equal(['setHeld', false]);
    expect(wordsOf(shown.element)).to.include('On hold');
  });

  it('shows timer, running cost and time left', async () => {
    const shown = await show(talking);
    expect(find(shown.element, '[role=timer]').textContent?.trim()).to.equal('02:14');
    expect(wordsOf(shown.element)).to.include('$0.18 about 41 min left');
  });

  for (const [seconds, words] of [
    [120, '2 minutes of credit left. Finish or ask for credit now.'],
    [60, '1 minute left.'],
    [30, '30 seconds left.'],
  ] as const) {
    it(`warns at ${seconds} s: in sight, in the live region, and to the host page`, async () => {
      const shown = await show(talking);
      const heard: number[] = [];
      shown.element.addEventListener('credit-phone-call-ending-soon', (event) =>
        heard.push(event.detail.warningSeconds),
      );
      shown.phone.show({ call: { ...CALL, warning: seconds, secondsLeft: seconds } });
      shown.phone.show({ call: { ...CALL, warning: seconds, secondsLeft: seconds - 1 } });
      await settled(shown.element);
      expect(wordsOf(shown.element)).to.include(words);
      expect(find(shown.element, '[aria-live=assertive]').textContent).to.equal(words);
      expect(heard).to.deep.equal([seconds]);
    });
  }

  it('keys: M mutes, H holds, digits send tones, Escape asks before it hangs up', async () => {
    const shown = await show(talking);
    await key(shown, 'm');
    await key(shown, 'H');
    await key(shown, '5');
    expect(shown.phone.asked).to.deep.equal([
      ['setMuted', true],
      ['setHeld', true],
      ['pressKey', '5'],
    ]);
    await key(shown, 'Escape');
    expect(shown.phone.wishes()).to.not.include('hangUp');
    expect(find(shown.element, '[role=alertdialog]').getAttribute('aria-label')).to.equal('Hang up this call?');
    await key(shown, 'Escape');
    expect(findAll(shown.element, '[role=alertdialog]').length).to.equal(0);
    await key(shown, 'Escape');
    find(shown.element, '.yes').click();
    await settled(shown.element);
    expect(shown.phone.wishes()).to.include('hangUp');
  });

  it('says time, cost and time left when T is pressed, and by itself once a minute, not each second', async () => {
    const shown = await show(talking);
    const said = (): string | undefined => find(shown.element, '[role=status]').textContent?.trim();
    shown.phone.show({ call: { ...CALL, talkSeconds: 135 } });
    await settled(shown.element);
    expect(said()).to.equal('');
    await key(shown, 't');
    expect(said()).to.equal('02:15 - $0.18 - about 41 min left');
    shown.phone.show({ call: { ...CALL, talkSeconds: 179 } });
    await settled(shown.element);
    expect(said()).to.equal('02:15 - $0.18 - about 41 min left');
    shown.phone.show({ call: { ...CALL, talkSeconds: 180 } });
    await settled(shown.element);
    expect(said()).to.equal('03:00 - $0.18 - about 41 min left');
  });

  it('says when the microphone is gone, in sight and in the live region, until there is one again', async () => {
    const shown = await show(talking);
    const words = 'No microphone: nobody hears you. Plug one in.';
    shown.phone.show({ call: { ...CALL, microphoneFault: 'missing' } });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.include(words);
    expect(find(shown.element, '[role=status]').textContent).to.equal(words);
    shown.phone.show({ call: CALL });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.not.include(words);
  });

  it('keeps Hang up in sight when the keys are open', async () => {
    const shown = await showScene({ name: 'keys', snapshot: talking, press: ['Keys'] }, { widthPx: 280 });
    const stage = find(shown.element, '.stage').getBoundingClientRect();
    expect(find(shown.element, '.hang-up').getBoundingClientRect().bottom).to.be.at.most(stage.bottom);
  });

  it('shrinks to a strip with timer, cost and hang up when another tab is opened', async () => {
    const shown = await show(talking);
    find(shown.element, '#tab-history').click();
    await settled(shown.element);
    expect(find(shown.element, '.strip').textContent?.replace(/\s+/g, ' ')).to.include('02:14 $0.18');
    await pressed(shown, 'Hang up');
    expect(shown.phone.asked).to.deep.equal([['hangUp']]);
  });

  it('never says that answering costs nothing before the server has told the price', async () => {
    const unpriced = { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0, isFree: false } as const;
    const shown = await show({ ...IDLE, call: { ...unpriced, perMinuteMicros: micros(0) } });
    expect(wordsOf(shown.element)).to.include('Checking the price…').and.not.include('$0.00');
    shown.phone.show({ call: { ...unpriced, perMinuteMicros: micros(20_000) } });
    await settled(shown.element);
    expect(wordsOf(shown.element)).to.include('Answering costs $0.02 a minute');
  });

  it('answers by Enter and declines by button', async () => {
    const incoming = { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0 } as const;
    const shown = await show({ ...IDLE, call: incoming });
    await key(shown, 'Enter');
    await pressed(shown, 'Decline');
    expect(shown.phone.asked).to.deep.equal([
      ['answer', CALL.callId],
      ['decline', CALL.callId],
    ]);
  });

  it('says visibly that sound is blocked, and offers the click that allows it', async () => {
    const shown = await show({ ...IDLE, isSoundBlocked: true });
    expect(wordsOf(shown.element)).to.include('Sound is blocked by the browser.');
    await pressed(shown, 'Turn sound on');
    expect(shown.phone.asked).to.deep.equal([['unblockSound']]);
  });

  it('moves the focus into the call when whoever called was in the widget, and leaves it to the page otherwise', async () => {
    const shown = await show({ ...IDLE, dialled: '600' });
    button(shown.element, 'Call').focus();
    shown.phone.show({ call: CALL });
    await settled(shown.element);
    expect(shown.element.matches(':focus-within')).to.equal(true);
    const other = await show(IDLE);
    other.phone.show({ call: CALL });
    await settled(other.element);
    expect(other.element.matches(':focus-within')).to.equal(false);
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
