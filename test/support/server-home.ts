/** A folder with a data file, an office with credit, a rate deck, and everything a real server needs to run on it. */
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { createLedger } from '../../server/ledger/ledger.ts';
import { parseRateDeck } from '../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../server/rates/rate-deck-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { AUDIENCE, EDGE_SECRET, ISSUER, TOKEN_SECRET } from './gate-fixture.ts';
import { createPostgresTestStore, IS_POSTGRES } from './test-store.ts';

/** One block is a minute of 0.60 at 0.01 a second: amounts that are easy to follow. */
const RATES = 'prefix,destination,price\n49,Germany,0.60\n1,United States,0.60\n';

export interface ServerHome {
  readonly dataFile: string;
  /** Environment of a server process on this file. */
  readonly environment: Readonly<Record<string, string>>;
  openStore(): Promise<Store>;
  remove(): void;
}

export interface HomeOptions {
  readonly offices: readonly string[];
  /** Credit that each office begins with. */
  readonly creditMicros: number;
  /** True: on PostgreSQL whatever the run is on, for what takes several servers. */
  readonly isPostgres?: boolean;
}

export async function makeServerHome({
  offices,
  creditMicros,
  isPostgres = IS_POSTGRES,
}: HomeOptions): Promise<ServerHome> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-server-'));
  const dataFile = join(folder, 'data.sqlite');
  const postgres = isPostgres ? await createPostgresTestStore() : null;
  const openStore = () => postgres?.open() ?? openSqliteStore({ path: dataFile });
  const store = await openStore();
  await seed(store, { offices, creditMicros });
  await store.close();
  const policyFile = join(folder, 'policy.json');
  // Loads come from few people with many calls each.
  writeFileSync(policyFile, JSON.stringify({ caps: { agentCallsAtOnce: null } }));
  const environment = {
    PORT: '0',
    POLICY_FILE: policyFile,
    DATA_FILE: dataFile,
    ...postgres?.environment,
    TOKEN_SECRET,
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    EDGE_SECRET,
    SIP_SECRET: 'a-secret-for-sip-passwords-0123456789',
    GRANT_SECRET: 'a-secret-for-call-grants-0123456789',
    LOG_LEVEL: 'info',
    METRICS_TOKEN: 'public',
    PERSON_REQUESTS_PER_SECOND: '1000000',
    ADDRESS_REQUESTS_PER_SECOND: '1000000',
  };
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    // The database goes away with the server of the test run at the latest.
    void postgres?.remove().catch(() => undefined);
  };
  return { dataFile, environment, openStore, remove };
}

async function seed(store: Store, { offices, creditMicros }: Omit<HomeOptions, 'isPostgres'>): Promise<void> {
  const account = { accountId: 'acme', name: 'Acme', currency: 'USD', timeZone: 'UTC', profile: 'default' };
  await store.writeRows([
    { table: 'account', mode: 'insert', row: { ...account, isPhoneEnabled: true, supportEmail: 'help@example.com' } },
  ]);
  const ledger = createLedger(store);
  for (const officeId of offices) {
    const row = { accountId: 'acme', officeId, name: officeId, country: 'US', timeZone: 'UTC', walletId: officeId };
    await store.openWallet({ accountId: 'acme', walletId: officeId, currency: 'USD' });
    await store.writeRows([{ table: 'office', mode: 'insert', row: { ...row, pausedAtMs: null, pausedByName: null } }]);
    if (creditMicros === 0) continue;
    await ledger.submit({
      kind: 'credit',
      operationId: `seed:${officeId}`,
      accountId: 'acme',
      walletId: officeId,
      atMs: Date.now(),
      alongside: [],
      amountMicros: micros(creditMicros),
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: 'seed',
    });
  }
  await ledger.close();
  const { rates } = parseRateDeck(RATES);
  await saveRateDeck(store, { deckId: 'deck-of-test', name: 'test', importedAtMs: Date.now(), rates });
}

/** A token that a server of this home accepts. */
export async function homeToken(person: {
  readonly personId: string;
  readonly officeId: string;
  readonly role?: string;
}): Promise<string> {
  return new SignJWT({ name: person.personId, account: 'acme', office: person.officeId, role: person.role ?? 'agent' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(person.personId)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(createSecretKey(Buffer.from(TOKEN_SECRET)));
}
