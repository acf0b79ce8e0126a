import { describe, expect, test } from 'vitest';
import { assertOperation, MAX_LIMITS, MAX_TEXT_LENGTH } from '../../../server/ledger/assert-operation.ts';
import type { LimitUse, Operation } from '../../../server/ledger/operation.ts';
import { ZERO_MICROS } from '../../../src/protocol/money.ts';
import { chargeOf, creditOf, extendOf, holdOf, settleOf } from '../../support/ledger-operations.ts';

const limit = (limitKey: string): LimitUse => ({ limitKey, use: 1, ceiling: 1, keeps: 'nothing' });
const hold = holdOf(10, { operationId: 'h' });
const charge = chargeOf(10, { operationId: 'c' });

describe('what is no operation', () => {
  const good: readonly Operation[] = [
    hold,
    holdOf(0, { operationId: 'free' }),
    { ...hold, limits: [limit('a'), limit('b')] },
    { ...hold, operationId: 'x'.repeat(MAX_TEXT_LENGTH) },
    extendOf(0, { operationId: 'e', holdId: 'h' }),
    settleOf(0, { operationId: 's', holdId: 'h' }),
    creditOf(1, { operationId: 'cr' }),
    chargeOf(0, { operationId: 'c' }),
  ];

  test.each(good)('takes a correct $kind', (operation) => {
    expect(() => assertOperation(operation)).not.toThrow();
  });

  const bad: readonly [string, Operation, RegExp][] = [
    ['an empty id', { ...charge, operationId: '' }, /operationId/],
    ['an id without end', { ...charge, operationId: 'x'.repeat(MAX_TEXT_LENGTH + 1) }, /operationId/],
    ['no wallet', { ...charge, walletId: '' }, /walletId/],
    ['a negative amount', chargeOf(-1, { operationId: 'c' }), /amountMicros/],
    ['half a micro-unit', { ...hold, floorMicros: 0.5 as never }, /floorMicros/],
    ['no time', { ...charge, atMs: Number.NaN }, /atMs/],
    ['a credit of nothing', creditOf(0, { operationId: 'c' }), /credit of nothing/],
    ['a minimum above the amount', { ...hold, amountMicros: ZERO_MICROS }, /minimumMicros/],
    ['a minimum above the total', extendOf(1, { operationId: 'e', holdId: 'h', minimumMicros: 2 }), /minimumMicros/],
    ["the wallet's own side as revenue", { ...charge, revenueAccount: 'wallet' }, /own side/],
    ['C-22, L-02: a subscription', { ...charge, entryKind: 'subscription' }, /never pays for a subscription/],
    ['L-01: a subscription of another name', { ...charge, entryKind: 'service_team_plan' }, /never pays for/],
    ['C-22: a captured licence', { ...settleOf(1, { operationId: 's', holdId: 'h' }), entryKind: 'licence' }, /never/],
    ["the wallet's own side as source", creditOf(1, { operationId: 'c', sourceAccount: 'wallet' }), /own side/],
    ['the same limit twice', { ...hold, limits: [limit('a'), limit('a')] }, /twice/],
    ['a ceiling without end', { ...hold, limits: [{ ...limit('a'), ceiling: Number.POSITIVE_INFINITY }] }, /ceiling/],
    [
      'too many limits',
      { ...hold, limits: Array.from({ length: MAX_LIMITS + 1 }, (_, index) => limit(`l${index}`)) },
      /too many limits/,
    ],
  ];

  test.each(bad)('throws for %s', (_, operation, sentence) => {
    expect(() => assertOperation(operation)).toThrow(sentence);
  });
});
