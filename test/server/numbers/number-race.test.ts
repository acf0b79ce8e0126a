/** Many admins, one number: a thousand clicks at once, at two servers, on each store. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createLedger } from '../../../server/ledger/ledger.ts';
import { importNumbers } from '../../../server/numbers/import-numbers.ts';
import type { Services } from '../../../server/services-of.ts';
import { UnavailableError } from '../../../server/storage/store.ts';
import { createSqliteHome } from '../../support/ledger-sqlite-home.ts';
import { ANN, codeOf, DANA, OfficeRig } from '../../support/office-rig.ts';
import { createPostgresTestStore, type TestStoreHome } from '../../support/test-store.ts';

const CLICKS = 1_000;
const NUMBER = '+12025550101';
const CSV = `number,country,type,region,features,currency,setup,monthly,inbound_per_minute
${NUMBER},US,local,Washington,voice,USD,0.58,0.75,0`;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function openRig(home: TestStoreHome): Promise<OfficeRig> {
  const rig = await OfficeRig.open({}, home);
  ends.push(() => rig.close());
  await importNumbers(rig.store, { accountId: 'acme', csv: CSV });
  for (const office of ['berlin', 'austin']) await rig.addCredit(10_000_000, office);
  return rig;
}

/** By connections of its own. SQLite is for one process, which both share there. */
async function anotherServer(rig: OfficeRig): Promise<Services> {
  const store = await rig.openStore();
  const ledger = createLedger(store);
  ends.push(async () => {
    await ledger.close();
    await store.close();
  });
  return rig.newServices({ store, ledger });
}

/** Half of the clicks at each server, by an admin of each office in turn. */
async function clickAll(rig: OfficeRig, other: Services) {
  const servers = [rig.services, other];
  return await Promise.all(
    Array.from({ length: CLICKS }, async (_, index) => {
      const identity = index % 4 < 2 ? DANA : { ...ANN, role: 'billing' as const };
      const purchaseId = randomUUID();
      const server = servers[index % servers.length] ?? rig.services;
      return await answered(() => server.handlers.buyNumber(identity, { number: NUMBER, purchaseId }));
    }),
  );
}

const MAX_TRIES = 20;

/** As the widget asks: with the same id again, while the server is too busy to answer. */
async function answered<Answer>(click: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await click();
    } catch (cause) {
      if (!(cause instanceof UnavailableError) || tries === MAX_TRIES) throw cause;
    }
  }
}

const HOMES = {
  SQLite: async () => {
    const home = await createSqliteHome();
    return { ...home, environment: { DATA_FILE: home.path } };
  },
  PostgreSQL: createPostgresTestStore,
} as const;

describe.each(['SQLite', 'PostgreSQL'] as const)('a thousand clicks on one number at two servers on %s', (name) => {
  test('have one owner and one charge', async () => {
    const rig = await openRig(await HOMES[name]());
    const outcomes = await clickAll(rig, name === 'SQLite' ? rig.newServices() : await anotherServer(rig));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(outcomes.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['number_taken']));
    const left = (await rig.wallet('berlin')).balance + (await rig.wallet('austin')).balance;
    expect(left).toBe(19_000_000);
    expect(await rig.store.db.selectFrom('number_owner').selectAll().execute()).toHaveLength(1);
    const entries = await rig.store.db.selectFrom('entry').selectAll().where('reference', '=', NUMBER).execute();
    expect(entries).toHaveLength(2);
  });
});
