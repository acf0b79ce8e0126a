/** The profile `default`: our own judgement where the products disagree (REQUIREMENTS.md section 1.6 and 3). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  codeOf as callCodeOf,
  DANA,
  ECHO,
  EMERGENCY,
  GERMAN_MOBILE,
  granted,
  refusalOf,
  SAM,
} from '../../support/office-rig.ts';
import { agreed, codeOf } from '../../support/payment-rig.ts';
import { dollars, LOCAL_NUMBER, ProfileRig, TOLL_FREE } from '../../support/profile-rig.ts';

let rig: ProfileRig;
beforeEach(async () => {
  rig = await ProfileRig.open('default');
});
afterEach(() => rig.close());

test('F-14, L-08: 5, 10 and 25 are offered, and any other amount inside the limits is taken', async () => {
  const { topUp } = await rig.settings();
  expect([topUp.presetsMicros, topUp.isOtherAmountAllowed]).toEqual([[5, 10, 25].map(dollars), true]);
  for (const amount of [5, 7, 37.5, 1_000]) expect((await rig.payOverHttp(dollars(amount))).status).toBe(200);
  for (const amount of [4.99, 1_000.01]) expect((await rig.payOverHttp(dollars(amount))).status).toBe(422);
  expect(await rig.payments.charges()).toBe(0);
});

test('C-10, D-17: auto-recharge charges below 5, not at it, unless the admin sets another threshold', async () => {
  await rig.payments.saveCard();
  await rig.haveCredit(20);
  await rig.turnOnRecharge();
  expect(await rig.chargedAt(5)).toEqual([]);
  expect(await rig.chargedAt(4.99)).toEqual([25]);
  await rig.turnOnRecharge({ thresholdMicros: dollars(10) });
  expect(await rig.chargedAt(9.99)).toEqual([25]);
});

test('F-22: what a month may take is limited from the first time on, and said as one number', async () => {
  const { autoRecharge } = await rig.settings();
  expect([autoRecharge.monthlyLimitMicros, autoRecharge.mostInMonthMicros]).toEqual([dollars(100), dollars(100)]);
});

test('F-09: a call needs what its first minute costs, to the last cent, and no more', async () => {
  await rig.haveCredit(0.06);
  expect(await rig.talk(GERMAN_MOBILE, { seconds: 60 })).toBe(60_000);
  expect(await rig.payments.balance()).toBe(0);
  await rig.haveCredit(0.05);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('insufficient_credit');
});

test('F-09: what costs nothing is never stopped by credit', async () => {
  expect(await rig.callOut(ECHO)).toBe('granted');
  expect(await rig.callOut(EMERGENCY)).toBe('granted');
});

test('F-10: without credit no call comes in; with the least there is, one does', async () => {
  expect([await rig.callIn(LOCAL_NUMBER), await rig.callIn(TOLL_FREE)]).toEqual(['no_credit', 'no_credit']);
  await rig.haveCredit(0.01);
  expect(await rig.callIn(LOCAL_NUMBER)).toBe('rings');
});

test('F-11, F-27: a number needs exactly its price', async () => {
  await rig.haveCredit(0.99);
  expect((await rig.inShop(LOCAL_NUMBER))?.refusal?.code).toBe('insufficient_credit');
  expect(await rig.buy(LOCAL_NUMBER)).toBe('insufficient_credit');
  await rig.haveCredit(1);
  expect(await rig.buy(LOCAL_NUMBER)).toBe('bought');
});

test('F-05, D-03: the role decides who adds credit', async () => {
  expect(await rig.mayAddCredit('agent')).toEqual([403, 403, 403, 403]);
  for (const role of ['billing', 'company'] as const) {
    expect((await rig.mayAddCredit(role)).filter((status) => status === 403)).toEqual([]);
  }
});

test('an agent asks for credit, the admin answers, and nobody is flooded', async () => {
  const { handlers } = rig.office.services;
  const ask = () => handlers.askForCredit(SAM, { requestId: crypto.randomUUID(), reason: 'three calls before noon' });
  const asked = granted(await ask());
  expect(refusalOf(await ask())).toMatchObject({ code: 'already_asked', retryInSeconds: 300 });
  const { requests } = granted(await handlers.creditRequests(DANA, {}));
  expect(requests).toMatchObject([{ requestId: asked.requestId, reason: 'three calls before noon', state: 'asked' }]);
  await rig.office.pass(300);
  granted(await ask());
});

test('an account whose profile changes goes by the new one at once, and by the old one no more', async () => {
  const { store, clock } = rig.office;
  await rig.haveCredit(1);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('granted');
  await rig.goBy('freshcaller');
  clock.advance(1_000);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('low_credit');
  expect((await rig.payOverHttp(dollars(7))).status).toBe(422);
  await rig.goBy('default');
  clock.advance(1_000);
  expect(await rig.callOut(GERMAN_MOBILE)).toBe('granted');
  expect(await store.db.selectFrom('account').select('profile').orderBy('accountId').execute()).toEqual([
    { profile: 'default' },
    { profile: 'default' },
  ]);
});

test('a profile that this version does not know is the default, and gives nothing away', async () => {
  const account = await rig.office.store.db
    .selectFrom('account')
    .selectAll()
    .where('accountId', '=', 'acme')
    .executeTakeFirstOrThrow();
  const row = { ...account, profile: 'constructor' };
  await rig.office.store.writeRows([{ table: 'account', mode: 'upsert', row }]);
  rig.office.clock.advance(1_000);
  expect(callCodeOf(await rig.office.authorize(GERMAN_MOBILE))).toBe('no_credit');
  expect(codeOf(await rig.payments.pay({ amountMicros: dollars(1) }))).toBe('amount_out_of_bounds');
  agreed(await rig.payments.ask('paymentSettings', {}));
});
