/** What was paid, with its receipts, as the panel lists it (F-24, S-18). */
import { expect, test } from 'vitest';
import type { PaymentListSnapshot } from '../../../src/phone/billing-snapshot.ts';
import { PaymentList } from '../../../src/phone/payment-list.ts';
import { createPhoneStore } from '../../../src/phone/phone-store.ts';
import { micros } from '../../../src/protocol/money.ts';
import { samplePaper, samplePayment } from '../../support/payment-samples.ts';
import { PhoneTestClock, settled } from '../../support/phone-clock.ts';
import { FakePaymentGate } from '../../support/phone-fake-payments.ts';
import { FakeGate } from '../../support/phone-fakes.ts';

const PAYMENTS = [5, 4, 3, 2, 1].map((number) =>
  samplePayment({ paymentId: `payment-000${number}`, createdAtMs: number * 1_000 }),
);

function rig(payments = PAYMENTS) {
  const gate = new FakePaymentGate();
  gate.earlier = payments;
  const clock = new PhoneTestClock();
  const shown: PaymentListSnapshot[] = [];
  const context = {
    gate: new FakeGate([]),
    clock,
    store: createPhoneStore(),
    newId: () => 'id',
    random: () => 0,
    log: () => undefined,
  };
  const list = new PaymentList(context, { gate, show: (now) => void shown.push(now) });
  return { gate, clock, list, shown, now: () => full(shown) };
}

function full(shown: readonly PaymentListSnapshot[]): Extract<PaymentListSnapshot, { state: 'full' }> {
  const now = shown.at(-1);
  if (now?.state !== 'full') throw new Error(`The list is ${now?.state}.`);
  return now;
}

const idsIn = (list: Extract<PaymentListSnapshot, { state: 'full' }>) =>
  list.payments.map(({ paymentId }) => Number(paymentId.slice(-4)));

test('shows the first page, and more when it is asked for, until there is no more', async () => {
  const { gate, list, shown, now } = rig();
  await list.open();
  expect(shown[0]).toEqual({ state: 'loading' });
  expect([idsIn(now()), now().isMoreThere]).toEqual([[5, 4], true]);
  await list.more();
  await list.more();
  expect([idsIn(now()), now().isMoreThere, now().isLoadingMore]).toEqual([[5, 4, 3, 2, 1], false, false]);
  const asked = gate.log.length;
  await list.more();
  expect(gate.log).toHaveLength(asked);
});

test('two clicks on "more" are one question', async () => {
  const { gate, list, now } = rig();
  await list.open();
  await Promise.all([list.more(), list.more()]);
  expect(idsIn(now())).toEqual([5, 4, 3, 2]);
  expect(gate.log.filter((said) => said === 'payments 2')).toHaveLength(1);
});

test('opening it again keeps what is there and its place', async () => {
  const { list, shown, now } = rig();
  await list.open();
  await list.more();
  await list.open();
  expect(idsIn(now())).toEqual([5, 4, 3, 2]);
  expect(shown.filter(({ state }) => state === 'loading')).toHaveLength(1);
  await list.more();
  expect(idsIn(now())).toEqual([5, 4, 3, 2, 1]);
});

test('nothing was ever paid: an empty list, and one page of papers is asked for: there may be invoices (C-21)', async () => {
  const { gate, list, now } = rig([]);
  await list.open();
  expect(now()).toMatchObject({ payments: [], isMoreThere: false });
  expect(gate.log).toEqual(['payments null', 'invoices null']);
});

test('says why it cannot be shown, and is shown when it is asked again', async () => {
  const { gate, list, shown, now } = rig();
  gate.lostAnswers = 1;
  await list.open();
  expect(shown.at(-1)).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
  await list.open();
  expect(idsIn(now())).toEqual([5, 4]);
});

test('a page that does not come leaves the others, and is asked for again', async () => {
  const { gate, list, now } = rig();
  await list.open();
  gate.lostAnswers = 1;
  await list.more();
  expect([idsIn(now()), now().refusal?.code, now().isMoreThere]).toEqual([[5, 4], 'unavailable', true]);
  await list.more();
  expect([idsIn(now()), now().refusal]).toEqual([[5, 4, 3, 2], null]);
});

test('news changes the row, older news does not, and a new payment comes first', async () => {
  const { list, now } = rig();
  await list.open();
  const first = samplePayment({ paymentId: 'payment-0005', createdAtMs: 5_000, version: 3 });
  list.hear({ ...first, returnedMicros: micros(25_000_000) });
  list.hear({ ...first, version: 2 });
  expect(now().payments[0]?.returnedMicros).toBe(25_000_000);
  list.hear(samplePayment({ paymentId: 'payment-0006', createdAtMs: 6_000 }));
  expect(idsIn(now())).toEqual([6, 5, 4]);
});

test('F-24: receipts are looked for as far back as the payments go, and again after a new payment', async () => {
  const { gate, clock, list, now } = rig();
  gate.papers = [6, 5, 4, 3, 2, 1].map((number) =>
    samplePaper({ name: `acme-00000${number}`, reference: `payment-000${number}`, issuedAtMs: number * 1_000 + 10 }),
  );
  await list.open();
  expect(now().papers.map(({ reference }) => reference)).toContain('payment-0004');
  expect(gate.log.filter((said) => said.startsWith('invoices'))).toEqual(['invoices null', 'invoices 2']);
  gate.log.length = 0;
  list.hear(samplePayment({ paymentId: 'payment-0007', createdAtMs: 7_000 }));
  gate.papers = [samplePaper({ name: 'acme-000007', reference: 'payment-0007', issuedAtMs: 7_010 }), ...gate.papers];
  expect(now().papers.some(({ name }) => name === 'acme-000007')).toBe(false);
  await clock.advance(3_000);
  await settled();
  expect(now().papers.some(({ name }) => name === 'acme-000007')).toBe(true);
});

test('receipts that cannot be had leave a list without them', async () => {
  const { gate, list, now } = rig();
  gate.invoices = async () => ({ ok: false, refusal: { code: 'unavailable', whoCanFix: 'operator' } });
  await list.open();
  expect([idsIn(now()), now().papers, now().refusal]).toEqual([[5, 4], [], null]);
});

test('a receipt is fetched once at a time, and a failure is said', async () => {
  const { gate, list, now } = rig();
  await list.savePaper('acme-000001');
  await list.open();
  await Promise.all([list.savePaper('acme-000001'), list.savePaper('acme-000001')]);
  expect([gate.saved, now().savingPaper]).toEqual([['acme-000001'], null]);
  gate.lostAnswers = 1;
  await list.savePaper('acme-000001');
  expect([gate.saved.length, now().refusal?.code]).toEqual([1, 'unavailable']);
});

test('C-21: invoices are looked for, too, where nothing was ever paid', async () => {
  const { gate, list, now } = rig([]);
  gate.papers = [samplePaper({ name: 'acme-000001', kind: 'invoice', reference: null })];
  await list.open();
  expect(now().papers.map(({ name }) => name)).toEqual(['acme-000001']);
  expect(gate.log.filter((said) => said.startsWith('invoices'))).toEqual(['invoices null']);
});
