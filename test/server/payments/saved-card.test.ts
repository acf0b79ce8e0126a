import { afterEach, beforeEach, expect, test } from 'vitest';
import { LUIS, STRANGER } from '../../support/office-rig.ts';
import { agreed, codeOf, GOOD_CARD, PaymentRig } from '../../support/payment-rig.ts';

let rig: PaymentRig;
beforeEach(async () => {
  rig = await PaymentRig.open();
});
afterEach(() => rig.close());

const savedCard = async () => agreed(await rig.ask('paymentSettings', {})).card?.last4 ?? null;

test('a card is saved without a payment, shown by brand, last four and expiry, and its number is nowhere (S-16, C-06)', async () => {
  await rig.saveCard();
  expect(agreed(await rig.ask('paymentSettings', {})).card).toEqual({
    brand: 'visa',
    last4: '4242',
    expiryMonth: 12,
    expiryYear: 2030,
  });
  const { store } = rig.office;
  const kept = [
    await store.db.selectFrom('payment').selectAll().execute(),
    await store.db.selectFrom('payer').selectAll().execute(),
    await store.db.selectFrom('payment_event').selectAll().execute(),
  ];
  expect(JSON.stringify(kept)).not.toContain(GOOD_CARD);
  expect(await rig.balance()).toBe(0);
});

test('a card that is declined at set-up replaces nothing', async () => {
  await rig.saveCard();
  const setup = agreed(await rig.ask('startCardSetup', { setupId: 'second-setup' }));
  await rig.giveCard(setup.step?.clientSecret ?? '', '4000000000000002');
  const failed = agreed(await rig.ask('finishCardSetup', { setupId: 'second-setup' }));
  expect(failed).toMatchObject({ status: 'failed', failure: { kind: 'declined' }, card: { last4: '4242' } });
});

test('scenario 35: an older set-up that ends late does not replace a newer card', async () => {
  const older = agreed(await rig.ask('startCardSetup', { setupId: 'older-setup' }));
  const newer = agreed(await rig.ask('startCardSetup', { setupId: 'newer-setup' }));
  await rig.giveCard(newer.step?.clientSecret ?? '', '5555555555554444');
  agreed(await rig.ask('finishCardSetup', { setupId: 'newer-setup' }));
  await rig.giveCard(older.step?.clientSecret ?? '', GOOD_CARD);
  await rig.deliverAll();
  agreed(await rig.ask('finishCardSetup', { setupId: 'older-setup' }));
  expect(await savedCard()).toBe('4444');
});

test('the report alone saves it, and the sweep does when the report is lost', async () => {
  const first = agreed(await rig.ask('startCardSetup', { setupId: 'first-setup' }));
  await rig.giveCard(first.step?.clientSecret ?? '', GOOD_CARD);
  await rig.deliverAll();
  expect(await savedCard()).toBe('4242');
  const second = agreed(await rig.ask('startCardSetup', { setupId: 'second-setup' }));
  await rig.giveCard(second.step?.clientSecret ?? '', '5555555555554444');
  rig.reports.length = 0;
  await rig.later(61);
  expect(await savedCard()).toBe('4444');
});

test('a set-up is repeatable by its id, and is nobody else’s', async () => {
  const first = agreed(await rig.ask('startCardSetup', { setupId: 'first-setup' }));
  const again = agreed(await rig.ask('startCardSetup', { setupId: 'first-setup' }));
  expect(again.step?.clientSecret).toBe(first.step?.clientSecret);
  const austin = { ...LUIS, officeId: 'austin' };
  expect(codeOf(await rig.ask('startCardSetup', { setupId: 'first-setup' }, { identity: austin }))).toBe('id_reused');
  for (const identity of [austin, { ...STRANGER, role: 'billing' as const }])
    expect(codeOf(await rig.ask('finishCardSetup', { setupId: 'first-setup' }, { identity }))).toBe(
      'card_setup_unknown',
    );
});

test('each office has a card of its own (D-13)', async () => {
  await rig.saveCard();
  const austin = { ...LUIS, officeId: 'austin' };
  expect(agreed(await rig.ask('paymentSettings', {}, { identity: austin })).card).toBeNull();
  expect(codeOf(await rig.pay({}, { identity: austin }))).toBe('card_missing');
});
