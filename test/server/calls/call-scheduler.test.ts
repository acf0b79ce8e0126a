/** When the scheduler looks again. What it does with what it finds: renew-call.test.ts and reap-call.test.ts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOfficeDirectory } from '../../../server/accounts/office-directory.ts';
import type { CallRoom } from '../../../server/calls/call-room.ts';
import { createCallScheduler } from '../../../server/calls/call-scheduler.ts';
import { createCallGrants } from '../../../server/edge/call-grant.ts';
import type { Ledger } from '../../../server/ledger/operation.ts';
import { DEFAULT_POLICIES } from '../../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import { policyInForce } from '../../../server/policy/policies.ts';
import { RateBook } from '../../../server/rates/rate-book.ts';
import { RateDeck } from '../../../server/rates/rate-deck.ts';
import { dialableNumber } from '../../../src/protocol/phone-number.ts';
import { ECHO, OfficeRig, RATES } from '../../support/office-rig.ts';

const MANY = 12;

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open({ caps: { ...DEFAULT_POLICY.caps, agentCallsAtOnce: null } });
});
afterEach(async () => {
  await rig.close();
});

function room(ledger: Ledger = rig.ledger): CallRoom {
  const unheard = () => undefined;
  return {
    store: rig.store,
    ledger,
    rates: new RateBook(RateDeck.from(RATES)),
    readNumber: dialableNumber,
    countryOf: () => null,
    policy: policyInForce(() => DEFAULT_POLICIES),
    clock: rig.clock,
    offices: createOfficeDirectory({ store: rig.store, clock: rig.clock, publisher: {} }),
    grants: createCallGrants('a-secret-for-grants-of-32-bytes-0123456789'),
    edgeCommands: rig.edgeCommands,
    notices: { callChanged: unheard, walletChanged: unheard, leaseGrew: unheard, missed: unheard },
    extras: {
      ask: async () => ({ ok: true, value: { units: 1, unit: 'minute' } }),
      charge: async () => undefined,
      linesOf: async () => [],
    },
    log: (message) => rig.logged.push(message),
  };
}

/** After how many milliseconds the scheduler looks again, after each of its first rounds. */
async function pausesMs(calls: CallRoom, rounds: number): Promise<readonly number[]> {
  const pauses: number[] = [];
  const done = Promise.withResolvers<void>();
  const scheduler = createCallScheduler(calls, {
    after: (delayMs, callback) => {
      pauses.push(delayMs);
      if (pauses.length < rounds) setImmediate(callback);
      else done.resolve();
      return () => undefined;
    },
  });
  scheduler.start();
  await done.promise;
  await scheduler.stop();
  return pauses;
}

async function dueCalls(count: number): Promise<void> {
  for (let call = 0; call < count; call += 1) await rig.answeredCall(ECHO);
  rig.clock.advance(41_000);
}

test('looks again soon after it had much to do, so that what comes due does not wait for one another', async () => {
  await dueCalls(MANY);
  expect(await pausesMs(room(), 3)).toEqual([20, 250, 250]);
  // Reminded of by a server that has just begun (inherited-calls.ts), then renewed.
  expect(rig.edgeCommands.leases).toHaveLength(2 * MANY);
});

test('takes its time when there is little to do', async () => {
  await dueCalls(2);
  expect(await pausesMs(room(), 2)).toEqual([250, 250]);
  expect(rig.edgeCommands.leases).toHaveLength(4);
});

test('takes its time, too, with calls that cannot be looked at: a store that is away is not hammered', async () => {
  await dueCalls(MANY);
  const away: Ledger = { submit: () => Promise.reject(new Error('away')) };
  expect(await pausesMs(room(away), 2)).toEqual([250, 250]);
  expect(rig.logged).toContain('a due call could not be looked at');
});
