/** What the book cannot see by itself: credit that is set aside for nothing, and calls that nothing is set aside for. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../../server/ledger/operation.ts';
import { heldCreditFaults, heldCreditLines, MAX_LISTED_FAULTS } from '../../../server/operator/held-credit.ts';
import type { NumberOrderRow, RowWrite, ServiceChargeRow } from '../../../server/storage/rows.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import {
  ACCOUNT,
  callRowOf,
  creditOf,
  holdOf,
  numberOwnerRowOf,
  settleOf,
  WALLET,
} from '../../support/ledger-operations.ts';
import { STATEMENT_STORES } from '../../support/statement-stores.ts';
import type { TestStoreHome } from '../../support/test-store.ts';

const HELD = 600_000;
const CALL = { callId: 'call-1', heldMicros: HELD, status: 'answered', dueAtMs: 1_750_000_030_000 } as const;

function serviceRowOf(row: Partial<ServiceChargeRow> & { readonly chargeId: string }): ServiceChargeRow {
  return {
    ...{ accountId: ACCOUNT, officeId: 'berlin', walletId: WALLET, personId: null, personName: null, callId: null },
    ...{ kind: 'sms', unit: 'segment', number: null, destination: 'Germany', origin: 'authorize', paidBy: 'credit' },
    ...{ status: 'authorized', authorizedUnits: 1, units: 0, currency: 'USD', rate: '{}', heldMicros: HELD },
    ...{ costMicros: 0, shortMicros: 0, createdAtMs: 1, expiresAtMs: 2, endedAtMs: null, dueAtMs: null },
    ...{ version: 1, invoiceTaskId: null, ...row },
  };
}

function orderRowOf(row: Partial<NumberOrderRow> & { readonly orderId: string }): NumberOrderRow {
  return {
    ...{
      accountId: ACCOUNT,
      officeId: 'berlin',
      walletId: WALLET,
      number: '+4930200',
      carrier: 'telnyx',
      carrierRef: null,
    },
    ...{
      state: 'held',
      facts: '{}',
      currency: 'USD',
      amountMicros: HELD,
      personId: 'sam',
      personName: 'Sam',
      attempts: 0,
    },
    ...{
      problem: null,
      createdAtMs: 1,
      askedAtMs: null,
      endedAtMs: null,
      dueAtMs: null,
      version: 1,
      numberRef: null,
      ...row,
    },
  };
}

describe.each(STATEMENT_STORES)('credit that is held on %s', (_, createHome) => {
  let home: TestStoreHome;
  let store: Store;
  beforeEach(async () => {
    home = await createHome();
    store = await home.open();
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    await apply(creditOf(5_000_000, { operationId: 'credit' }));
  }, 60_000);
  afterEach(async () => {
    // Whatever is held for nothing, the book adds up: that is why it has to be looked for.
    expect(await ledgerFaults(store)).toEqual([]);
    await store.close();
    await home.remove();
  });

  async function apply(operation: Operation): Promise<void> {
    const [result] = await store.applyBatch([operation]);
    expect(result).toMatchObject({ applied: true });
  }

  const hold = (holdId: string, ...alongside: RowWrite[]) =>
    apply(holdOf(HELD, { operationId: `hold:${holdId}`, holdId, alongside }));

  const faults = async () => heldCreditLines(await heldCreditFaults(store));

  test('what is held for something that is open is in order: a call, a charge, an order, a rent', async () => {
    await hold('call-1', { table: 'call', mode: 'insert', row: callRowOf(CALL) });
    await hold('service:sms-1', { table: 'service_charge', mode: 'insert', row: serviceRowOf({ chargeId: 'sms-1' }) });
    await hold('number:order-1', { table: 'number_order', mode: 'insert', row: orderRowOf({ orderId: 'order-1' }) });
    const rented = numberOwnerRowOf('+4930100', { heldMicros: HELD, holdId: 'rent:1' });
    await hold('rent:1', { table: 'number_owner', mode: 'insert', row: rented });
    expect(await faults()).toEqual([]);
    await apply(
      settleOf(HELD, {
        operationId: 'settle',
        holdId: 'call-1',
        alongside: [
          {
            table: 'call',
            mode: 'next_version',
            row: callRowOf({ ...CALL, status: 'settled', dueAtMs: null, version: 2 }),
          },
        ],
      }),
    );
    expect(await faults()).toEqual([]);
  });

  test.each([
    ['a call that is over', 'call-1', { table: 'call', mode: 'insert', row: callRowOf({ ...CALL, dueAtMs: null }) }],
    [
      'a charge that was given back',
      'service:sms-1',
      { table: 'service_charge', mode: 'insert', row: serviceRowOf({ chargeId: 'sms-1', status: 'released' }) },
    ],
    [
      'an order that is over',
      'number:order-1',
      { table: 'number_order', mode: 'insert', row: orderRowOf({ orderId: 'order-1', state: 'failed', endedAtMs: 3 }) },
    ],
    [
      'a rent whose number forgot it',
      'rent:1',
      { table: 'number_owner', mode: 'insert', row: numberOwnerRowOf('+4930100') },
    ],
    [
      'a call of another account',
      'call-2',
      {
        table: 'call',
        mode: 'insert',
        row: callRowOf({ ...CALL, callId: 'call-2', accountId: 'other', heldMicros: 0 }),
      },
    ],
  ] as const)('%s keeps no credit', async (_what, holdId, row) => {
    await hold(holdId, row);
    expect(await faults()).toEqual([
      `account acme: hold ${holdId} keeps 0.60 of wallet berlin since 2025-06-15T15:06:40.000Z, for nothing that is still open`,
    ]);
    expect(await heldCreditFaults(store, { accountId: 'other' })).toEqual([]);
  });

  test('an id that only looks like that of a charge or an order is of nothing', async () => {
    await hold('sms-1', { table: 'service_charge', mode: 'insert', row: serviceRowOf({ chargeId: 'sms-1' }) });
    await hold('number:none');
    expect(await heldCreditFaults(store)).toMatchObject([{ subject: 'number:none' }, { subject: 'sms-1' }]);
  });

  test('a running call that has less set aside than its lease costs is told; a free one needs nothing', async () => {
    await hold('call-1', { table: 'call', mode: 'insert', row: callRowOf({ ...CALL, heldMicros: HELD + 1 }) });
    const free = callRowOf({ ...CALL, callId: 'free', heldMicros: 0 });
    const alone = callRowOf({ ...CALL, callId: 'alone' });
    await store.writeRows([
      { table: 'call', mode: 'insert', row: free },
      { table: 'call', mode: 'insert', row: alone },
    ]);
    expect(await faults()).toEqual([
      'account acme: call alone runs since 2025-06-15T15:06:40.000Z on 0.60 of wallet berlin, which nobody holds',
      'account acme: call call-1 runs since 2025-06-15T15:06:40.000Z on 0.600001 of wallet berlin, which nobody holds',
    ]);
  });

  test('a list that was cut says so', async () => {
    const calls = Array.from({ length: MAX_LISTED_FAULTS + 1 }, (_, index) =>
      callRowOf({ ...CALL, callId: `call-${index}` }),
    );
    await store.writeRows(calls.map((row) => ({ table: 'call', mode: 'insert', row })));
    const lines = await faults();
    expect(lines).toHaveLength(MAX_LISTED_FAULTS + 1);
    expect(lines.at(-1)).toBe('and perhaps more of these');
  });
});
