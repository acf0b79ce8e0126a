/** Doing it twice is doing it once, and one thing after the other, in every store. */
import { describe, expect, test } from 'vitest';
import type { LimitUse, Operation } from '../../../server/ledger/operation.ts';
import { callRowOf, chargeOf, creditOf, extendOf, holdOf, settleOf, WALLET } from '../../support/ledger-operations.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export function describeRepeats(subject: StoreUnderTest): void {
  const { apply, entries, fund, restart, used, wallet } = subject;

  describe('repeats', () => {
    const SCRIPT: readonly Operation[] = [
      creditOf(1_000, { operationId: 'c' }),
      holdOf(100, { operationId: 'h' }),
      extendOf(400, { operationId: 'e', holdId: 'h' }),
      settleOf(250, { operationId: 's', holdId: 'h' }),
      chargeOf(50, { operationId: 'x' }),
    ];

    test('every kind of operation, asked again, gets its first answer and changes nothing', async () => {
      const first = await subject.store.applyBatch(SCRIPT);
      const before = { wallet: await wallet(), entries: await entries() };
      const again = await subject.store.applyBatch(SCRIPT);
      expect(again).toEqual(first.map((result) => ({ ...result, isRepeat: true })));
      expect({ wallet: await wallet(), entries: await entries() }).toEqual(before);
    });

    test('a repeat is known inside the same batch', async () => {
      const results = await subject.store.applyBatch(SCRIPT.flatMap((operation) => [operation, operation]));
      expect(results.map((result) => result.applied && result.isRepeat)).toEqual(SCRIPT.flatMap(() => [false, true]));
      expect(await wallet()).toMatchObject({ balanceMicros: 700, heldMicros: 0 });
    });

    test('a repeat is known after a restart', async () => {
      const first = await subject.store.applyBatch(SCRIPT);
      await restart();
      expect(await subject.store.applyBatch(SCRIPT)).toEqual(first.map((result) => ({ ...result, isRepeat: true })));
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
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
    });

    test('the same id with other content is refused and changes nothing', async () => {
      await subject.store.applyBatch(SCRIPT);
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
      const results = await subject.store.applyBatch(others);
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
      await subject.store.openWallet({ accountId: 'other', walletId: WALLET, currency: 'USD' });
      await apply(creditOf(10, { operationId: 'c' }));
      expect(await apply(creditOf(20, { operationId: 'c', accountId: 'other' }))).toMatchObject({
        applied: true,
        isRepeat: false,
      });
    });
  });

  describe('order in a batch', () => {
    test('operations are decided in the order of their arrival', async () => {
      const results = await subject.store.applyBatch([
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
      const results = await subject.store.applyBatch([1, 2, 3].map((n) => creditOf(n, { operationId: `c${n}` })));
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
      await expect(subject.store.applyBatch(batch)).rejects.toThrow();
      expect(await wallet()).toEqual({ balanceMicros: 0, heldMicros: 0, version: 0 });
      expect(await entries()).toEqual([]);
    });
  });
}
