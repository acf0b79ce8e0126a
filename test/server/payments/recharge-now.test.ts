/** Auto-recharge before a refusal: who waits, for what, and that the card is asked once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PaymentRig, USD } from '../../support/payment-rig.ts';

const WALLET = { accountId: 'acme', walletId: 'berlin' };
let rig: PaymentRig;
/** Reservations of a recharge that reached the ledger. */
let reservations: string[];
beforeEach(async () => {
  rig = await PaymentRig.open();
  reservations = [];
  const { ledger } = rig.office;
  const submit = ledger.submit.bind(ledger);
  ledger.submit = (operation) => {
    if (operation.operationId.startsWith('recharge:')) reservations.push(operation.operationId);
    return submit(operation);
  };
});
afterEach(() => rig.close());

async function emptied(): Promise<void> {
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  await rig.use(20 * USD);
}

test('D-11: all that wait for one wallet wait for the same charge of the card', async () => {
  await emptied();
  const waited = await Promise.all(Array.from({ length: 50 }, () => rig.service.rechargeNow(WALLET)));
  expect(new Set(waited)).toEqual(new Set([true]));
  expect(reservations).toHaveLength(1);
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 25 * USD]);
});

test('what another server has begun is waited for, and charged once', async () => {
  await emptied();
  const other = rig.office.newServices().payments;
  expect(await Promise.all([rig.service.rechargeNow(WALLET), other.rechargeNow(WALLET)])).toEqual([true, true]);
  expect([await rig.charges(), await rig.balance()]).toEqual([1, 25 * USD]);
});

test('a charge whose outcome is not known is not waited for without end, and not made again', async () => {
  await emptied();
  rig.faults.push('lost_before');
  const waited = await Promise.all([rig.service.rechargeNow(WALLET), rig.service.rechargeNow(WALLET)]);
  expect(waited).toEqual([false, false]);
  expect([reservations.length, await rig.charges(), await rig.balance()]).toEqual([1, 0, 0]);
}, 30_000);

test('where it is off, without a card, with enough credit, or of a wallet that nobody knows, nothing is waited for', async () => {
  expect(await rig.service.rechargeNow(WALLET)).toBe(false);
  await rig.saveCard();
  await rig.office.addCredit(20 * USD);
  await rig.turnOnRecharge();
  expect(await rig.service.rechargeNow(WALLET)).toBe(false);
  expect(await rig.service.rechargeNow({ ...WALLET, accountId: 'nobody' })).toBe(false);
  expect([reservations.length, await rig.charges()]).toEqual([0, 0]);
});
