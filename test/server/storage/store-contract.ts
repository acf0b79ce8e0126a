/**
 * What every store must do, run against the real thing: `describeStore('SQLite', ...)`, later `describeStore('PostgreSQL', ...)`.
 * Speaks only to the Store port. The books are audited after every single test.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LimitUse, Operation, OperationResult } from '../../../server/ledger/operation.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';
import {
  ACCOUNT,
  callRowOf,
  chargeOf,
  creditOf,
  extendOf,
  holdOf,
  numberOwnerRowOf,
  settleOf,
  WALLET,
} from '../../support/ledger-operations.ts';

/** Where a store's data lives for one test. */
export interface StoreHome {
  /** Opens the same data again after a close. */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

export function describeStore(name: string, createHome: () => Promise<StoreHome>): void {
  describe(`${name} store`, () => {
    let home: StoreHome;
    let store: Store;

    beforeEach(async () => {
      home = await createHome();
      store = await home.open();
      await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
    });

    afterEach(async () => {
      const faults = await ledgerFaults(store);
      await store.close();
      await home.remove();
      expect(faults).toEqual([]);
    });

    const apply = async (operation: Operation): Promise<OperationResult> => {
      const [result] = await store.applyBatch([operation]);
      if (result === undefined) throw new Error('No result');
      return result;
    };
    const restart = async () => {
      await store.close();
      store = await home.open();
    };
    const wallet = (walletId = WALLET) =>
      store.db
        .selectFrom('wallet')
        .select(['balanceMicros', 'heldMicros', 'version'])
        .where('accountId', '=', ACCOUNT)
        .where('walletId', '=', walletId)
        .executeTakeFirstOrThrow();
    const entries = () =>
      store.db
        .selectFrom('entry')
        .select(['operationId', 'line', 'ledgerAccount', 'amountMicros', 'entryKind', 'reference'])
        .orderBy('operationId')
        .orderBy('line')
        .execute();
    const used = async (limitKey: string) => {
      const counter = store.db.selectFrom('limit_counter').select('used').where('limitKey', '=', limitKey);
      return (await counter.executeTakeFirst())?.used ?? 0;
    };
    const fund = (amount: number) => apply(creditOf(amount, { operationId: 'fund' }));

    describe('wallets', () => {
      test('opening a wallet again changes nothing', async () => {
        await fund(700);
        await store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'USD' });
        expect(await wallet()).toEqual({ balanceMicros: 700, heldMicros: 0, version: 1 });
      });

      test('a wallet keeps its currency: opening it in another one throws', async () => {
        await expect(store.openWallet({ accountId: ACCOUNT, walletId: WALLET, currency: 'EUR' })).rejects.toThrow(
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

    describe('credit and charge', () => {
      test('F-03: credit posts two entries that sum to zero', async () => {
        const result = await apply(creditOf(700, { operationId: 'c', reference: 'gift', entryKind: 'play_credit' }));
        expect(result).toEqual({
          applied: true,
          isRepeat: false,
          heldMicros: 0,
          capturedMicros: 0,
          shortMicros: 0,
          wallet: { balanceMicros: 700, heldMicros: 0, version: 1 },
        });
        const line = { operationId: 'c', entryKind: 'play_credit', reference: 'gift' };
        expect(await entries()).toEqual([
          { ...line, line: 0, ledgerAccount: 'wallet', amountMicros: 700 },
          { ...line, line: 1, ledgerAccount: 'play_credit', amountMicros: -700 },
        ]);
      });

      test('a charge may take everything that is available, to the micro-unit', async () => {
        await fund(700);
        expect(await apply(chargeOf(700, { operationId: 'c' }))).toMatchObject({
          applied: true,
          capturedMicros: 700,
          wallet: { balanceMicros: 0, heldMicros: 0, version: 2 },
        });
        expect((await entries()).filter(({ operationId }) => operationId === 'c')).toMatchObject([
          { ledgerAccount: 'wallet', amountMicros: -700 },
          { ledgerAccount: 'revenue_numbers', amountMicros: 700 },
        ]);
      });

      test('F-11, S-01: refuses a charge of one micro-unit more, with the numbers that explain it', async () => {
        await fund(700);
        expect(await apply(chargeOf(701, { operationId: 'c' }))).toEqual({
          applied: false,
          refusal: { code: 'insufficient', neededMicros: 701, availableMicros: 700 },
          wallet: { balanceMicros: 700, heldMicros: 0, version: 1 },
        });
        expect(await entries()).toHaveLength(2);
      });

      test('a charge cannot take what is held', async () => {
        await fund(700);
        await apply(holdOf(500, { operationId: 'h' }));
        expect(await apply(chargeOf(201, { operationId: 'c' }))).toMatchObject({
          refusal: { code: 'insufficient', availableMicros: 200 },
        });
        expect(await apply(chargeOf(200, { operationId: 'c2' }))).toMatchObject({ applied: true });
      });

      test('a charge of nothing is applied, posts nothing and does not change the wallet', async () => {
        expect(await apply(chargeOf(0, { operationId: 'c' }))).toMatchObject({ applied: true, wallet: { version: 0 } });
        expect(await entries()).toEqual([]);
        expect(await apply(chargeOf(0, { operationId: 'c' }))).toMatchObject({ isRepeat: true });
      });
    });

    describe('hold, extend, settle', () => {
      beforeEach(async () => {
        await fund(1_000);
      });

      test('a hold moves available to held and posts no entry', async () => {
        expect(await apply(holdOf(1_000, { operationId: 'h' }))).toMatchObject({
          applied: true,
          heldMicros: 1_000,
          wallet: { balanceMicros: 1_000, heldMicros: 1_000, version: 2 },
        });
        expect(await entries()).toHaveLength(2);
      });

      test('a hold gets what is available when that covers its minimum exactly', async () => {
        expect(await apply(holdOf(5_000, { operationId: 'h', minimumMicros: 1_000 }))).toMatchObject({
          applied: true,
          heldMicros: 1_000,
        });
      });

      test('F-09, S-02: refuses a hold whose minimum is not covered by one micro-unit', async () => {
        expect(await apply(holdOf(5_000, { operationId: 'h', minimumMicros: 1_001 }))).toEqual({
          applied: false,
          refusal: { code: 'insufficient', neededMicros: 1_001, availableMicros: 1_000 },
          wallet: { balanceMicros: 1_000, heldMicros: 0, version: 1 },
        });
      });

      test('F-12: refuses a hold below the floor, and takes it exactly at the floor', async () => {
        expect(await apply(holdOf(10, { operationId: 'h', floorMicros: 1_001 }))).toMatchObject({
          refusal: { code: 'below_floor', neededMicros: 1_001, availableMicros: 1_000 },
        });
        expect(await apply(holdOf(10, { operationId: 'h', floorMicros: 1_000 }))).toMatchObject({ applied: true });
      });

      test('what cannot be paid at all is insufficient, not below the floor', async () => {
        expect(await apply(holdOf(2_000, { operationId: 'h', floorMicros: 3_000 }))).toMatchObject({
          refusal: { code: 'insufficient' },
        });
      });

      test('D-01: a free call holds 0 of an empty wallet', async () => {
        await apply(chargeOf(1_000, { operationId: 'empty' }));
        expect(await apply(holdOf(0, { operationId: 'h' }))).toMatchObject({ applied: true, heldMicros: 0 });
        expect(await apply(settleOf(0, { operationId: 's', holdId: 'h' }))).toMatchObject({
          applied: true,
          wallet: { balanceMicros: 0, heldMicros: 0, version: 2 },
        });
      });

      test('a second operation cannot make a hold that is there', async () => {
        await apply(holdOf(10, { operationId: 'h', holdId: 'call' }));
        expect(await apply(holdOf(10, { operationId: 'h2', holdId: 'call' }))).toMatchObject({
          refusal: { code: 'id_reused' },
        });
      });

      test('extend grows a hold to its new total', async () => {
        await apply(holdOf(100, { operationId: 'h' }));
        expect(await apply(extendOf(250, { operationId: 'e', holdId: 'h' }))).toMatchObject({
          applied: true,
          heldMicros: 250,
          wallet: { balanceMicros: 1_000, heldMicros: 250, version: 3 },
        });
      });

      test('extend takes what is left, and then nothing: a final lease', async () => {
        await apply(holdOf(900, { operationId: 'h' }));
        expect(await apply(extendOf(1_200, { operationId: 'e1', holdId: 'h' }))).toMatchObject({ heldMicros: 1_000 });
        expect(await apply(extendOf(1_500, { operationId: 'e2', holdId: 'h' }))).toMatchObject({
          applied: true,
          heldMicros: 1_000,
          wallet: { version: 3 },
        });
      });

      test('credit makes a hold that could not grow grow again', async () => {
        await apply(holdOf(1_000, { operationId: 'h' }));
        expect(await apply(extendOf(1_500, { operationId: 'e1', holdId: 'h' }))).toMatchObject({ heldMicros: 1_000 });
        await apply(creditOf(300, { operationId: 'more' }));
        expect(await apply(extendOf(1_500, { operationId: 'e2', holdId: 'h' }))).toMatchObject({ heldMicros: 1_300 });
      });

      test('extend never shrinks a hold', async () => {
        await apply(holdOf(500, { operationId: 'h' }));
        expect(await apply(extendOf(100, { operationId: 'e', holdId: 'h' }))).toMatchObject({
          applied: true,
          heldMicros: 500,
        });
      });

      test('F-06: settle captures what was used, says what for, and releases the rest', async () => {
        await apply(holdOf(500, { operationId: 'h' }));
        expect(await apply(settleOf(320, { operationId: 's', holdId: 'h', reference: 'call-1' }))).toEqual({
          applied: true,
          isRepeat: false,
          heldMicros: 0,
          capturedMicros: 320,
          shortMicros: 0,
          wallet: { balanceMicros: 680, heldMicros: 0, version: 3 },
        });
        expect((await entries()).filter(({ operationId }) => operationId === 's')).toMatchObject([
          { ledgerAccount: 'wallet', amountMicros: -320, entryKind: 'outbound_call', reference: 'call-1' },
          { ledgerAccount: 'revenue_calls', amountMicros: 320 },
        ]);
      });

      test('settle with 0 is a plain release and posts nothing', async () => {
        await apply(holdOf(500, { operationId: 'h' }));
        expect(await apply(settleOf(0, { operationId: 's', holdId: 'h' }))).toMatchObject({
          capturedMicros: 0,
          wallet: { balanceMicros: 1_000, heldMicros: 0 },
        });
        expect(await entries()).toHaveLength(2);
      });

      test('settle never takes more than the hold, and says what was short', async () => {
        await apply(holdOf(500, { operationId: 'h' }));
        expect(await apply(settleOf(501, { operationId: 's', holdId: 'h' }))).toMatchObject({
          capturedMicros: 500,
          shortMicros: 1,
          wallet: { balanceMicros: 500, heldMicros: 0 },
        });
      });

      test('refuses to extend or settle a hold that is closed', async () => {
        await apply(holdOf(500, { operationId: 'h' }));
        await apply(settleOf(1, { operationId: 's', holdId: 'h' }));
        expect(await apply(settleOf(1, { operationId: 's2', holdId: 'h' }))).toMatchObject({
          refusal: { code: 'hold_closed' },
          wallet: { balanceMicros: 999 },
        });
        expect(await apply(extendOf(900, { operationId: 'e', holdId: 'h' }))).toMatchObject({
          refusal: { code: 'hold_closed' },
        });
      });

      test('refuses to extend or settle a hold that nobody made, or that another wallet made', async () => {
        await store.openWallet({ accountId: ACCOUNT, walletId: 'paris', currency: 'USD' });
        await apply(holdOf(500, { operationId: 'h' }));
        const unknown = { applied: false, refusal: { code: 'hold_unknown' } };
        expect(await apply(settleOf(1, { operationId: 's', holdId: 'none' }))).toMatchObject(unknown);
        expect(await apply(extendOf(1, { operationId: 'e', holdId: 'none' }))).toMatchObject(unknown);
        expect(await apply(settleOf(1, { operationId: 's', holdId: 'h', walletId: 'paris' }))).toMatchObject(unknown);
        expect(await wallet()).toMatchObject({ balanceMicros: 1_000, heldMicros: 500 });
      });

      test('thirty calls at once on the money for one admit one', async () => {
        const calls = Array.from({ length: 30 }, (_, index) => holdOf(1_000, { operationId: `h${index}` }));
        const results = await store.applyBatch(calls);
        expect(results.filter(({ applied }) => applied)).toHaveLength(1);
        expect(results[0]).toMatchObject({ applied: true });
        expect(await wallet()).toMatchObject({ balanceMicros: 1_000, heldMicros: 1_000 });
      });
    });

    describe('repeats', () => {
      const SCRIPT: readonly Operation[] = [
        creditOf(1_000, { operationId: 'c' }),
        holdOf(100, { operationId: 'h' }),
        extendOf(400, { operationId: 'e', holdId: 'h' }),
        settleOf(250, { operationId: 's', holdId: 'h' }),
        chargeOf(50, { operationId: 'x' }),
      ];

      test('every kind of operation, asked again, gets its first answer and changes nothing', async () => {
        const first = await store.applyBatch(SCRIPT);
        const before = { wallet: await wallet(), entries: await entries() };
        const again = await store.applyBatch(SCRIPT);
        expect(again).toEqual(first.map((result) => ({ ...result, isRepeat: true })));
        expect({ wallet: await wallet(), entries: await entries() }).toEqual(before);
      });

      test('a repeat is known inside the same batch', async () => {
        const results = await store.applyBatch(SCRIPT.flatMap((operation) => [operation, operation]));
        expect(results.map((result) => result.applied && result.isRepeat)).toEqual(SCRIPT.flatMap(() => [false, true]));
        expect(await wallet()).toMatchObject({ balanceMicros: 700, heldMicros: 0 });
      });

      test('a repeat is known after a restart', async () => {
        const first = await store.applyBatch(SCRIPT);
        await restart();
        expect(await store.applyBatch(SCRIPT)).toEqual(first.map((result) => ({ ...result, isRepeat: true })));
      });

      test('a later time, other rows and other limits do not make it another operation', async () => {
        await fund(100);
        await apply(holdOf(100, { operationId: 'h' }));
        const limits: readonly LimitUse[] = [{ limitKey: 'k', use: 1, ceiling: 1, keeps: 'nothing' }];
        const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'h' }) } as const];
        expect(await apply(holdOf(100, { operationId: 'h', atMs: 9, limits, alongside }))).toMatchObject({
          isRepeat: true,
        });
        expect(await used('k')).toBe(0);
        expect(await store.db.selectFrom('call').selectAll().execute()).toEqual([]);
      });

      test('the same id with other content is refused and changes nothing', async () => {
        await store.applyBatch(SCRIPT);
        const others: readonly Operation[] = [
          creditOf(1_001, { operationId: 'c' }),
          creditOf(1_000, { operationId: 'c', sourceAccount: 'operator_credit' }),
          creditOf(1_000, { operationId: 'h' }),
          extendOf(401, { operationId: 'e', holdId: 'h' }),
          settleOf(251, { operationId: 's', holdId: 'h' }),
          chargeOf(51, { operationId: 'x' }),
          chargeOf(50, { operationId: 'x', reference: 'something else' }),
        ];
        const before = await wallet();
        const results = await store.applyBatch(others);
        expect(results).toEqual(others.map(() => ({ applied: false, refusal: { code: 'id_reused' }, wallet: before })));
        expect(await wallet()).toEqual(before);
      });

      test('S-05: a refused operation can be tried again with its id once there is credit', async () => {
        const hold = holdOf(100, { operationId: 'h' });
        expect(await apply(hold)).toMatchObject({ refusal: { code: 'insufficient' } });
        await fund(100);
        expect(await apply(hold)).toMatchObject({ applied: true, isRepeat: false });
      });

      test('two accounts may use the same operation id', async () => {
        await store.openWallet({ accountId: 'other', walletId: WALLET, currency: 'USD' });
        await apply(creditOf(10, { operationId: 'c' }));
        expect(await apply(creditOf(20, { operationId: 'c', accountId: 'other' }))).toMatchObject({
          applied: true,
          isRepeat: false,
        });
      });
    });

    describe('order in a batch', () => {
      test('operations are decided in the order of their arrival', async () => {
        const results = await store.applyBatch([
          holdOf(100, { operationId: 'too-early' }),
          creditOf(100, { operationId: 'c' }),
          holdOf(60, { operationId: 'first' }),
          holdOf(60, { operationId: 'second' }),
          settleOf(10, { operationId: 's', holdId: 'first' }),
          holdOf(90, { operationId: 'third' }),
        ]);
        expect(results.map(({ applied }) => applied)).toEqual([false, true, true, false, true, true]);
        expect(await wallet()).toEqual({ balanceMicros: 90, heldMicros: 90, version: 4 });
      });

      test('each result tells the wallet right after its own operation', async () => {
        const results = await store.applyBatch([1, 2, 3].map((n) => creditOf(n, { operationId: `c${n}` })));
        expect(results.map((result) => result.wallet)).toEqual([
          { balanceMicros: 1, heldMicros: 0, version: 1 },
          { balanceMicros: 3, heldMicros: 0, version: 2 },
          { balanceMicros: 6, heldMicros: 0, version: 3 },
        ]);
      });

      test('a batch with an operation that cannot be stored throws and applies nothing', async () => {
        const broken = { ...callRowOf({ callId: 'x' }), startedAtMs: 'noon' as unknown as number };
        const batch = [
          creditOf(1, { operationId: 'good' }),
          creditOf(1, { operationId: 'bad', alongside: [{ table: 'call', mode: 'insert', row: broken }] }),
        ];
        await expect(store.applyBatch(batch)).rejects.toThrow();
        expect(await wallet()).toEqual({ balanceMicros: 0, heldMicros: 0, version: 0 });
        expect(await entries()).toEqual([]);
      });
    });

    describe('limits', () => {
      const calls = (ceiling: number): LimitUse => ({ limitKey: 'sam:calls', use: 1, ceiling, keeps: 'nothing' });
      const spend = (use: number, ceiling: number): LimitUse => ({ limitKey: 'day', use, ceiling, keeps: 'captured' });

      beforeEach(async () => {
        await fund(10_000);
      });

      test('calls at once: the last that fits is taken, the next refused, a settled one makes room', async () => {
        const limits = [calls(2)];
        await apply(holdOf(1, { operationId: 'h1', limits }));
        expect(await apply(holdOf(1, { operationId: 'h2', limits }))).toMatchObject({ applied: true });
        expect(await apply(holdOf(1, { operationId: 'h3', limits }))).toMatchObject({
          applied: false,
          refusal: { code: 'limit_reached', limitKey: 'sam:calls', ceiling: 2 },
        });
        expect(await used('sam:calls')).toBe(2);
        await apply(settleOf(1, { operationId: 's1', holdId: 'h1' }));
        expect(await used('sam:calls')).toBe(1);
        expect(await apply(holdOf(1, { operationId: 'h3', limits }))).toMatchObject({ applied: true });
      });

      test('a refused hold counts nothing, also not in the limits that it passed', async () => {
        const limits = [calls(5), spend(50, 40)];
        expect(await apply(holdOf(50, { operationId: 'h', limits }))).toMatchObject({
          refusal: { code: 'limit_reached', limitKey: 'day', ceiling: 40 },
        });
        expect(await used('sam:calls')).toBe(0);
      });

      test('money is asked before limits', async () => {
        expect(await apply(holdOf(10_001, { operationId: 'h', limits: [spend(10_001, 5)] }))).toMatchObject({
          refusal: { code: 'insufficient' },
        });
      });

      test('spend a day: held counts at once, settled counts what was captured', async () => {
        await apply(holdOf(300, { operationId: 'h', limits: [spend(300, 1_000)] }));
        expect(await used('day')).toBe(300);
        await apply(settleOf(120, { operationId: 's', holdId: 'h' }));
        expect(await used('day')).toBe(120);
      });

      test('spend a day: a hold may reach the ceiling exactly, not pass it by one micro-unit', async () => {
        expect(await apply(holdOf(1_001, { operationId: 'h', limits: [spend(1_001, 1_000)] }))).toMatchObject({
          refusal: { code: 'limit_reached' },
        });
        expect(await apply(holdOf(1_000, { operationId: 'h', limits: [spend(1_000, 1_000)] }))).toMatchObject({
          applied: true,
        });
      });

      test('spend a day: the ceiling trims a hold that can do with less', async () => {
        const limits = [spend(100, 250)];
        await apply(holdOf(100, { operationId: 'h1', limits }));
        expect(await apply(holdOf(400, { operationId: 'h2', minimumMicros: 100, limits }))).toMatchObject({
          applied: true,
          heldMicros: 150,
        });
        expect(await used('day')).toBe(250);
        expect(
          await apply(holdOf(400, { operationId: 'h3', minimumMicros: 1, limits: [spend(1, 250)] })),
        ).toMatchObject({ refusal: { code: 'limit_reached' } });
      });

      test('spend a day: an extend counts what it grew, and is trimmed by the ceiling', async () => {
        await apply(holdOf(100, { operationId: 'h', limits: [calls(1), spend(100, 250)] }));
        expect(await apply(extendOf(200, { operationId: 'e1', holdId: 'h' }))).toMatchObject({ heldMicros: 200 });
        expect(await used('day')).toBe(200);
        expect(await apply(extendOf(300, { operationId: 'e2', holdId: 'h' }))).toMatchObject({ heldMicros: 250 });
        expect(await apply(extendOf(400, { operationId: 'e3', holdId: 'h' }))).toMatchObject({ heldMicros: 250 });
        expect(await used('day')).toBe(250);
        expect(await used('sam:calls')).toBe(1);
        await apply(settleOf(240, { operationId: 's', holdId: 'h' }));
        expect([await used('day'), await used('sam:calls')]).toEqual([240, 0]);
      });

      test('a ceiling that was lowered below what is used refuses paid calls and lets free ones pass', async () => {
        await apply(holdOf(300, { operationId: 'h', limits: [spend(300, 1_000)] }));
        expect(await apply(holdOf(1, { operationId: 'paid', limits: [spend(1, 200)] }))).toMatchObject({
          refusal: { code: 'limit_reached' },
        });
        expect(await apply(holdOf(0, { operationId: 'free', limits: [spend(0, 200)] }))).toMatchObject({
          applied: true,
        });
      });

      test('counters survive a restart', async () => {
        await apply(holdOf(300, { operationId: 'h', limits: [calls(1), spend(300, 500)] }));
        await restart();
        expect(await apply(holdOf(1, { operationId: 'h2', limits: [calls(1)] }))).toMatchObject({
          refusal: { code: 'limit_reached' },
        });
        await apply(settleOf(10, { operationId: 's', holdId: 'h' }));
        expect([await used('day'), await used('sam:calls')]).toEqual([10, 0]);
      });
    });

    describe('rows alongside', () => {
      const insert = (callId: string) => ({ table: 'call', mode: 'insert', row: callRowOf({ callId }) }) as const;
      const owner = (number: string, purchaseId = 'p') =>
        ({ table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(number, { purchaseId }) }) as const;

      beforeEach(async () => {
        await fund(1_000);
      });

      test('are written with the operation', async () => {
        await apply(holdOf(10, { operationId: 'h', alongside: [insert('call-1')] }));
        const row = await store.db.selectFrom('call').selectAll().executeTakeFirstOrThrow();
        expect(row).toEqual(callRowOf({ callId: 'call-1' }));
      });

      test('are not written when the operation is refused', async () => {
        await apply(holdOf(1_001, { operationId: 'h', alongside: [insert('call-1')] }));
        expect(await store.db.selectFrom('call').selectAll().execute()).toEqual([]);
      });

      test('a row that is there already refuses its operation only', async () => {
        const results = await store.applyBatch([
          chargeOf(100, { operationId: 'first', alongside: [owner('+49301', 'first')] }),
          chargeOf(100, { operationId: 'second', alongside: [owner('+49301', 'second')] }),
          chargeOf(100, { operationId: 'third', alongside: [owner('+49302', 'third')] }),
        ]);
        expect(results.map(({ applied }) => applied)).toEqual([true, false, true]);
        expect(results[1]).toMatchObject({ refusal: { code: 'row_conflict', table: 'number_owner' } });
        expect(await wallet()).toMatchObject({ balanceMicros: 800 });
        const owners = await store.db
          .selectFrom('number_owner')
          .select(['number', 'purchaseId'])
          .orderBy('number')
          .execute();
        expect(owners).toEqual([
          { number: '+49301', purchaseId: 'first' },
          { number: '+49302', purchaseId: 'third' },
        ]);
      });

      test('of several rows none is written when the last one is in conflict', async () => {
        await store.writeRows([owner('+49301')]);
        const alongside = [insert('call-1'), owner('+49302'), owner('+49301')];
        expect(await apply(chargeOf(1, { operationId: 'c', alongside }))).toMatchObject({
          refusal: { code: 'row_conflict' },
          wallet: { balanceMicros: 1_000 },
        });
        expect(await store.db.selectFrom('call').selectAll().execute()).toEqual([]);
        expect(await store.db.selectFrom('number_owner').selectAll().execute()).toHaveLength(1);
      });

      test("next_version writes over the version it has seen, and refuses over another's", async () => {
        const write = (version: number, status: string) =>
          ({ table: 'call', mode: 'next_version', row: callRowOf({ callId: 'c', version, status }) }) as const;
        await apply(holdOf(10, { operationId: 'h', alongside: [insert('c')] }));
        expect(
          await apply(extendOf(20, { operationId: 'e1', holdId: 'h', alongside: [write(2, 'ringing')] })),
        ).toMatchObject({ applied: true });
        expect(
          await apply(extendOf(30, { operationId: 'e2', holdId: 'h', alongside: [write(2, 'stale')] })),
        ).toMatchObject({
          applied: false,
          refusal: { code: 'row_conflict', table: 'call' },
          wallet: { heldMicros: 20 },
        });
        const row = await store.db.selectFrom('call').select(['status', 'version']).executeTakeFirstOrThrow();
        expect(row).toEqual({ status: 'ringing', version: 2 });
      });

      test('next_version refuses when the row is not there at all', async () => {
        const row = callRowOf({ callId: 'nobody', version: 2 });
        expect(await store.writeRows([{ table: 'call', mode: 'next_version', row }])).toEqual({
          applied: false,
          conflict: 'call',
        });
      });

      test('a call id is unique over all accounts', async () => {
        await store.writeRows([insert('call-1')]);
        const row = callRowOf({ callId: 'call-1', accountId: 'other' });
        for (const mode of ['insert', 'upsert'] as const) {
          expect(await store.writeRows([{ table: 'call', mode, row }])).toEqual({ applied: false, conflict: 'call' });
        }
      });
    });

    describe('rows without money', () => {
      const account = {
        accountId: ACCOUNT,
        name: 'Acme',
        currency: 'USD',
        timeZone: 'Europe/Berlin',
        profile: 'teams',
        isPhoneEnabled: true,
        supportEmail: 'help@example.com',
      };

      test('upsert writes the first time and over it the next', async () => {
        await store.writeRows([{ table: 'account', mode: 'upsert', row: account }]);
        await store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, isPhoneEnabled: false } }]);
        expect(await store.db.selectFrom('account').selectAll().execute()).toEqual([
          { ...account, isPhoneEnabled: false },
        ]);
      });

      test('writes that wait together do not share their conflicts', async () => {
        const write = (accountId: string) =>
          store.writeRows([{ table: 'account', mode: 'insert', row: { ...account, accountId } }]);
        const outcomes = await Promise.all([write('a'), write('a'), write('b')]);
        expect(outcomes.map(({ applied }) => applied)).toEqual([true, false, true]);
      });

      test('writes that wait together do not share their errors, nor do operations that go along', async () => {
        const broken = { ...account, accountId: 'broken', isPhoneEnabled: 'perhaps' as unknown as boolean };
        const write = (row: typeof account) => store.writeRows([{ table: 'account', mode: 'insert', row }]);
        const outcomes = await Promise.allSettled([write(account), write(broken), fund(5)]);
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(await wallet()).toMatchObject({ balanceMicros: 5 });
        expect(await store.db.selectFrom('account').select('accountId').execute()).toEqual([{ accountId: ACCOUNT }]);
      });

      test('are there after a restart', async () => {
        await store.writeRows([{ table: 'account', mode: 'insert', row: account }]);
        await restart();
        expect(await store.db.selectFrom('account').selectAll().execute()).toEqual([account]);
      });

      test('a query by a flag finds what was written as a flag', async () => {
        await store.writeRows([{ table: 'account', mode: 'insert', row: account }]);
        const enabled = store.db.selectFrom('account').select('isPhoneEnabled').where('isPhoneEnabled', '=', true);
        expect(await enabled.execute()).toEqual([{ isPhoneEnabled: true }]);
      });
    });

    describe('the store itself', () => {
      test('queries read only', async () => {
        await expect(store.db.updateTable('wallet').set({ balanceMicros: 1 }).execute()).rejects.toThrow();
      });

      test('check resolves while it can commit, and rejects after close', async () => {
        await expect(store.check()).resolves.toBeUndefined();
        await store.close();
        await expect(store.check()).rejects.toThrow(/closed/);
        await expect(store.applyBatch([])).rejects.toMatchObject({ code: 'unavailable' });
        await expect(store.writeRows([])).rejects.toMatchObject({ code: 'unavailable' });
        store = await home.open();
      });

      test('close writes what waits', async () => {
        const written = store.writeRows([{ table: 'number_owner', mode: 'insert', row: numberOwnerRowOf('+49301') }]);
        await restart();
        expect(await written).toEqual({ applied: true, conflict: null });
        expect(await store.db.selectFrom('number_owner').select('number').execute()).toEqual([{ number: '+49301' }]);
      });
    });
  });
}
