import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeDemoProfile, readDemoProfile } from '../../../demo/host/demo-profile.ts';
import { seedDemo } from '../../../demo/host/seed.ts';
import { EventHub } from '../../../server/events/event-hub.ts';
import { createLedger, type DrainableLedger } from '../../../server/ledger/ledger.ts';
import type { OfficeEvent } from '../../../server/services.ts';
import type { Store } from '../../../server/storage/store.ts';
import { createSqliteHome, type SqliteHome } from '../../support/ledger-sqlite-home.ts';

let home: SqliteHome;
let store: Store;
let ledger: DrainableLedger;
let events: EventHub;
let heard: OfficeEvent[];

beforeEach(async () => {
  home = await createSqliteHome();
  store = await home.open();
  ledger = createLedger(store);
  await seedDemo({ store, ledger });
  events = new EventHub();
  heard = [];
  for (const officeId of ['hamburg', 'oakland']) {
    const listener = { accountId: 'harbour', officeIds: [officeId], personId: 'sam', seesEverybody: false };
    events.subscribe({ ...listener, receive: ({ event }) => heard.push(event) }, null);
  }
});
afterEach(async () => {
  await ledger.close();
  await store.close();
  await home.remove();
});

test('the account goes by the profile that was chosen, and the widgets of each office ask for everything', async () => {
  expect(await readDemoProfile({ store })).toBe('default');
  expect(await changeDemoProfile({ store, events }, 'skara')).toBe('The account goes by the profile "skara" now.');
  expect(await readDemoProfile({ store })).toBe('skara');
  expect(heard).toEqual([{ type: 'resync' }, { type: 'resync' }]);
});

test('what is no profile changes nothing', async () => {
  for (const name of ['ringcentral', '', '__proto__']) {
    expect(await changeDemoProfile({ store, events }, name)).toMatch(
      /^There is no profile ".*"\. Nothing was changed\.$/,
    );
  }
  expect([await readDemoProfile({ store }), heard]).toEqual(['default', []]);
});
