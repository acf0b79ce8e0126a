/** One store for one test, and what tests ask of it again and again. Its books are audited at the end. */
import { expect } from 'vitest';
import type { Operation, OperationResult } from '../../../server/ledger/operation.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import { ACCOUNT, creditOf, WALLET } from '../../support/ledger-operations.ts';

/** Where a store's data lives for one test. */
export interface StoreHome {
  /** Opens the same data again after a close. */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

export class StoreUnderTest {
  readonly #createHome: () => Promise<StoreHome>;
  #open: { readonly home: StoreHome; readonly store: Store } | null = null;

  constructor(createHome: () => Promise<StoreHome>) {
    this.#createHome = createHome;
  }

  get store(): Store {
    return this.#opened.store;
  }

  readonly setUp = async (): Promise<void> => {
    const home = await this.#createHome();
    this.#open = { home, store: await home.open() };
    await this.store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
  };

  readonly tearDown = async (): Promise<void> => {
    const faults = await ledgerFaults(this.store);
    await this.store.close();
    await this.#opened.home.remove();
    expect(faults).toEqual([]);
  };

  /** Closes the store, if it is not closed yet, and opens its data again. */
  readonly restart = async (): Promise<void> => {
    const { home, store } = this.#opened;
    await store.close();
    this.#open = { home, store: await home.open() };
  };

  readonly apply = async (operation: Operation): Promise<OperationResult> => {
    const [result] = await this.store.applyBatch([operation]);
    if (result === undefined) throw new Error('No result');
    return result;
  };

  readonly fund = (amount: number): Promise<OperationResult> => this.apply(creditOf(amount, { operationId: 'fund' }));

  readonly wallet = () =>
    this.store.db
      .selectFrom('wallet')
      .select(['balanceMicros', 'heldMicros', 'version'])
      .where('accountId', '=', ACCOUNT)
      .where('walletId', '=', WALLET)
      .executeTakeFirstOrThrow();

  readonly entries = () =>
    this.store.db
      .selectFrom('entry')
      .select(['operationId', 'line', 'ledgerAccount', 'amountMicros', 'entryKind', 'reference'])
      .orderBy('operationId')
      .orderBy('line')
      .execute();

  readonly used = async (limitKey: string): Promise<number> => {
    const counter = this.store.db.selectFrom('limit_counter').select('used').where('limitKey', '=', limitKey);
    return (await counter.executeTakeFirst())?.used ?? 0;
  };

  get #opened() {
    if (this.#open === null) throw new Error('Not set up');
    return this.#open;
  }
}
