import fc from 'fast-check';
import { expect, test } from 'vitest';
import { creditRefusal } from '../../../server/accounts/credit-refusal.ts';
import { walletOf } from '../../../server/accounts/wallet.ts';
import { micros } from '../../../src/protocol/money.ts';

function refusal(state: { balance: number; held?: number; needed: number; floor?: number }) {
  const { balance, held = 0, needed, floor = 0 } = state;
  const wallet = walletOf({ balanceMicros: micros(balance), heldMicros: micros(held), version: 1 });
  const need = { neededMicros: micros(needed), floorMicros: micros(floor), currency: 'USD', holdingCalls: 2 };
  return creditRefusal(wallet, need);
}

test.each([
  ['covered to the micro', { balance: 10, needed: 10 }, null],
  ['a micro short', { balance: 9, needed: 10 }, 'insufficient_credit'],
  ['nothing at all', { balance: 0, needed: 10 }, 'no_credit'],
  ['nothing needed, nothing there', { balance: 0, needed: 0 }, null],
  ['the balance would do, holds are why', { balance: 10, held: 1, needed: 10 }, 'credit_held'],
  ['all of it is held', { balance: 10, held: 10, needed: 10 }, 'credit_held'],
  ['short, and what there is is held', { balance: 9, held: 9, needed: 10 }, 'insufficient_credit'],
  ['at the floor', { balance: 200, needed: 10, floor: 200 }, null],
  ['a micro below the floor', { balance: 199, needed: 10, floor: 200 }, 'low_credit'],
  ['below the floor because of holds', { balance: 200, held: 1, needed: 10, floor: 200 }, 'credit_held'],
  ['below floor and need', { balance: 9, needed: 10, floor: 200 }, 'insufficient_credit'],
  ['no credit and a floor', { balance: 0, needed: 10, floor: 200 }, 'no_credit'],
] as const)('%s', (_name, state, code) => {
  expect(refusal(state)?.code ?? null).toBe(code);
});

test('there is a refusal if, and only if, what is available does not cover need and floor', () => {
  const amount = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(amount, amount, amount, amount, (held, free, needed, floor) => {
      const found = refusal({ balance: held + free, held, needed, floor });
      expect(found === null).toBe(free >= needed && free >= floor);
      if (found) expect(found).toMatchObject({ neededMicros: Math.max(needed, floor), availableMicros: free });
    }),
  );
});
