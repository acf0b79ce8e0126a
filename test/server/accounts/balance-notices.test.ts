/** When the widgets of an office hear of its balance (C-17). */
import { beforeEach, describe, expect, test } from 'vitest';
import { type BalanceNotices, createBalanceNotices } from '../../../server/accounts/balance-notices.ts';
import { MovingClock } from '../../support/moving-clock.ts';
import { sampleBalance } from '../../support/sample-answers.ts';

const BERLIN = { accountId: 'acme', officeId: 'berlin' };
const PARIS = { accountId: 'acme', officeId: 'paris' };

let clock: MovingClock;
let timers: { readonly atMs: number; readonly callback: () => void }[];
let told: { readonly officeId: string; readonly afterMs: number }[];
let toldElsewhere: string[];
let begunAtMs: number;
let notices: BalanceNotices;

beforeEach(() => {
  clock = new MovingClock();
  begunAtMs = clock.nowMs();
  timers = [];
  told = [];
  toldElsewhere = [];
  notices = createBalanceNotices({
    balance: { read: async ({ officeId }) => sampleBalance(officeId, 0) },
    publisher: {
      publish: ({ officeId }) => told.push({ officeId, afterMs: clock.nowMs() - begunAtMs }),
      balanceChanged: ({ officeId }) => toldElsewhere.push(officeId),
    },
    after: (delayMs, callback) => {
      const timer = { atMs: clock.nowMs() + delayMs, callback };
      timers.push(timer);
      return () => undefined;
    },
    log: (message) => expect.fail(message),
  });
});

async function pass(ms: number): Promise<void> {
  const endMs = clock.nowMs() + ms;
  for (;;) {
    await turns();
    const next = timers.toSorted((one, other) => one.atMs - other.atMs)[0];
    if (next === undefined || next.atMs > endMs) break;
    timers = timers.filter((timer) => timer !== next);
    clock.advance(next.atMs - clock.nowMs());
    next.callback();
  }
  clock.advance(endMs - clock.nowMs());
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const toldAfterMs = () => told.map(({ afterMs }) => afterMs);

describe('credit that changes', () => {
  test('is told at once, what follows within a quarter of a second together, and then no more', async () => {
    notices.walletChanged(BERLIN);
    await pass(100);
    notices.walletChanged(BERLIN);
    notices.walletChanged(BERLIN);
    await pass(5_000);
    expect(toldAfterMs()).toEqual([0, 250]);
  });

  test('is told at once again when the last time was a quarter of a second ago', async () => {
    notices.walletChanged(BERLIN);
    await pass(400);
    notices.walletChanged(BERLIN);
    await pass(0);
    expect(toldAfterMs()).toEqual([0, 400]);
  });
});

describe('leases that grow', () => {
  test('are told at once, and then once a second, however many they are', async () => {
    for (let renewal = 0; renewal < 300; renewal += 1) {
      notices.leaseGrew(BERLIN);
      await pass(10);
    }
    await pass(5_000);
    expect(toldAfterMs()).toEqual([0, 1_000, 2_000, 3_000]);
  });

  test('keep a change of the credit waiting for no longer than another change does', async () => {
    notices.leaseGrew(BERLIN);
    await pass(100);
    notices.walletChanged(BERLIN);
    await pass(300);
    expect(toldAfterMs()).toEqual([0, 250]);
    notices.leaseGrew(BERLIN);
    await pass(200);
    notices.walletChanged(BERLIN);
    await pass(0);
    expect(toldAfterMs()).toEqual([0, 250, 600]);
  });

  test('are told with a change of the credit, and not once more for themselves', async () => {
    notices.walletChanged(BERLIN);
    await pass(100);
    notices.leaseGrew(BERLIN);
    notices.walletChanged(BERLIN);
    await pass(5_000);
    expect(toldAfterMs()).toEqual([0, 250]);
  });
});

test('other servers hear of what happened here, and of nothing that they told themselves', async () => {
  notices.walletChangedElsewhere(BERLIN);
  await pass(10);
  notices.walletChangedElsewhere(BERLIN);
  await pass(2_000);
  expect([told.length, toldElsewhere]).toEqual([2, []]);
  notices.walletChangedElsewhere(BERLIN);
  notices.leaseGrew(BERLIN);
  await pass(2_000);
  expect([told.length, toldElsewhere]).toEqual([4, ['berlin']]);
});

test('a lease that grew here is told elsewhere also when a change from elsewhere comes first', async () => {
  notices.walletChangedElsewhere(BERLIN);
  await pass(300);
  notices.leaseGrew(BERLIN);
  notices.walletChangedElsewhere(BERLIN);
  await pass(2_000);
  expect(toldElsewhere).toEqual(['berlin']);
});

test('each office has its own turn', async () => {
  notices.leaseGrew(BERLIN);
  notices.leaseGrew(PARIS);
  expect(told).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told.map(({ officeId }) => officeId)).toEqual(['berlin']);
  await turns();
  expect(told.map(({ officeId }) => officeId)).toEqual(['berlin', 'paris']);
});
