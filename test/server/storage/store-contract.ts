/**
 * What every store must do, run against the real thing: `describeStore('SQLite', ...)`, later `describeStore('PostgreSQL', ...)`.
 * Speaks only to the Store port. The books are audited after every single test.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, chargeOf, creditOf, numberOwnerRowOf, WALLET } from '../../support/ledger-operations.ts';
import { describeChain } from './chain-contract.ts';
import { describeLimits } from './limits-contract.ts';
import { describeMoney } from './money-contract.ts';
import { describeRepeats } from './repeats-contract.ts';
import { describeRows } from './rows-contract.ts';
import { type StoreHome, StoreUnderTest } from './store-under-test.ts';

export function describeStore(name: string, createHome: () => Promise<StoreHome>): void {
  describe(`${name} store`, () => {
    const subject = new StoreUnderTest(createHome);
    beforeEach(subject.setUp);
    afterEach(subject.tearDown);

    describeWallets(subject);
    describeMoney(subject);
    describeChain(subject);
    describeRepeats(subject);
    describeLimits(subject);
    describeRows(subject);
    describeItself(subject);
  });
}

function describeWallets(subject: StoreUnderTest): void {
  const { apply, fund, wallet } = subject;

  describe('wallets', () => {
    test('opening a wallet again changes nothing', async () => {
      await fund(700);
      await subject.store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
      expect(await wallet()).toEqual({ balanceMicros: 700, heldMicros: 0, version: 1 });
    });

    test('a wallet keeps its currency: opening it in another one throws', async () => {
      await expect(subject.store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'EUR' })).rejects.toThrow(
        /berlin .*USD, not in EUR/,
      );
    });

    test('refuses an operation on a wallet that nobody opened', async () => {
      expect(await apply(creditOf(5, { operationId: 'c', walletId: 'nowhere' }))).toEqual({
        applied: false,
        refusal: { code: 'wallet_unknown' },
        wallet: null,
      });
    });

    test("one account cannot touch another's wallet of the same name", async () => {
      await fund(700);
      expect(await apply(chargeOf(1, { operationId: 'c', accountId: 'other' }))).toMatchObject({
        refusal: { code: 'wallet_unknown' },
      });
    });
  });
}

function describeItself(subject: StoreUnderTest): void {
  describe('the store itself', () => {
    test('queries read only', async () => {
      await expect(subject.store.db.updateTable('wallet').set({ balanceMicros: 1 }).execute()).rejects.toThrow();
    });

    test('check resolves while it can commit, and rejects after close', async () => {
      await expect(subject.store.check()).resolves.toBeUndefined();
      await subject.store.close();
      await expect(subject.store.check()).rejects.toThrow(/closed/);
      await expect(subject.store.applyBatch([])).rejects.toMatchObject({ code: 'unavailable' });
      await expect(subject.store.writeRows([])).rejects.toMatchObject({ code: 'unavailable' });
      await subject.restart();
    });

    test('a piece of periodic work has one holder, until the claim is over or given back', async () => {
      const { store } = subject;
      const claim = (holder: string, forMs: number, name = 'calls/0') => store.claim({ name, holder, forMs });
      expect(await claim('one', 60_000)).toBe(true);
      expect(await claim('two', 60_000)).toBe(false);
      expect(await claim('two', 60_000, 'calls/1')).toBe(true);
      expect(await claim('one', 60_000)).toBe(true);
      expect(await claim('one', 0)).toBe(true);
      expect(await claim('two', 60_000)).toBe(true);
      expect(await claim('one', 60_000)).toBe(false);
    });

    test('close writes what waits', async () => {
      const written = subject.store.writeRows([
        { table: 'number_owner', mode: 'insert', row: numberOwnerRowOf('+49301') },
      ]);
      await subject.restart();
      expect(await written).toEqual({ applied: true, conflict: null });
      expect(await subject.store.db.selectFrom('number_owner').select('number').execute()).toEqual([
        { number: '+49301' },
      ]);
    });
  });
}
