import { describe, expect, test } from 'vitest';
import { ChainWalk } from '../../../server/ledger/chain-walk.ts';
import { entryLink, type LinkedEntry } from '../../../server/ledger/entry-link.ts';

const START = { sequence: 4, balanceMicros: 1_000, link: 'a'.repeat(64) };
const NEXT: LinkedEntry = {
  ...{ accountId: 'acme', walletId: 'berlin', operationId: 'o', entryKind: 'k', reference: 'r', otherAccount: 'x' },
  ...{ sequence: 5, atMs: 1, amountMicros: -300, balanceMicros: 700 },
};
const LINK = entryLink(START.link, NEXT);

describe('a walk along a chain', () => {
  test('goes on to what follows', () => {
    const walk = new ChainWalk(START);
    expect(walk.next(NEXT, LINK)).toBeNull();
    expect(walk.place).toEqual({ sequence: 5, balanceMicros: 700, link: LINK });
  });

  test.each([
    ['an entry too many before it', { sequence: 6 }, { field: 'sequence', expected: 5, found: 6 }],
    ['the same entry again', { sequence: 4 }, { field: 'sequence', expected: 5, found: 4 }],
    ['another balance', { balanceMicros: 701 }, { field: 'balanceMicros', expected: 700, found: 701 }],
    ['another amount', { amountMicros: -301 }, { field: 'balanceMicros', expected: 699, found: 700 }],
    ['another amount and its balance', { amountMicros: -301, balanceMicros: 699 }, { field: 'link', found: LINK }],
    ['another text', { reference: 'R' }, { field: 'link', found: LINK }],
  ])('stops at %s', (_, change, found) => {
    expect(new ChainWalk(START).next({ ...NEXT, ...change }, LINK)).toMatchObject(found);
  });

  test('goes on from what is there, whatever is wrong with it: one fault is told once', () => {
    const walk = new ChainWalk(START);
    const changed = { ...NEXT, reference: 'R' };
    expect(walk.next(changed, LINK)).not.toBeNull();
    const after = { ...NEXT, sequence: 6, amountMicros: 5, balanceMicros: 705 };
    expect(walk.next(after, entryLink(LINK, after))).toBeNull();
  });
});
