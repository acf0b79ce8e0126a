/** The chain of a wallet's entries, in every store: which operations add to it, and that nothing else ever does. */
import { describe, expect, test } from 'vitest';
import { checkLedger } from '../../../server/ledger/check-ledger.ts';
import { entryLink, walletLink } from '../../../server/ledger/entry-link.ts';
import type { Operation } from '../../../server/ledger/operation.ts';
import {
  ACCOUNT,
  chargeOf,
  creditOf,
  extendOf,
  holdOf,
  numberOwnerRowOf,
  settleOf,
  WALLET,
} from '../../support/ledger-operations.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export function describeChain(subject: StoreUnderTest): void {
  const { apply, fund } = subject;

  const chain = async (walletId = WALLET) => {
    const wallet = subject.store.db.selectFrom('wallet').selectAll().where('walletId', '=', walletId);
    const entries = subject.store.db.selectFrom('entry').selectAll().where('walletId', '=', walletId);
    return {
      wallet: await wallet.executeTakeFirstOrThrow(),
      entries: await entries.orderBy('sequence').orderBy('line').execute(),
    };
  };

  describe('the chain of entries', () => {
    test('issue 5: is SHA-256 over account, wallet and currency, then over each entry and the link before it', async () => {
      await fund(1_000);
      await apply(chargeOf(300, { operationId: 'c' }));
      const { wallet, entries } = await chain();
      let link = walletLink({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
      for (const entry of entries.filter(({ line }) => line === 0)) {
        const otherAccount = entry.operationId === 'c' ? 'revenue_numbers' : 'play_credit';
        const balanceMicros = entry.operationId === 'c' ? 700 : 1_000;
        link = entryLink(link, { ...entry, otherAccount, balanceMicros });
        expect(entry).toMatchObject({ link, balanceMicros });
      }
      expect(entries.map(({ sequence, line }) => [sequence, line])).toEqual([
        [1, 0],
        [1, 1],
        [2, 0],
        [2, 1],
      ]);
      expect(entries.filter(({ line }) => line === 1)).toMatchObject(
        Array(2).fill({ link: null, balanceMicros: null }),
      );
      expect(wallet).toMatchObject({ link, entryCount: 2 });
    });

    test('grows by what posts entries, and by nothing else: not by holds, extends, settlements and charges of nothing', async () => {
      await fund(1_000);
      const before = await chain();
      await apply(holdOf(100, { operationId: 'h' }));
      await apply(extendOf(200, { operationId: 'x', holdId: 'h' }));
      await apply(settleOf(0, { operationId: 's', holdId: 'h' }));
      await apply(chargeOf(0, { operationId: 'c' }));
      await apply(chargeOf(1_001, { operationId: 'too much' }));
      const { wallet, entries } = await chain();
      expect(entries).toEqual(before.entries);
      expect(wallet).toMatchObject({ entryCount: 1, link: before.wallet.link });
    });

    test('is not changed by repeats, reused ids and rows in conflict', async () => {
      const row = numberOwnerRowOf('+49301', { purchaseId: 'p' });
      const alongside = [{ table: 'number_owner', mode: 'insert', row } as const];
      await fund(1_000);
      await apply(chargeOf(100, { operationId: 'c', alongside }));
      const before = await chain();
      const again: readonly Operation[] = [
        chargeOf(100, { operationId: 'c', alongside }),
        chargeOf(101, { operationId: 'c' }),
        chargeOf(100, { operationId: 'other', alongside }),
      ];
      await subject.store.applyBatch(again);
      for (const operation of again) await apply(operation);
      expect(await chain()).toEqual(before);
    });

    test('is one for each wallet, however their operations are mixed in one batch', async () => {
      await subject.store.openWallet({ accountId: ACCOUNT, walletId: 'paris', currency: 'EUR' });
      await subject.store.applyBatch(
        [1, 2, 3, 4, 5, 6].map((amount) =>
          creditOf(amount, { operationId: `c${amount}`, walletId: amount % 2 === 0 ? 'paris' : WALLET }),
        ),
      );
      await subject.store.applyBatch([chargeOf(9, { operationId: 'all', walletId: WALLET })]);
      const operations = async (walletId: string) =>
        (await chain(walletId)).entries.flatMap(({ line, operationId }) => (line === 0 ? [operationId] : []));
      expect(await operations(WALLET)).toEqual(['c1', 'c3', 'c5', 'all']);
      expect(await operations('paris')).toEqual(['c2', 'c4', 'c6']);
      expect((await checkLedger(subject.store)).differences).toEqual([]);
    });
  });
}
