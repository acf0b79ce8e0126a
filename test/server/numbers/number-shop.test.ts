import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importNumbers } from '../../../server/numbers/import-numbers.ts';
import { NUMBER_PAGE_SIZE } from '../../../server/numbers/search-numbers.ts';
import {
  ANN,
  codeOf,
  DANA,
  GERMAN_MOBILE,
  granted,
  LUIS,
  OfficeRig,
  refusalOf,
  SAM,
} from '../../support/office-rig.ts';

const HEAD = 'number,country,type,region,features,currency,setup,monthly,inbound_per_minute';
const LOCAL = '+12025550101';
/** Due on the rig's 15 January: setup 0.58 and 17 of 31 days of 0.75, so 0.42: 1.00. */
const ROWS = [
  `${LOCAL},US,local,"Washington, DC",voice sms,USD,0.58,0.75,0.0085`,
  '+18005550102,US,toll_free,United States,voice,USD,1,2,0.02',
  '+442079460123,GB,local,London,voice,USD,0.5,1,0.01',
  '+4930231250140,DE,local,Berlin,voice,EUR,1,1,0.01',
];

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
  await importNumbers(rig.store, { accountId: 'acme', csv: [HEAD, ...ROWS].join('\n') });
});
afterEach(async () => {
  await rig.close();
});

function search(query = {}, identity = DANA) {
  return rig.services.handlers.searchNumbers(identity, query);
}

function buy(number = LOCAL, who: { readonly identity?: typeof DANA; readonly purchaseId?: string } = {}) {
  return rig.services.handlers.buyNumber(who.identity ?? DANA, { number, purchaseId: who.purchaseId ?? randomUUID() });
}

describe('the shop', () => {
  test('is searched by country, type and digits, in the currency of the account', async () => {
    const found = async (query: object) => granted(await search(query)).numbers.map(({ number }) => number);
    expect(await found({})).toEqual([LOCAL, '+18005550102', '+442079460123']);
    expect(await found({ country: 'GB' })).toEqual(['+442079460123']);
    expect(await found({ type: 'toll_free' })).toEqual(['+18005550102']);
    expect(await found({ contains: '5550' })).toEqual([LOCAL, '+18005550102']);
    expect(await found({ country: 'DE' })).toEqual([]);
  });

  test('is turned page by page without gaps or repeats', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `+1303555${1000 + index},US,local,Denver,voice,USD,0,1,0`);
    await importNumbers(rig.store, { accountId: 'acme', csv: [HEAD, ...many].join('\n') });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { numbers: { number: string }[]; nextCursor: string | null } = granted(
        await search({ contains: '1303555', ...(cursor === null ? {} : { cursor }) }),
      );
      expect(page.numbers.length).toBeLessThanOrEqual(NUMBER_PAGE_SIZE);
      seen.push(...page.numbers.map(({ number }) => number));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(many.map((row) => row.split(',')[0]));
  });

  test('F-27: says at each number why it cannot be bought, to the micro, and no more once credit is there', async () => {
    await rig.addCredit(500_000);
    const first = async () => granted(await search({ country: 'US', type: 'local' })).numbers[0];
    expect(await first()).toMatchObject({
      dueTodayMicros: 1_000_000,
      monthlyMicros: 750_000,
      status: 'available',
      refusal: { code: 'insufficient_credit', neededMicros: 1_000_000, availableMicros: 500_000, currency: 'USD' },
    });
    await rig.addCredit(499_999);
    expect((await first())?.refusal?.code).toBe('insufficient_credit');
    await rig.addCredit(1);
    expect((await first())?.refusal).toBeNull();
  });
});

describe('buying', () => {
  test('F-11, S-01, S-04: without credit is refused, and no entry appears', async () => {
    expect(refusalOf(await buy())).toMatchObject({ code: 'no_credit', neededMicros: 1_000_000, whoCanFix: 'admin' });
    await rig.addCredit(999_999);
    expect(codeOf(await buy())).toBe('insufficient_credit');
    const entries = await rig.store.db.selectFrom('entry').selectAll().where('reference', '=', LOCAL).execute();
    expect(entries).toEqual([]);
    expect(granted(await search({ type: 'local' })).numbers[0]?.status).toBe('available');
  });

  test('S-05, F-04, F-06: with exactly what is due works, is one entry, and is told to every office', async () => {
    await rig.addCredit(1_000_000);
    const purchase = granted(await buy());
    expect(purchase).toMatchObject({
      chargedMicros: 1_000_000,
      purchasedAtMs: rig.clock.nowMs(),
      number: { number: LOCAL, status: 'owned', refusal: null },
    });
    expect(await rig.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
    const entries = await rig.store.db.selectFrom('entry').selectAll().where('reference', '=', LOCAL).execute();
    expect(entries.map(({ entryKind, amountMicros }) => [entryKind, amountMicros])).toEqual([
      ['number_purchase', -1_000_000],
      ['number_purchase', 1_000_000],
    ]);
    await rig.settleDown();
    const told = rig.told.flatMap(({ audience, event }) =>
      event.type === 'number' ? [[audience.officeId, event.number.status]] : [],
    );
    expect(told.toSorted()).toEqual([
      ['austin', 'taken'],
      ['berlin', 'owned'],
    ]);
    expect(rig.eventsOf('balance').at(-1)?.balance.works.buyingNumbers).toBe(false);
    expect(granted(await rig.services.handlers.me(SAM, {})).callerNumbers).toEqual([LOCAL]);
  });

  test('twice with one purchase id is one purchase; the id for another number is refused', async () => {
    await rig.addCredit(10_000_000);
    const purchaseId = randomUUID();
    const first = granted(await buy(LOCAL, { purchaseId }));
    rig.clock.advance(5_000);
    expect(granted(await buy(LOCAL, { purchaseId }))).toEqual(first);
    expect((await rig.wallet()).balance).toBe(9_000_000);
    expect(codeOf(await buy('+18005550102', { purchaseId }))).toBe('id_reused');
  });

  test('at once by many has one owner and one charge', async () => {
    await rig.addCredit(10_000_000);
    await rig.addCredit(10_000_000, 'austin');
    const buyers = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? DANA : { ...ANN, role: 'billing' as const },
    );
    const outcomes = await Promise.all(buyers.map((identity) => buy(LOCAL, { identity })));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(outcomes.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['number_taken']));
    const { balance } = await rig.wallet();
    expect(balance + (await rig.wallet('austin')).balance).toBe(19_000_000);
  });

  test('what is owned is "taken" before it is "too dear", and what is not sold is unknown', async () => {
    await rig.addCredit(1_000_000);
    granted(await buy());
    expect(codeOf(await buy())).toBe('number_taken');
    expect(codeOf(await buy(LOCAL, { identity: LUIS }))).toBe('number_taken');
    expect(codeOf(await buy('+12025559999'))).toBe('number_unknown');
    expect(codeOf(await buy('+4930231250140'))).toBe('number_unknown');
  });

  test('with credit that a running call holds is refused as held', async () => {
    await rig.addCredit(1_000_000);
    granted(await rig.authorize(GERMAN_MOBILE));
    expect(refusalOf(await buy())).toMatchObject({ code: 'credit_held', holdingCalls: 1, availableMicros: 940_000 });
  });

  test('D-01: a call to a number of the own account is free and rings there', async () => {
    await rig.addCredit(1_000_000, 'austin');
    granted(await rig.services.handlers.me(ANN, {}));
    granted(await buy(LOCAL, { identity: { ...ANN, role: 'billing' } }));
    const authorized = granted(await rig.authorize(LOCAL));
    expect(authorized.quote).toMatchObject({ isFree: true, kind: 'internal', destination: 'Ann Fox' });
    expect(await rig.admit(authorized)).toMatchObject({ decision: 'allow', routeToUser: 'acme.ann' });
  });
});

describe('what a purchase leaves', () => {
  const thin = async (identity = DANA) =>
    granted(await search({ country: 'US', type: 'local' }, identity)).numbers[0]?.thin;

  test('complaint 17: is told when it is too little to call with, to the micro', async () => {
    await rig.addCredit(1_000_000);
    expect(await thin()).toEqual({ leavesMicros: 0, takesCalls: false });
    // A minute received costs 0.0085.
    await rig.addCredit(8_499);
    expect(await thin()).toEqual({ leavesMicros: 8_499, takesCalls: false });
    await rig.addCredit(1);
    expect(await thin()).toBeNull();
  });

  test('C-01: where calls are received without credit, only calling out is lost', async () => {
    rig.policy = { ...rig.policy, inboundAtZero: 'allow' };
    await rig.addCredit(1_000_000);
    expect(await thin()).toEqual({ leavesMicros: 0, takesCalls: true });
  });

  test('is not told to agents who may not know what there is', async () => {
    await rig.addCredit(1_000_000);
    rig.policy = { ...rig.policy, showBalanceToAgents: 'none' };
    expect(await thin(SAM)).toBeNull();
    expect(await thin()).not.toBeNull();
  });
});

describe('the day of the purchase', () => {
  test('a repeat on the next day, when the price is another, is the same purchase', async () => {
    await rig.addCredit(10_000_000);
    const purchaseId = randomUUID();
    const first = granted(await buy(LOCAL, { purchaseId }));
    rig.clock.advance(24 * 3_600_000);
    const again = granted(await buy(LOCAL, { purchaseId }));
    expect([again.chargedMicros, again.purchasedAtMs]).toEqual([first.chargedMicros, first.purchasedAtMs]);
    expect((await rig.wallet()).balance).toBe(9_000_000);
  });

  test('decides what is paid for the month, and from when rent is due', async () => {
    await rig.addCredit(10_000_000);
    granted(await buy());
    const [owner] = await rig.store.db.selectFrom('number_owner').selectAll().execute();
    expect(owner).toMatchObject({ rentDay: '2026-02-01', anchorDay: 1, monthlyMicros: 750_000, currency: 'USD' });
  });

  test('pays a full month where the policy says so', async () => {
    rig.policy = { ...rig.policy, numbers: { firstMonth: 'full_month' } };
    await rig.addCredit(10_000_000);
    expect(granted(await buy())).toMatchObject({ chargedMicros: 1_330_000 });
    const [owner] = await rig.store.db.selectFrom('number_owner').selectAll().execute();
    expect(owner).toMatchObject({ rentDay: '2026-02-15', anchorDay: 15 });
  });
});

test('a number that was given back is for sale again, to one of many', async () => {
  await rig.addCredit(10_000_000);
  granted(await buy());
  const [owner] = await rig.store.db.selectFrom('number_owner').selectAll().execute();
  if (!owner) throw new Error('It was bought');
  const row = { ...owner, state: 'returned', dueAtMs: null, version: owner.version + 1 };
  await rig.store.writeRows([{ table: 'number_owner', mode: 'next_version', row }]);
  expect(granted(await search({ type: 'local' })).numbers[0]?.status).toBe('available');
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => buy()));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(new Set(outcomes.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['number_taken']));
  expect((await rig.wallet()).balance).toBe(8_000_000);
});
