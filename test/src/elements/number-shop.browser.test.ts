/** The number shop as a person meets it: filters, prices that add up, the warning before the last credit, and orders at carriers. */
import { expect } from 'chai';
import type { PhoneSnapshot } from '../../../src/phone/phone-snapshot.ts';
import type { ShopNumber } from '../../../src/protocol/number.ts';
import { ADMIN, cents, IDLE, SHOP_NUMBER } from '../../support/element-facts.ts';
import { find, findAll, type ShownScene, settled, showScene } from '../../support/element-stage.ts';

const DUE = {
  ...SHOP_NUMBER.due,
  setupMicros: cents(20),
  firstMonthMicros: cents(34),
  days: 10,
  daysInMonth: 30,
  nextRentDay: '2026-12-01',
};
const NUMBER: ShopNumber = { ...SHOP_NUMBER, dueTodayMicros: cents(54), due: DUE };

function shopOf(...numbers: readonly ShopNumber[]): Extract<PhoneSnapshot['shop'], { state: 'full' }> {
  return { state: 'full', numbers, isMoreThere: false, buying: null, bought: null, refusal: null };
}

function show(shop: PhoneSnapshot['shop'], me = ADMIN): Promise<ShownScene> {
  return showScene({ name: 'test', snapshot: { ...IDLE, me, shop }, panel: 'numbers' });
}

function textsOf(shown: ShownScene, selector: string): readonly (string | undefined)[] {
  return findAll(shown.element, selector).map(({ textContent }) => textContent?.trim().replace(/\s+/g, ' '));
}

async function choose(shown: ShownScene, name: string, value: string): Promise<void> {
  const control = find<HTMLSelectElement | HTMLInputElement>(shown.element, `form [name=${name}]`);
  control.value = value;
  control.dispatchEvent(new Event('change', { bubbles: true }));
  await settled(shown.element);
}

function lastSearch({ phone }: ShownScene): unknown {
  return phone.asked.filter(([wish]) => wish === 'searchNumbers').at(-1)?.[1];
}

afterEach(() => document.body.replaceChildren());

describe('<credit-phone-number-shop> search', () => {
  it('asks for digits where they are wanted, for use and type', async () => {
    const shown = await show(shopOf(NUMBER));
    await choose(shown, 'digits', '0-0');
    expect(lastSearch(shown)).to.deep.equal({ contains: '00' });
    await choose(shown, 'mode', 'ends');
    expect(lastSearch(shown)).to.deep.equal({ ends: '00' });
    await choose(shown, 'mode', 'starts');
    await choose(shown, 'features', 'sms');
    await choose(shown, 'type', 'toll_free');
    expect(lastSearch(shown)).to.deep.equal({ type: 'toll_free', features: 'sms', starts: '00' });
  });

  it('takes an area code with a country only, and says so', async () => {
    const shown = await show(shopOf(NUMBER));
    const areaCode = find<HTMLInputElement>(shown.element, 'input[name=areaCode]');
    expect(areaCode.disabled).to.equal(true);
    expect(areaCode.getAttribute('aria-label')).to.equal('Area code: choose a country first');
    await choose(shown, 'country', 'DE');
    expect(areaCode.disabled).to.equal(false);
    await choose(shown, 'areaCode', '30');
    expect(lastSearch(shown)).to.deep.equal({ country: 'DE', areaCode: '30' });
    await choose(shown, 'country', '');
    expect(areaCode.disabled).to.equal(true);
    expect(lastSearch(shown)).to.deep.equal({});
  });

  it('says in a sentence that the carrier cannot be reached, and tries again', async () => {
    const shown = await show({ state: 'failed', refusal: { code: 'carrier_unavailable', whoCanFix: 'nobody' } });
    expect(textsOf(shown, '.problem')[0]).to.match(/number provider can’t be reached. Nothing was charged/);
    find(shown.element, 'section button:not([type=submit])').click();
    await settled(shown.element);
    expect(lastSearch(shown)).to.deep.equal({});
  });
});

describe('<credit-phone-number-shop> price', () => {
  it('F-27: opens to the items of what is due today, which add up, and to the day of the next rent', async () => {
    const shown = await show(shopOf(NUMBER));
    expect(textsOf(shown, 'summary').slice(-1)).to.deep.equal(['$0.54 today, $1.00/month']);
    find<HTMLDetailsElement>(shown.element, 'details.price').open = true;
    expect(textsOf(shown, '.price dl > div')).to.deep.equal([
      'Set-up$0.20',
      'Until November 30: 10 of 30 days$0.34',
      'Due today$0.54',
      'Each month from December 1$1.00',
    ]);
  });

  it('leaves out a set-up that costs nothing, and calls a whole month a month', async () => {
    const due = { ...DUE, setupMicros: cents(0), firstMonthMicros: cents(100), days: 30 };
    const shown = await show(shopOf({ ...NUMBER, due, dueTodayMicros: cents(100) }));
    expect(textsOf(shown, '.price dl > div')).to.deep.equal([
      'First month$1.00',
      'Due today$1.00',
      'Each month from December 1$1.00',
    ]);
  });

  it('complaint 17: warns an admin before the last credit goes, and still lets it be bought', async () => {
    const thin = { leavesMicros: cents(0), takesCalls: false };
    const shown = await show(shopOf({ ...NUMBER, thin }));
    expect(textsOf(shown, '.thin')).to.deep.equal(['This leaves $0.00, so the number could not take calls.']);
    expect(find<HTMLButtonElement>(shown.element, '.buy').disabled).to.equal(false);
    shown.phone.show({ shop: shopOf({ ...NUMBER, thin: { ...thin, takesCalls: true } }) });
    await settled(shown.element);
    expect(textsOf(shown, '.thin')).to.deep.equal(['This leaves $0.00, so nobody could call out.']);
    shown.phone.show({ shop: shopOf(NUMBER) });
    await settled(shown.element);
    expect(textsOf(shown, '.thin')).to.deep.equal([]);
  });
});

describe('<credit-phone-number-shop> orders', () => {
  it('shows a number that is being ordered with its money aside, and no Buy button', async () => {
    const shown = await show(shopOf({ ...NUMBER, status: 'ordering' }));
    expect(textsOf(shown, '.state')).to.deep.equal(['Being ordered…']);
    expect(textsOf(shown, '.wide')).to.deep.equal([
      '$0.54 is set aside. It is charged when the number is delivered, or given back.',
    ]);
    expect(findAll(shown.element, '.buy')).to.have.length(0);
  });

  it('says that a number was not delivered and nothing was charged', async () => {
    const shown = await show(shopOf({ ...NUMBER, status: 'failed' }));
    expect(textsOf(shown, '.state')).to.deep.equal(['Not delivered']);
    expect(textsOf(shown, '.reason')[0]).to.match(/could not deliver this number. Nothing was charged/);
  });

  it('says whose it is and when the next rent falls due', async () => {
    const shown = await show({ ...shopOf({ ...NUMBER, status: 'owned' }), bought: NUMBER.number });
    expect(textsOf(shown, '.bought')[0]).to.match(/555.0142 is yours. Next rent December 1\./);
    shown.phone.show({ shop: { ...shopOf(), bought: NUMBER.number } });
    await settled(shown.element);
    expect(textsOf(shown, '.bought')).to.deep.equal([]);
  });
});
