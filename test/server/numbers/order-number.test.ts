import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CarrierRig, CHICAGO, DUE_MICROS, PEORIA } from '../../support/carrier-rig.ts';
import { ANN, codeOf, DANA, granted, refusalOf, STRANGER } from '../../support/office-rig.ts';

let rig: CarrierRig;
beforeEach(async () => {
  rig = await CarrierRig.open();
  await rig.office.addCredit(5_000_000);
});
afterEach(() => rig.close());

describe("a carrier's numbers", () => {
  test('are offered at the price of the operator, not of the carrier, and only where there is one', async () => {
    const numbers = await rig.search();
    expect(numbers.map(({ number, region }) => [number, region])).toEqual([
      [CHICAGO, 'Chicago, IL'],
      [PEORIA, 'Peoria, IL'],
    ]);
    expect(numbers[0]).toMatchObject({
      setupMicros: 580_000,
      monthlyMicros: 750_000,
      dueTodayMicros: DUE_MICROS,
      due: { firstMonthMicros: 420_000, days: 17, daysInMonth: 31, nextRentDay: '2026-02-01' },
      features: ['voice', 'sms'],
      status: 'available',
    });
    expect(await rig.search({ country: 'US', type: 'toll_free' })).toEqual([]);
    expect(await rig.search({ country: 'DE' })).toEqual([]);
  });

  test('that would be sold below their cost over a year are not shown', async () => {
    rig.telnyx.sells({ number: '+13125559999', upfront: '0.00', monthly: '9.99' });
    rig.telnyx.sells({ number: '+13125559998', upfront: '0.60', monthly: '0.74' });
    expect((await rig.search()).map(({ number }) => number)).toEqual([CHICAGO, PEORIA, '+13125559998']);
  });

  test('are looked for by area code, digits and features', async () => {
    const found = async (search: object) =>
      (await rig.search({ country: 'US', ...search })).map(({ number }) => number);
    expect(await found({ areaCode: '309' })).toEqual([PEORIA]);
    expect(await found({ starts: '312' })).toEqual([CHICAGO]);
    expect(await found({ ends: '102' })).toEqual([PEORIA]);
    expect(await found({ contains: '25550' })).toEqual([CHICAGO]);
    expect(await found({ features: 'voice,sms' })).toEqual([CHICAGO]);
  });

  test('cannot be searched while the carrier cannot be reached: said as it is', async () => {
    rig.telnyx.next('search', 'error_before');
    const outcome = await rig.office.services.handlers.searchNumbers(DANA, { country: 'US' });
    expect(codeOf(outcome)).toBe('carrier_unavailable');
    expect(rig.office.logged).toContain('the carrier could not be searched');
  });
});

describe('ordering', () => {
  test('F-04: is a charge and an owner when the carrier delivers at once, told to every office', async () => {
    const purchase = granted(await rig.buy(CHICAGO));
    expect(purchase).toMatchObject({ state: 'bought', chargedMicros: DUE_MICROS, number: { status: 'owned' } });
    expect(await rig.office.wallet()).toEqual({ balance: 4_000_000, held: 0, available: 4_000_000 });
    const told = rig.office.told.flatMap(({ audience, event }) =>
      event.type === 'number' ? [`${audience.officeId} ${event.number.status}`] : [],
    );
    expect(told.toSorted()).toEqual(['austin taken', 'austin taken', 'berlin ordering', 'berlin owned']);
    expect(told.indexOf('berlin ordering')).toBeLessThan(told.indexOf('berlin owned'));
    expect(granted(await rig.office.services.handlers.me(DANA, {})).callerNumbers).toEqual([CHICAGO]);
    expect(rig.telnyx.orders).toMatchObject([{ reference: purchase.purchaseId, number: CHICAGO }]);
    await rig.expectBooksToAgree();
  });

  test('F-27, F-11: without credit is refused before the carrier hears of it', async () => {
    await rig.office.addCredit(999_999, 'austin');
    const identity = { ...ANN, role: 'billing' as const };
    const [row] = await rig.search({ country: 'US' }, identity);
    expect(row?.refusal).toMatchObject({ code: 'insufficient_credit', neededMicros: DUE_MICROS });
    expect(refusalOf(await rig.buy(CHICAGO, { identity, offer: row?.offer ?? '' }))).toMatchObject({
      code: 'insufficient_credit',
      neededMicros: DUE_MICROS,
      availableMicros: 999_999,
    });
    expect(rig.telnyx.orders).toEqual([]);
    expect(await rig.orders()).toEqual([]);
  });

  test('that takes its time is shown as "ordering", with the money set aside, and settled when the carrier delivers', async () => {
    rig.telnyx.delivery = 'pending';
    const purchase = granted(await rig.buy(CHICAGO));
    expect(purchase).toMatchObject({ state: 'ordered', chargedMicros: 0, number: { status: 'ordering' } });
    expect(await rig.office.wallet()).toEqual({ balance: 5_000_000, held: DUE_MICROS, available: 4_000_000 });
    expect((await rig.search()).map(({ number, status }) => [number, status])).toEqual([
      [CHICAGO, 'ordering'],
      [PEORIA, 'available'],
    ]);
    await rig.sweep(20);
    expect(await rig.state()).toBe('ordered');
    rig.telnyx.decide(CHICAGO, 'success');
    await rig.sweep(5);
    expect(await rig.state()).toBe('bought');
    expect(rig.lastTold('berlin')).toBe('owned');
    await rig.expectBooksToAgree();
  });

  test('that fails later gives the money back and says so for a day', async () => {
    rig.telnyx.delivery = 'pending';
    granted(await rig.buy(CHICAGO));
    rig.telnyx.decide(CHICAGO, 'failure');
    expect(rig.lastTold('austin')).toBe('taken');
    await rig.sweep(5);
    // The account's other office may try.
    expect([rig.lastTold('berlin'), rig.lastTold('austin')]).toEqual(['failed', 'available']);
    expect(await rig.office.wallet()).toEqual({ balance: 5_000_000, held: 0, available: 5_000_000 });
    expect((await rig.search()).find(({ number }) => number === CHICAGO)?.status).toBe('failed');
    rig.office.clock.advance(25 * 3_600_000);
    expect((await rig.search()).find(({ number }) => number === CHICAGO)?.status).toBe('available');
    await rig.expectBooksToAgree();
  });

  test('that is delivered in another month is paid from then on, never above what was set aside', async () => {
    rig.telnyx.delivery = 'pending';
    granted(await rig.buy(CHICAGO));
    // 27 February: 2 of 28 days.
    rig.office.clock.advance(43 * 24 * 3_600_000);
    rig.telnyx.decide(CHICAGO, 'success');
    await rig.sweep(1);
    expect(await rig.charges()).toEqual([640_000]);
    const [owner] = await rig.office.store.db.selectFrom('number_owner').selectAll().execute();
    expect(owner).toMatchObject({ rentDay: '2026-03-01', anchorDay: 1, monthlyMicros: 750_000 });
    expect((await rig.office.wallet()).held).toBe(0);
  });

  test('that the carrier refuses costs nothing, and says so', async () => {
    rig.telnyx.next('order', 'refused');
    expect(codeOf(await rig.buy(CHICAGO))).toBe('number_undeliverable');
    expect(await rig.state()).toBe('failed');
    await rig.expectBooksToAgree();
    expect(granted(await rig.buy(PEORIA)).state).toBe('bought');
  });

  test('twice with one purchase id is one order; the id for another number is refused', async () => {
    const purchaseId = randomUUID();
    const offer = await rig.offerOf(CHICAGO);
    const first = granted(await rig.buy(CHICAGO, { purchaseId, offer }));
    expect(granted(await rig.buy(CHICAGO, { purchaseId, offer }))).toEqual(first);
    expect(codeOf(await rig.buy(PEORIA, { purchaseId }))).toBe('id_reused');
    expect(rig.telnyx.orders).toHaveLength(1);
    await rig.expectBooksToAgree();
  });

  test('by a hundred at once is one order and one charge', async () => {
    await rig.office.addCredit(5_000_000, 'austin');
    rig.telnyx.latencyMs = 20;
    const offer = await rig.offerOf(CHICAGO);
    const other = rig.office.newServices();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        rig.buy(CHICAGO, {
          offer,
          identity: index % 2 === 0 ? DANA : { ...ANN, role: 'billing' },
          ...(index % 3 === 0 ? { services: other } : {}),
        }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(outcomes.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['number_taken']));
    expect(rig.telnyx.requests.filter((request) => request === 'POST /number_orders')).toHaveLength(1);
    await rig.expectBooksToAgree();
  });
});

describe('an offer', () => {
  test('is good for its own account, number and half an hour, and cannot be made cheaper', async () => {
    const offer = await rig.offerOf(CHICAGO);
    const [text = '', signature = ''] = offer.split('.');
    const cheaper = JSON.parse(Buffer.from(text, 'base64url').toString());
    cheaper.facts.setupMicros = 0;
    const forged = `${Buffer.from(JSON.stringify(cheaper)).toString('base64url')}.${signature}`;
    for (const bad of [forged, `${text}.`, text, '', 'a.b', `${offer}x`]) {
      expect(codeOf(await rig.buy(CHICAGO, { offer: bad }))).toBe('number_unknown');
    }
    expect(codeOf(await rig.buy(PEORIA, { offer }))).toBe('number_unknown');
    expect(codeOf(await rig.buy(CHICAGO, { offer, identity: { ...STRANGER, role: 'billing' } }))).toBe(
      'number_unknown',
    );
    rig.office.clock.advance(30 * 60_000 + 1);
    expect(codeOf(await rig.buy(CHICAGO, { offer }))).toBe('number_unknown');
    expect(rig.telnyx.orders).toEqual([]);
  });

  test('keeps the price that was shown, whatever the operator changes since', async () => {
    const offer = await rig.offerOf(CHICAGO);
    await rig.office.store.writeRows([
      {
        table: 'number_price',
        mode: 'upsert',
        row: {
          accountId: '',
          country: 'US',
          type: 'local',
          currency: 'USD',
          setupMicros: 3_000_000,
          monthlyMicros: 750_000,
          inboundPerMinuteMicros: 0,
        },
      },
    ]);
    expect(granted(await rig.buy(CHICAGO, { offer })).chargedMicros).toBe(DUE_MICROS);
    expect((await rig.search()).at(-1)?.setupMicros).toBe(3_000_000);
  });
});
