import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBalanceNotices } from '../../../server/accounts/balance-notices.ts';
import { BalanceWatch, notingPublisher } from '../../../server/events/balance-watch.ts';
import { EventHub, type SentEvent } from '../../../server/events/event-hub.ts';
import type { Store } from '../../../server/storage/store.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';
import { sampleBalance } from '../../support/sample-answers.ts';

const BERLIN = { accountId: 'acme', officeId: 'berlin' };

let home: SqliteHome;
let store: Store;
let hub: EventHub;
let watch: BalanceWatch;
let reads: number;
let walletChanged: () => void;
let runTimers: () => void;

beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  const office = { ...BERLIN, name: 'Berlin', country: 'DE', timeZone: 'UTC', walletId: 'berlin' };
  await store.openWallet({ accountId: 'acme', walletId: 'berlin', currency: 'USD' });
  await store.writeRows([
    { table: 'office', mode: 'insert', row: { ...office, pausedAtMs: null, pausedByName: null } },
  ]);
  hub = new EventHub();
  reads = 0;
  const publisher = notingPublisher(hub, () => watch);
  const read = async () => {
    reads += 1;
    return sampleBalance('berlin', 0);
  };
  const timers: (() => void)[] = [];
  runTimers = () => {
    for (const callback of timers.splice(0)) callback();
  };
  const notices = createBalanceNotices({
    balance: { read },
    publisher,
    after: (_delayMs, callback) => {
      timers.push(callback);
      return () => undefined;
    },
    log: (message) => expect.fail(message),
  });
  walletChanged = () => notices.walletChanged(BERLIN);
  watch = new BalanceWatch({
    hub,
    store,
    publishBalance: async () =>
      publisher.publish({ ...BERLIN, personId: null }, { type: 'balance', balance: await read() }),
    onError: (error) => expect.fail(String(error)),
  });
});

afterEach(async () => {
  await store.close();
  await home.remove();
});

function open(): { readonly received: SentEvent[]; readonly close: () => void } {
  const received: SentEvent[] = [];
  const listener = { accountId: 'acme', officeIds: ['berlin'], personId: 'sam', seesEverybody: false };
  const { cancel } = hub.subscribe({ ...listener, receive: (event) => received.push(event) }, null);
  return { received, close: cancel };
}

/** All promises that are under way. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a balance that nobody hears of is not read, however often it changes', async () => {
  walletChanged();
  walletChanged();
  runTimers();
  await settled();
  expect(reads).toBe(0);
});

test('C-17: an open widget is told at once, and of all that follows together', async () => {
  const { received } = open();
  for (let change = 0; change < 5; change += 1) walletChanged();
  await settled();
  expect(received).toHaveLength(1);
  runTimers();
  await settled();
  expect(received).toHaveLength(2);
});

test('a widget that comes back is told of a change that nobody heard, also when the wallet is as it was (a pause)', async () => {
  const first = open();
  await watch.look();
  expect(first.received).toHaveLength(1);
  first.close();
  walletChanged();
  await settled();
  const second = open();
  await watch.look();
  expect(second.received).toHaveLength(1);
});

test('a widget that comes back to an office where nothing happened is told nothing', async () => {
  const first = open();
  await watch.look();
  first.close();
  const second = open();
  await watch.look();
  expect(second.received).toEqual([]);
});
