import { describe, expect, test } from 'vitest';
import { operationFingerprint } from '../../../server/ledger/operation-fingerprint.ts';
import { callRowOf, chargeOf, creditOf, extendOf, holdOf, settleOf } from '../../support/ledger-operations.ts';

const id = { operationId: 'o', holdId: 'h' };
const credit = creditOf(5, { operationId: 'o', reference: 'r' });

describe('the fingerprint of an operation', () => {
  test('is the same for the same question, whenever it is asked and whatever comes along', () => {
    const alongside = [{ table: 'call', mode: 'insert', row: callRowOf({ callId: 'c' }) } as const];
    expect(operationFingerprint({ ...credit, atMs: 7, alongside })).toBe(operationFingerprint(credit));
  });

  test('of an extend is the same whatever its minimum: without the rows that need it, the same is asked', () => {
    expect(operationFingerprint(extendOf(5, { ...id, minimumMicros: 5 }))).toBe(operationFingerprint(extendOf(5, id)));
  });

  test('differs in every field that is content', () => {
    const operations = [
      credit,
      { ...credit, walletId: 'paris' },
      { ...credit, sourceAccount: 'stripe' },
      { ...credit, entryKind: 'other' },
      { ...credit, reference: 's' },
      creditOf(6, { operationId: 'o', reference: 'r' }),
      chargeOf(5, { operationId: 'o', reference: 'r' }),
      holdOf(5, id),
      holdOf(5, { ...id, minimumMicros: 4 }),
      holdOf(5, { ...id, floorMicros: 4 }),
      holdOf(5, { ...id, holdId: 'i' }),
      extendOf(5, id),
      extendOf(6, id),
      settleOf(5, id),
      settleOf(6, id),
      settleOf(5, { ...id, revenueAccount: 'other' }),
    ];
    expect(new Set(operations.map(operationFingerprint)).size).toBe(operations.length);
  });

  test('cannot be forged by moving a separator from one field into the next', () => {
    const one = creditOf(5, { operationId: 'o', entryKind: 'a","b', reference: 'c' });
    const other = creditOf(5, { operationId: 'o', entryKind: 'a', reference: 'b","c' });
    expect(operationFingerprint(one)).not.toBe(operationFingerprint(other));
  });
});
