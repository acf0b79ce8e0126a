/** Own numbers above the shop: what each says about its rent, and what an admin can do about it (REQUIREMENTS 2.3 no. 5). */
import { expect } from 'chai';
import type { OwnNumbersSnapshot } from '../../../src/phone/own-numbers-snapshot.ts';
import { AGENT, cents, SHOP_NUMBER } from '../../support/element-facts.ts';
import { button, find, findAll, type ShownScene, settled, showScene, wordsOf } from '../../support/element-stage.ts';
import {
  FULL_OWN_NUMBERS,
  HELD_NUMBER,
  LATE_NUMBER,
  OWN_NUMBER,
  OWN_NUMBER_SCENES,
} from '../../support/own-number-scenes.ts';

afterEach(() => document.body.replaceChildren());

async function scene(name: string): Promise<ShownScene> {
  const found = OWN_NUMBER_SCENES.find((one) => one.name === `own-numbers-${name}`);
  if (!found) throw new Error(`There is no scene ${name}`);
  return await showScene(found);
}

async function show(shown: ShownScene, ownNumbers: OwnNumbersSnapshot): Promise<void> {
  shown.phone.show({ ownNumbers });
  await settled(shown.element);
}

function wishes({ phone }: ShownScene): unknown[] {
  return phone.asked.filter(([wish]) => wish === 'askOwnNumbers').map(([, wish]) => wish);
}

/** Requests reach the phone once the code that hears them is there. */
async function press(shown: ShownScene, name: string): Promise<void> {
  button(shown.element, name).click();
  await settled(shown.element);
}

async function choose(shown: ShownScene, list: HTMLSelectElement, value: string): Promise<void> {
  list.value = value;
  list.dispatchEvent(new Event('change', { bubbles: true }));
  await settled(shown.element);
}

describe('own numbers', () => {
  it('are asked for when the tab is opened, once', async () => {
    const shown = await scene('loading');
    await show(shown, { state: 'unopened' });
    document.body.replaceChildren();
    const unopened = await showScene({
      ...(OWN_NUMBER_SCENES[0] ?? shown),
      name: 'unopened',
      snapshot: { ...shown.phone.snapshot, ownNumbers: { state: 'unopened' } },
    });
    expect(wishes(unopened)).to.deep.equal([{ type: 'open' }]);
  });

  it('are folded away while all is well, and leave the shop where it is', async () => {
    const shown = await scene('folded');
    expect(find<HTMLDetailsElement>(shown.element, 'details').open).to.equal(false);
    expect(find(shown.element, '[part=number-row]').textContent).to.contain(SHOP_NUMBER.region);
  });

  it('say from when on another price holds, what it was, and which one the next rent has', async () => {
    const shown = await scene('folded');
    const newPrice = { monthlyMicros: cents(250), fromDay: '2026-04-01' };
    await show(shown, { ...FULL_OWN_NUMBERS, numbers: [{ ...OWN_NUMBER, newPrice }] });
    expect(wordsOf(shown.element)).to.contain('Paid until March 28, then $1.00 a month.');
    expect(wordsOf(shown.element)).to.contain('From April 1 on it costs $2.50 a month instead of $1.00.');
    await show(shown, { ...FULL_OWN_NUMBERS, numbers: [{ ...OWN_NUMBER, newPrice, nextRentDay: '2026-04-01' }] });
    expect(wordsOf(shown.element)).to.contain('Paid until April 1, then $2.50 a month.');
    const held = { ...HELD_NUMBER, newPrice, dueMicros: cents(250) };
    await show(shown, { ...FULL_OWN_NUMBERS, numbers: [held] });
    expect(wordsOf(shown.element)).to.contain('Pay $2.50 to get it back.');
  });

  it('complaint 25: unfold when a number needs somebody, that one first, with its dates and what to pay', async () => {
    const shown = await scene('at-risk');
    const rows = findAll(shown.element, '[part=own-number-row]').map((row) =>
      (row.textContent ?? '').replace(/\s+/g, ' '),
    );
    expect(find<HTMLDetailsElement>(shown.element, 'details').open).to.equal(true);
    expect(rows[0]).to.contain('Rent of $1.00 is due in 5 days and the credit will not cover it.');
    expect(rows[1]).to.contain('Rent is 2 days late. The number works until March 10.');
    expect(rows[1]).to.contain('Then it is on hold, and kept until April 9.');
    expect(rows[2]).to.contain('The number is on hold. It is kept for you until April 3. Pay $1.00 to get it back.');
    expect(rows[3]).to.contain('Paid until March 28, then $1.00 a month.');
    expect(rows[3]).to.contain('Without more credit it works until April 4 and is kept until May 4.');
    expect(rows[4]).to.contain('$1.00 for the next month is set aside.');
    expect(rows[5]).to.contain('The number was given back on February 20.');
    expect(wordsOf(shown.element)).to.contain(
      '$1.00 of the next credit pays overdue rent. $1.00 is set aside for rent.',
    );
  });

  it('say in how many days rent is due, and how many it is late, as the server counts them', async () => {
    const shown = await scene('folded');
    const due = (rentInDays: number) => ({ ...OWN_NUMBER, isCovered: false, rentInDays });
    const words = async (number: typeof OWN_NUMBER) => {
      await show(shown, { ...FULL_OWN_NUMBERS, numbers: [number] });
      return wordsOf(shown.element);
    };
    expect(await words(due(1))).to.contain('Rent of $1.00 is due in one day and');
    expect(await words(due(0))).to.contain('Rent of $1.00 is due today and');
    expect(await words({ ...LATE_NUMBER, rentInDays: -1 })).to.contain('Rent is one day late. The number works until');
    expect(await words({ ...LATE_NUMBER, rentInDays: 0 })).to.contain('Rent was due today. The number works until');
  });

  it('one click pays what is due; while it is paid nothing else can be changed', async () => {
    const shown = await scene('held');
    await press(shown, 'Pay $1.00');
    expect(wishes(shown)).to.deep.equal([{ type: 'restore', number: LATE_NUMBER.number }]);
    await show(shown, { ...FULL_OWN_NUMBERS, numbers: [LATE_NUMBER, HELD_NUMBER], changing: HELD_NUMBER.number });
    expect(
      findAll<HTMLButtonElement>(shown.element, '[part=own-number-row] button').every(({ disabled }) => disabled),
    ).to.equal(true);
  });

  it('a number is given back after a second answer only, and the harmless one has the focus', async () => {
    const shown = await scene('release');
    const keep = find<HTMLButtonElement>(shown.element, '#keep');
    expect((keep.getRootNode() as ShadowRoot).activeElement).to.equal(keep);
    expect(wordsOf(shown.element)).to.contain('back for good?');
    keep.click();
    await settled(shown.element);
    expect(wishes(shown)).to.deep.equal([]);
    await press(shown, 'Give back…');
    await press(shown, 'Give back');
    expect(wishes(shown)).to.deep.equal([{ type: 'release', number: HELD_NUMBER.number }]);
  });

  it('what was refused says why beside its number, and leads to the credit', async () => {
    const shown = await scene('refused');
    expect(wordsOf(shown.element)).to.contain('Needs $1.00, you have $0.50.');
    expect(
      findAll(shown.element, 'credit-phone-own-numbers')[0]?.shadowRoot?.querySelector('credit-phone-fix-button'),
    ).not.to.equal(null);
  });

  it('is assigned to a person of the office, or to everybody', async () => {
    const shown = await scene('held');
    const list = findAll<HTMLSelectElement>(shown.element, '[part=own-number-row] select')[0];
    if (!list) throw new Error('Nothing to choose from');
    expect(list.selectedOptions[0]?.textContent).to.equal('Mia Lindqvist');
    await choose(shown, list, 'lisbon\nsam');
    await choose(shown, list, 'lisbon\n');
    const { number } = LATE_NUMBER;
    expect(wishes(shown)).to.deep.equal([
      { type: 'assign', number, officeId: 'lisbon', personId: 'sam' },
      { type: 'assign', number, officeId: 'lisbon', personId: null },
    ]);
  });

  it('which one calls show is chosen among those that this person may show', async () => {
    const shown = await scene('at-risk');
    const list = find<HTMLSelectElement>(shown.element, '#caller');
    expect([...list.options].map(({ value }) => value)).to.deep.equal([
      '',
      '+14155550142',
      '+14155550143',
      '+442079460123',
    ]);
    await choose(shown, list, '+14155550143');
    await choose(shown, list, '');
    expect(shown.phone.asked.filter(([wish]) => wish === 'chooseCaller')).to.deep.equal([
      ['chooseCaller', '+14155550143'],
      ['chooseCaller', null],
    ]);
  });

  it('agents see their numbers, and no button that the server would refuse', async () => {
    const shown = await scene('at-risk');
    shown.phone.show({
      me: AGENT,
      ownNumbers: { ...FULL_OWN_NUMBERS, numbers: [OWN_NUMBER, LATE_NUMBER], rent: null },
    });
    await settled(shown.element);
    expect(findAll(shown.element, '[part=own-number-row]')).to.have.length(2);
    expect(findAll(shown.element, '[part=own-number-row] button')).to.deep.equal([]);
  });

  it('says so when there are none, or when they are not known', async () => {
    expect(wordsOf((await scene('none')).element)).to.contain('You have no numbers yet. Buy one below.');
    const failed = await scene('failed');
    expect(wordsOf(failed.element)).to.contain('Nothing has changed about them.');
    await press(failed, 'Try again');
    expect(wishes(failed)).to.deep.equal([{ type: 'open' }]);
  });
});
