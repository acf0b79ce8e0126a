import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { Store } from '../../../server/storage/store.ts';
import { MAX_MICROS } from '../../../src/protocol/money.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import {
  ACCOUNT,
  callRowOf,
  chargeOf,
  creditOf,
  holdOf,
  numberOwnerRowOf,
  settleOf,
  WALLET,
} from '../../support/ledger-operations.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

describe('the ledger on its data file', () => {
  let home: SqliteHome;
  let store: Store;
  let ledger: DrainableLedger;

  beforeEach(async () => {
    home = await createSqliteHome();
    store = await home.open();
    ledger = createLedger(store);
    await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    await ledger.submit(creditOf(1_000, { operationId: 'fund' }));
  });

  afterEach(async () => {
    await ledger.close();
    const faults = await ledgerFaults(store, { sqlitePath: home.path });
    await store.close();
    await home.remove();
    expect(faults).toEqual([]);
  });

  const wallet = () => store.db.selectFrom('wallet').select(['balanceMicros', 'heldMicros']).executeTakeFirstOrThrow();

  test('thirty calls at the same moment on the money for one: one is admitted, 29 are told what is missing', async () => {
    const calls = Array.from({ length: 30 }, (_, index) =>
      ledger.submit(holdOf(600, { operationId: `call-${index}` })),
    );
    const results = await Promise.all(calls);
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    expect(results.filter((result) => !result.applied).map((result) => result.refusal)).toEqual(
      Array.from({ length: 29 }, () => ({ code: 'insufficient', neededMicros: 600, availableMicros: 400 })),
    );
  });

  test('F-11: thirty buyers of one number: one owner, one charge', async () => {
    const buyers = Array.from({ length: 30 }, (_, index) => {
      const row = numberOwnerRowOf('+49301', { purchaseId: `purchase-${index}` });
      const alongside = [{ table: 'number_owner', mode: 'insert', row } as const];
      return ledger.submit(chargeOf(10, { operationId: `purchase-${index}`, alongside }));
    });
    const results = await Promise.all(buyers);
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    expect(await wallet()).toEqual({ balanceMicros: 990, heldMicros: 0 });
  });

  test('an operation that cannot be stored fails alone, in the middle of a batch', async () => {
    const row = { ...callRowOf({ callId: 'bad' }), version: 'first' as unknown as number };
    const answers = await Promise.allSettled([
      ledger.submit(holdOf(100, { operationId: 'before' })),
      ledger.submit(holdOf(100, { operationId: 'bad', alongside: [{ table: 'call', mode: 'insert', row }] })),
      ledger.submit(creditOf(MAX_MICROS, { operationId: 'more than a wallet can hold' })),
      ledger.submit(settleOf(40, { operationId: 'after', holdId: 'before' })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await wallet()).toEqual({ balanceMicros: 960, heldMicros: 0 });
  });

  test('a process that goes away with operations waiting has acknowledged none of them', async () => {
    const waiting = [1, 2, 3].map((number) => ledger.submit(creditOf(number, { operationId: `c${number}` })));
    await store.close();
    const answers = await Promise.allSettled(waiting);
    expect(answers).toMatchObject(answers.map(() => ({ status: 'rejected', reason: { code: 'unavailable' } })));
    store = await home.open();
    expect(await wallet()).toEqual({ balanceMicros: 1_000, heldMicros: 0 });
    ledger = createLedger(store);
    expect(await ledger.submit(creditOf(1, { operationId: 'c1' }))).toMatchObject({ applied: true, isRepeat: false });
  });

  test('two processes on one file (the server and its command line) keep one truth', async () => {
    const otherStore = await home.open();
    const other = createLedger(otherStore);
    const holds = Array.from({ length: 60 }, (_, index) =>
      (index % 2 === 0 ? ledger : other).submit(holdOf(50, { operationId: `call-${index}` })),
    );
    const results = await Promise.all(holds);
    expect(results.filter(({ applied }) => applied)).toHaveLength(20);
    expect(await wallet()).toEqual({ balanceMicros: 1_000, heldMicros: 1_000 });
    expect(await other.submit(creditOf(1_000, { operationId: 'fund' }))).toMatchObject({ isRepeat: true });
    await other.close();
    await otherStore.close();
  });

  test('rows that wait are written with the next batch, in the same commit', async () => {
    const written = store.writeRows([{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'c' }) }]);
    const charged = ledger.submit(chargeOf(1, { operationId: 'x' }));
    expect(await Promise.all([written, charged])).toMatchObject([{ applied: true }, { applied: true }]);
  });
});
