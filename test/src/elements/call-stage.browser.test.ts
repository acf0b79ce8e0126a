import { expect } from 'chai';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import { micros } from '../../../src/protocol/money.ts';
import { CALL, HELD_BALANCE, IDLE } from '../../support/element-facts.ts';
import { key, pressed, show } from '../../support/element-hands.ts';
import { button, find, findAll, settled, showScene, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

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
