import { expect, test } from 'vitest';
import { NewestEvents } from '../../../server/events/newest-events.ts';
import type { CallRecord } from '../../../src/protocol/call.ts';
import { SAM } from '../../support/office-rig.ts';
import { sampleBalance, sampleCall } from '../../support/sample-answers.ts';

const ACME = { accountId: 'acme' };

const callIn = (status: CallRecord['status'], renewalIndex = 0) =>
  ({
    type: 'call',
    call: {
      ...sampleCall('call-0001', SAM),
      status,
      lease: { leaseSeconds: 60, renewalIndex, isFinal: false, heldMicros: sampleBalance('berlin', 0).heldMicros },
    },
  }) as const;

test('what is older than what was told is not told: a call goes one way, whichever server speaks first', () => {
  const newest = new NewestEvents();
  const told = [
    callIn('authorized'),
    callIn('answered', 0),
    callIn('ringing'),
    callIn('answered', 2),
    callIn('answered', 1),
    callIn('settled'),
    callIn('answered', 3),
    callIn('authorized'),
  ].map((event) => newest.isNewest(ACME, event));
  expect(told).toEqual([true, true, false, true, false, true, false, false]);
});

test('the same once more does no harm and is told, but a missed call is missed once', () => {
  const newest = new NewestEvents();
  expect([callIn('answered'), callIn('answered')].map((event) => newest.isNewest(ACME, event))).toEqual([true, true]);
  const missed = { type: 'missed_call', call: sampleCall('call-0002', SAM) } as const;
  expect([missed, missed].map((event) => newest.isNewest(ACME, event))).toEqual([true, false]);
});

test('calls of one id in two accounts are two calls', () => {
  const newest = new NewestEvents();
  expect(newest.isNewest(ACME, callIn('settled'))).toBe(true);
  expect(newest.isNewest({ accountId: 'other' }, callIn('authorized'))).toBe(true);
});

test('what carries a version of its own passes', () => {
  const newest = new NewestEvents();
  const balance = { type: 'balance', balance: sampleBalance('berlin', 0) } as const;
  expect([balance, balance, { type: 'resync' } as const].map((event) => newest.isNewest(ACME, event))).toEqual([
    true,
    true,
    true,
  ]);
});

test('the last ten thousand things are remembered, and what was heard of again counts as new', () => {
  const newest = new NewestEvents();
  const call = (number: number, status: CallRecord['status']) => {
    const { type, call } = callIn(status);
    return { type, call: { ...call, callId: `call-${number}` } } as const;
  };
  for (let number = 0; number < 15_000; number += 1) newest.isNewest(ACME, call(number, 'answered'));
  expect([5_000, 9_999, 14_999].map((number) => newest.isNewest(ACME, call(number, 'ringing')))).toEqual([
    false,
    false,
    false,
  ]);
  newest.isNewest(ACME, call(5_000, 'settled'));
  for (let number = 15_000; number < 24_000; number += 1) newest.isNewest(ACME, call(number, 'answered'));
  expect(newest.isNewest(ACME, call(5_000, 'answered'))).toBe(false);
  // Long forgotten: told again, which does no harm.
  expect(newest.isNewest(ACME, call(0, 'ringing'))).toBe(true);
});
