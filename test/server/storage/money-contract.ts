/** What operations do to a wallet, in every store: success, refusal and the edge between them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, callRowOf, chargeOf, creditOf, extendOf, holdOf, settleOf } from '../../support/ledger-operations.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export function describeMoney(subject: StoreUnderTest): void {
  const { apply, entries, fund, wallet } = subject;

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

    test('extend with a minimum grows to it or not at all, and can be asked again for less under the same id', async () => {
      await apply(holdOf(900, { operationId: 'h' }));
      const row = callRowOf({ callId: 'c' });
      const alongside = [{ table: 'call', mode: 'insert', row } as const];
      const inFull = extendOf(1_001, { operationId: 'e', holdId: 'h', minimumMicros: 1_001, alongside });
      expect(await apply(inFull)).toEqual({
        applied: false,
        refusal: { code: 'insufficient', neededMicros: 1_001, availableMicros: 100 },
        wallet: { balanceMicros: 1_000, heldMicros: 900, version: 2 },
      });
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
      expect(await apply(extendOf(1_001, { operationId: 'e', holdId: 'h' }))).toMatchObject({ heldMicros: 1_000 });
      await apply(creditOf(300, { operationId: 'more' }));
      expect(await apply(inFull)).toMatchObject({ applied: true, isRepeat: true, heldMicros: 1_000 });
      expect(await subject.store.db.selectFrom('call').selectAll().execute()).toEqual([]);
    });

    test('extend with a minimum that is covered to the micro-unit writes what comes along', async () => {
      await apply(holdOf(900, { operationId: 'h' }));
      const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'c' }) } as const];
      const inFull = extendOf(1_000, { operationId: 'e', holdId: 'h', minimumMicros: 1_000, alongside });
      expect(await apply(inFull)).toMatchObject({ applied: true, isRepeat: false, heldMicros: 1_000 });
      expect(await subject.store.db.selectFrom('call').select('callId').execute()).toEqual([{ callId: 'c' }]);
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
      await subject.store.openWallet({ accountId: ACCOUNT, walletId: 'paris', currency: 'USD' });
      await apply(holdOf(500, { operationId: 'h' }));
      const unknown = { applied: false, refusal: { code: 'hold_unknown' } };
      expect(await apply(settleOf(1, { operationId: 's', holdId: 'none' }))).toMatchObject(unknown);
      expect(await apply(extendOf(1, { operationId: 'e', holdId: 'none' }))).toMatchObject(unknown);
      expect(await apply(settleOf(1, { operationId: 's', holdId: 'h', walletId: 'paris' }))).toMatchObject(unknown);
      expect(await wallet()).toMatchObject({ balanceMicros: 1_000, heldMicros: 500 });
    });

    test('thirty calls at once on the money for one admit one', async () => {
      const calls = Array.from({ length: 30 }, (_, index) => holdOf(1_000, { operationId: `h${index}` }));
      const results = await subject.store.applyBatch(calls);
      expect(results.filter(({ applied }) => applied)).toHaveLength(1);
      expect(results[0]).toMatchObject({ applied: true });
      expect(await wallet()).toMatchObject({ balanceMicros: 1_000, heldMicros: 1_000 });
    });
  });
}
