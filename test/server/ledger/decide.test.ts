import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { availableOf, type Change, decide, type Facts, type HoldState } from '../../../server/ledger/decide.ts';
import type { LimitUse, Operation, WalletState } from '../../../server/ledger/operation.ts';
import { micros } from '../../../src/protocol/money.ts';
import { chargeOf, creditOf, extendOf, holdOf, settleOf, WALLET } from '../../support/ledger-operations.ts';

const walletOf = (balance: number, held = 0): WalletState => ({
  balanceMicros: micros(balance),
  heldMicros: micros(held),
  version: 1,
});
const factsOf = (facts: Partial<Facts>): Facts => ({ wallet: walletOf(0), hold: null, usedOf: () => 0, ...facts });
const open = (total: number, limits: readonly LimitUse[] = []): HoldState => ({
  walletId: WALLET,
  totalMicros: micros(total),
  capturedMicros: null,
  limits,
});

/** Any wallet that can be, with one open hold in it, and any operation on it. */
const situation = fc
  .record({
    available: fc.nat(500),
    held: fc.nat(500),
    otherHeld: fc.nat(500),
    used: fc.nat(500),
    ceiling: fc.nat(500),
  })
  .chain(({ available, held, otherHeld, used, ceiling }) => {
    const limit: LimitUse = { limitKey: 'spend', use: 0, ceiling, keeps: 'captured' };
    const wallet = walletOf(available + held + otherHeld, held + otherHeld);
    // What the hold holds is part of what is counted.
    const facts = { wallet, usedOf: () => Math.min(used, ceiling) + held };
    const ids = { operationId: 'o', holdId: 'h' };
    return fc
      .nat(700)
      .chain((amount) =>
        fc
          .constantFrom<readonly [Operation, HoldState | null]>(
            [creditOf(amount + 1, ids), null],
            [chargeOf(amount, ids), null],
            [holdOf(amount, { ...ids, minimumMicros: Math.floor(amount / 2), limits: [limit] }), null],
            [extendOf(amount, ids), open(held, [limit])],
            [extendOf(amount, { ...ids, minimumMicros: amount }), open(held, [limit])],
            [settleOf(amount, ids), open(held, [limit])],
          )
          .map(([operation, hold]) => ({ operation, facts: factsOf({ ...facts, hold }) })),
      );
  });

const change = (operation: Operation, facts: Facts): Change => {
  const decision = decide(operation, facts);
  if (!decision.isApplied) throw new Error(`Refused: ${decision.refusal.code}`);
  return decision;
};

describe('what an operation does to a wallet', () => {
  test('whatever is asked of whatever wallet: nothing below zero, entries sum to zero, money is only moved', () => {
    fc.assert(
      fc.property(situation, ({ operation, facts }) => {
        const decision = decide(operation, facts);
        if (!decision.isApplied || facts.wallet === null) return;
        const after = decision.result.wallet;
        const walletEntry = decision.postings[0]?.amountMicros ?? 0;
        expect(availableOf(after)).toBeGreaterThanOrEqual(0);
        expect(after.heldMicros).toBeGreaterThanOrEqual(0);
        expect(decision.postings.reduce((sum, { amountMicros }) => sum + amountMicros, 0)).toBe(0);
        expect(after.balanceMicros - facts.wallet.balanceMicros).toBe(walletEntry);
        expect(after.version - facts.wallet.version).toBe(decision.wallet === null ? 0 : 1);
      }),
      { numRuns: 5_000 },
    );
  });

  test('the facts are only read', () => {
    const facts = Object.freeze(factsOf({ wallet: Object.freeze(walletOf(100)) }));
    change(holdOf(60, { operationId: 'h' }), facts);
    expect(facts.wallet).toEqual(walletOf(100));
  });

  test('limits are asked in their order: the first one that is reached is named', () => {
    const limits: LimitUse[] = ['agent', 'office'].map((limitKey) => ({
      limitKey,
      use: 1,
      ceiling: 0,
      keeps: 'nothing',
    }));
    expect(decide(holdOf(0, { operationId: 'h', limits }), factsOf({}))).toMatchObject({
      refusal: { code: 'limit_reached', limitKey: 'agent' },
    });
  });

  test('of several spend limits the tightest trims the hold', () => {
    const limits: LimitUse[] = [90, 40, 70].map((ceiling) => ({
      limitKey: `spend-${ceiling}`,
      use: 10,
      ceiling,
      keeps: 'captured',
    }));
    const decision = change(
      holdOf(80, { operationId: 'h', minimumMicros: 10, limits }),
      factsOf({ wallet: walletOf(100) }),
    );
    expect(decision.result.heldMicros).toBe(40);
    expect(decision.counters.map(({ used }) => used)).toEqual([40, 40, 40]);
  });

  test('a limit that is not touched is not written', () => {
    const limits: LimitUse[] = [{ limitKey: 'spend', use: 0, ceiling: 5, keeps: 'captured' }];
    expect(change(holdOf(0, { operationId: 'h', limits }), factsOf({})).counters).toEqual([]);
  });

  test('an amount that no wallet can hold is a bug, not a refusal', () => {
    const full = factsOf({ wallet: walletOf(1e15) });
    expect(() => decide(creditOf(1, { operationId: 'c' }), full)).toThrow(RangeError);
  });
});
