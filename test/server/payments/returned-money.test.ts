import { afterEach, beforeEach, expect, test } from 'vitest';
import { DANA, granted, LUIS } from '../../support/office-rig.ts';
import { agreed, codeOf, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

const GERMANY = '+4915123456789';
const DISPUTED_CARD = '4000000000000259';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

async function paid(): Promise<{ readonly paymentId: string; readonly ref: string }> {
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  await rig.deliverAll();
  return { paymentId: payment.paymentId, ref: await rig.refOf(payment.paymentId) };
}

test('scenario 28: two partial refunds, each reported twice, are taken once each', async () => {
  const { paymentId, ref } = await paid();
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 500 });
  await rig.provider.refund({ refundId: 'refund-2', paymentRef: ref, amountMinor: 700 });
  await rig.deliverAll((reports) => [...reports, ...reports]);
  expect(await rig.balance()).toBe(13 * USD);
  expect(await rig.payment(paymentId)).toMatchObject({ returnedMicros: 12 * USD, status: 'succeeded' });
});

test('scenario 29: the refund is reported before its payment', async () => {
  const { payment } = await rig.payWithNewCard(GOOD_CARD);
  const ref = await rig.refOf(payment.paymentId);
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 2_500 });
  await rig.deliverAll((reports) => reports.toReversed());
  expect(await rig.balance()).toBe(0);
  const entries = await rig.office.store.db
    .selectFrom('entry')
    .select('entryKind')
    .where('ledgerAccount', '=', 'wallet')
    .orderBy('atMs')
    .execute();
  expect(entries.map(({ entryKind }) => entryKind).toSorted()).toEqual(['payment_refund', 'top_up']);
});

test('scenario 30: a refund that fails at the bank is given back, once', async () => {
  const { ref } = await paid();
  const refund = await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 500 });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(20 * USD);
  await rig.provider.failRefund(refund.outcome === 'answered' ? refund.value.ref : '');
  await rig.deliverAll((reports) => [...reports, ...reports]);
  expect(await rig.balance()).toBe(25 * USD);
});

test('scenario 31: a refund of credit that was spent is owed; nobody can call, and the next credit pays it first', async () => {
  const { ref } = await paid();
  await rig.use(20 * USD);
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 2_500 });
  await rig.deliverAll();
  expect([await rig.balance(), await rig.owed()]).toEqual([0, 20 * USD]);
  expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({ owedMicros: 20 * USD });
  expect((await rig.office.authorize('+4915123456789')).ok).toBe(false);
  await paid();
  expect([await rig.balance(), await rig.owed()]).toEqual([5 * USD, 0]);
});

test('what calls still hold is taken when it comes free', async () => {
  const { ref } = await paid();
  const call = await rig.office.authorize('+4915123456789', { callId: 'a-call-that-holds' });
  expect(call.ok).toBe(true);
  const { held } = await rig.office.wallet();
  expect(held).toBeGreaterThan(0);
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 2_500 });
  await rig.deliverAll();
  expect(await rig.owed()).toBe(held);
  const { handlers } = rig.office.services;
  await handlers.releaseCall({ ...(await identityOf()) }, { callId: 'a-call-that-holds' });
  await rig.later(1);
  expect([await rig.balance(), await rig.owed()]).toEqual([0, 0]);
});

async function identityOf() {
  return (await import('../../support/office-rig.ts')).SAM;
}

test('operator credit pays what is owed, too', async () => {
  const { ref } = await paid();
  await rig.use(25 * USD);
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 1_000 });
  await rig.deliverAll();
  await rig.office.addCredit(15 * USD);
  await rig.later(1);
  expect([await rig.balance(), await rig.owed()]).toEqual([5 * USD, 0]);
});

test('scenario 32: a dispute takes the money and freezes; won, both come back', async () => {
  await rig.saveCard();
  await rig.turnOnRecharge();
  await expect.poll(async () => await rig.balance()).toBe(25 * USD);
  await rig.deliverAll();
  const [payment] = await rig.recharges();
  const dispute = await rig.provider.openDispute(payment?.providerRef ?? '');
  await rig.deliverAll((reports) => [...reports.toReversed(), ...reports]);
  expect(await rig.balance()).toBe(0);
  expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({
    isDisputed: true,
    works: { callingOut: false },
    autoRecharge: { pause: 'disputed', cannotTurnOn: 'disputed' },
  });
  expect(codeOf(await rig.ask('removeCard', {}))).toBe('payments_frozen');
  expect(codeOf(await rig.ask('startCardSetup', { setupId: 'a-setup-1' }))).toBe('payments_frozen');
  await rig.office.addCredit(1 * USD);
  expect(await rig.office.authorize('+4915123456789')).toMatchObject({ refusal: { code: 'calling_paused' } });
  await rig.provider.closeDispute(dispute, { returnedMinor: 2_500 });
  await rig.deliverAll((reports) => [...reports, ...reports]);
  expect(await rig.balance()).toBe(26 * USD);
  await expect.poll(async () => await rig.recharge()).toMatchObject({ pause: null });
  expect((await rig.office.authorize('+4915123456789')).ok).toBe(true);
});

test('no admin lifts the pause of a dispute: refused with the reason, and lifted by itself when it is won', async () => {
  const { ref } = await paid();
  await rig.office.addCredit(5 * USD);
  const { setPause, balance } = rig.office.services.handlers;
  const dispute = await rig.provider.openDispute(ref);
  await rig.deliverAll();
  const sinceMs = rig.office.clock.nowMs();
  for (const admin of [DANA, LUIS]) {
    rig.office.clock.advance(60_000);
    const refusal = { code: 'calling_disputed', whoCanFix: 'operator', sinceMs };
    expect(await setPause(admin, { isPaused: false })).toEqual({ ok: false, refusal });
    // Pausing what is paused changes nothing: it is still the bank's.
    expect(granted(await setPause(admin, { isPaused: true })).pause).toEqual({ sinceMs, byName: 'the bank' });
  }
  expect(await rig.office.authorize(GERMANY)).toMatchObject({ refusal: { code: 'calling_paused' } });
  await rig.provider.closeDispute(dispute, { returnedMinor: 2_500 });
  await rig.deliverAll();
  await expect.poll(async () => granted(await balance(DANA, {})).pause).toBeNull();
  expect((await rig.office.authorize(GERMANY)).ok).toBe(true);
});

test("an admin's own pause outlives a dispute, and cannot be lifted during one", async () => {
  const { ref } = await paid();
  const { setPause, balance } = rig.office.services.handlers;
  granted(await setPause(DANA, { isPaused: true }));
  const dispute = await rig.provider.openDispute(ref);
  await rig.deliverAll();
  expect(codeOf(await setPause(DANA, { isPaused: false }))).toBe('calling_disputed');
  await rig.provider.closeDispute(dispute, { returnedMinor: 0 });
  await rig.deliverAll();
  expect(granted(await balance(DANA, {})).pause).toMatchObject({ byName: DANA.name });
  expect(granted(await setPause(DANA, { isPaused: false })).pause).toBeNull();
});

test('a dispute that is opened while an admin lifts a pause keeps calling paused', async () => {
  const { ref, paymentId } = await paid();
  const { setPause, balance } = rig.office.services.handlers;
  granted(await setPause(DANA, { isPaused: true }));
  const { writeRows } = rig.office.store;
  const write = writeRows.bind(rig.office.store);
  // Between the look at the disputes and the end of the pause.
  rig.office.store.writeRows = async (rows) => {
    rig.office.store.writeRows = write;
    const row = await rig.payment(paymentId);
    await write([
      { table: 'payment', mode: 'next_version', row: { ...row, isDisputed: true, version: row.version + 1 } },
    ]);
    return await write(rows);
  };
  expect(codeOf(await setPause(DANA, { isPaused: false }))).toBe('calling_disputed');
  expect(granted(await balance(DANA, {})).pause).toMatchObject({ byName: 'the bank' });
  const dispute = await rig.provider.openDispute(ref);
  await rig.provider.closeDispute(dispute, { returnedMinor: 2_500 });
  await rig.deliverAll();
  expect(granted(await balance(DANA, {})).pause).toBeNull();
});

test('scenario 33: an inquiry moves nothing; a lost dispute stays taken; a part that comes back is credited', async () => {
  const first = await paid();
  await rig.provider.openDispute(first.ref, { isInquiry: true });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(25 * USD);
  const second = await paid();
  const lost = await rig.provider.openDispute(second.ref);
  await rig.provider.closeDispute(lost, { returnedMinor: 0 });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(25 * USD);
  const third = await paid();
  const partly = await rig.provider.openDispute(third.ref);
  await rig.provider.closeDispute(partly, { returnedMinor: 1_000 });
  await rig.deliverAll();
  expect(await rig.balance()).toBe(35 * USD);
  expect(agreed(await rig.ask('paymentSettings', {})).isDisputed).toBe(false);
});

test('scenario 60: a refund and a dispute of one payment are both taken, the rest is owed', async () => {
  const { paymentId, ref } = await paid();
  await rig.provider.refund({ refundId: 'refund-1', paymentRef: ref, amountMinor: 500 });
  await rig.provider.openDispute(ref);
  await rig.deliverAll();
  expect([await rig.balance(), await rig.owed()]).toEqual([0, 5 * USD]);
  expect(await rig.payment(paymentId)).toMatchObject({ returnedMicros: 30 * USD, isDisputed: true });
});

test('the disputed test card opens a dispute by itself', async () => {
  await rig.payWithNewCard(DISPUTED_CARD);
  await rig.deliverAll();
  expect(agreed(await rig.ask('paymentSettings', {})).isDisputed).toBe(true);
  expect(await rig.balance()).toBe(0);
});
