/** What goes wrong with a real PostgreSQL and on the way to it, in words that name host and cause and never the password. */
import { createServer, type Server } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPostgresStore } from '../../../../server/storage/postgres/open-postgres-store.ts';
import { errorTranslator, isLostRace } from '../../../../server/storage/postgres/postgres-error.ts';
import { type Store, UnavailableError } from '../../../../server/storage/store.ts';
import { creditOf, numberOwnerRowOf } from '../../../support/ledger-operations.ts';
import { createPostgresHome, databaseUrlOf, type PostgresHome } from '../../../support/postgres-home.ts';

const SECRET = 'only-for-tests';

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const reason = await work.then(
    () => new Error('It did not fail'),
    (failure: unknown) => failure,
  );
  if (!(reason instanceof Error)) throw new Error('It threw something else than an error');
  return reason;
}

/** Whatever a logger may make of it. */
function expectNoSecret(reason: Error, secret = SECRET): void {
  const shown = [inspect(reason, { depth: 12, showHidden: true }), JSON.stringify(reason), reason.stack ?? ''].join();
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(encodeURIComponent(secret));
}

describe('opening the store', () => {
  let home: PostgresHome;
  beforeAll(async () => {
    home = await createPostgresHome();
  });
  afterAll(() => home.remove());

  const changed = (change: (url: URL) => void): string => {
    const url = new URL(home.url);
    change(url);
    return url.href;
  };

  test('a wrong password: names the place and the cause, and somebody has to put it right', async () => {
    const url = changed((one) => {
      one.password = 'p%40ss-w0rd';
    });
    const reason = await failureOf(openPostgresStore({ url }));
    expect(reason).not.toBeInstanceOf(UnavailableError);
    expect(reason.message).toMatch(
      /^PostgreSQL at 127\.0\.0\.1:\d+\/\w+ is unavailable: it refuses this user with this/,
    );
    expectNoSecret(reason, 'p@ss-w0rd');
  });

  test('no password where one is asked for', async () => {
    const url = changed((one) => {
      one.password = '';
    });
    const reason = await failureOf(openPostgresStore({ url }));
    expect(reason.message).toMatch(/it asks for a password, and the address has none$/);
  });

  test('a database that is not there', async () => {
    const reason = await failureOf(openPostgresStore({ url: databaseUrlOf(home.url, 'nowhere') }));
    expect(reason.message).toMatch(/\/nowhere is unavailable: there is no database of that name$/);
    expectNoSecret(reason);
  });

  test('nobody listens there: trying again may help', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    const reason = await failureOf(openPostgresStore({ url: `postgres://ann:${SECRET}@127.0.0.1:${port}/phone` }));
    expect(reason).toBeInstanceOf(UnavailableError);
    expect(reason.message).toBe(
      `PostgreSQL at 127.0.0.1:${port}/phone is unavailable: nobody answers at that port (connection refused)`,
    );
    expectNoSecret(reason);
  });

  test('a host that nobody knows', async () => {
    const reason = await failureOf(openPostgresStore({ url: `postgres://ann:${SECRET}@db.invalid/phone` }));
    expect(reason).toBeInstanceOf(UnavailableError);
    // Without a network the name cannot even be asked for.
    expect(reason.message).toMatch(
      /^PostgreSQL at db\.invalid:5432\/phone is unavailable: (no host|the name of the host)/,
    );
    expectNoSecret(reason);
  });

  test('a server that ends every connection', async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listen(server);
    const reason = await failureOf(openPostgresStore({ url: `postgres://ann:${SECRET}@127.0.0.1:${port}/phone` }));
    server.close();
    expect(reason).toBeInstanceOf(UnavailableError);
    expect(reason.message).toMatch(/the connection was lost$/);
    expectNoSecret(reason);
  });

  test('a server that accepts and then says nothing is given up', async () => {
    const server = createServer();
    const port = await listen(server);
    const reason = await failureOf(openPostgresStore({ url: `postgres://ann:${SECRET}@127.0.0.1:${port}/phone` }));
    server.close();
    expect(reason).toBeInstanceOf(UnavailableError);
    expect(reason.message).toMatch(/the host does not answer in time$/);
  });

  test('TLS where the server speaks none', async () => {
    const url = `${home.url}?sslmode=verify-full`;
    const reason = await failureOf(openPostgresStore({ url }));
    expect(reason.message).toMatch(/it does not speak TLS, and sslmode asks for it$/);
    expectNoSecret(reason);
  });

  test('a certificate that is not there', async () => {
    const reason = await failureOf(
      openPostgresStore({ url: `${home.url}?sslmode=verify-full&sslrootcert=/nowhere/at/all.pem` }),
    );
    expect(reason).not.toBeInstanceOf(UnavailableError);
    expect(reason.message).toMatch(/a file that its address names \(sslrootcert, sslcert, sslkey\) cannot be read$/);
    expect(inspect(reason)).toContain('/nowhere/at/all.pem');
    expectNoSecret(reason);
  });

  test('a socket that is not there', async () => {
    const reason = await failureOf(
      openPostgresStore({ url: `postgres:///phone?host=/nowhere&user=ann&password=${SECRET}` }),
    );
    expect(reason.message).toBe('PostgreSQL at /nowhere:5432/phone is unavailable: there is no such socket');
    expectNoSecret(reason);
  });

  test('an address that cannot be read shows nothing of itself', async () => {
    const reason = await failureOf(openPostgresStore({ url: `postgres://ann:1/${SECRET}@db.example/phone` }));
    expect(reason.message).toMatch(/^DATABASE_URL cannot be read; expected postgres:\/\//);
    expectNoSecret(reason);
  });

  describe('as another user', () => {
    let bare: PostgresHome;
    let guest: string;
    beforeEach(async () => {
      bare = await createPostgresHome({ isEmpty: true });
      guest = `guest_${new URL(bare.url).pathname.slice(-16)}`;
    });
    afterEach(async () => {
      await bare.query(`DROP ROLE IF EXISTS "${guest}"`);
      await bare.remove();
    });

    const openAs = (name: string) => {
      const url = new URL(bare.url);
      url.username = name;
      url.password = SECRET;
      return failureOf(openPostgresStore({ url: url.href }));
    };

    test('no connection left: trying again may help', async () => {
      await bare.query(`CREATE ROLE "${guest}" LOGIN PASSWORD '${SECRET}' CONNECTION LIMIT 0`);
      const reason = await openAs(guest);
      expect(reason).toBeInstanceOf(UnavailableError);
      expect(reason.message).toMatch(/it has no connection left \(max_connections\)$/);
      expectNoSecret(reason);
    });

    test('without the right to make tables', async () => {
      await bare.query(`CREATE ROLE "${guest}" LOGIN PASSWORD '${SECRET}'`);
      const reason = await openAs(guest);
      expect(reason).not.toBeInstanceOf(UnavailableError);
      expect(reason.message).toMatch(/this user has no right to do what is needed$/);
      expectNoSecret(reason);
    });
  });
});

describe('at work', () => {
  let home: PostgresHome;
  let store: Store;
  afterEach(async () => {
    await store.close();
    await home.remove();
  });
  const opened = async (options = {}) => {
    home = await createPostgresHome(options);
    store = await home.open();
  };
  const write = (number: string) =>
    store.writeRows([{ table: 'number_owner', mode: 'insert', row: numberOwnerRowOf(number) }]);

  test('a database that takes no writes says so, and takes them again', async () => {
    await opened({ isSpoiled: true });
    const name = new URL(home.url).pathname.slice(1);
    await home.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    await store.close();
    store = await home.open();
    const works = [write('+1'), store.check(), store.applyBatch([creditOf(1, { operationId: 'c' })])].map(failureOf);
    for (const reason of await Promise.all(works)) {
      expect(reason).toBeInstanceOf(UnavailableError);
      expect(reason.message).toMatch(/it takes no writes: it is a standby, or set to read only$/);
    }
    await home.query(`BEGIN READ WRITE; ALTER DATABASE "${name}" RESET default_transaction_read_only; COMMIT`);
    await expect.poll(() => store.check().then(() => 'fine', String), { timeout: 15_000 }).toBe('fine');
    expect(await write('+1')).toMatchObject({ applied: true });
  });

  test('a connection that is cut rejects what was in flight as unavailable, and comes back by itself', async () => {
    await opened();
    await store.openWallet({ accountId: 'acme', walletId: 'berlin', currency: 'USD' });
    const blocker = home.query(`BEGIN; LOCK TABLE wallet, number_owner IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(30)`);
    blocker.catch(() => undefined);
    await expect
      .poll(() => home.query('SELECT 1 FROM pg_locks WHERE mode = $1', ['AccessExclusiveLock']))
      .not.toEqual([]);
    const inFlight = [
      store.applyBatch([creditOf(5, { operationId: 'c' })]),
      write('+1'),
      store.db.selectFrom('wallet').selectAll().execute(),
    ].map(failureOf);
    await expect
      .poll(() =>
        home.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`),
      )
      .toHaveLength(3);
    // Not the one that is in the way: then they would go on.
    await home.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE wait_event_type = 'Lock' AND datname = current_database()`);
    for (const reason of await Promise.all(inFlight)) {
      expect(reason).toBeInstanceOf(UnavailableError);
      expect(reason.message).toMatch(/^PostgreSQL at .* is unavailable: /);
      expectNoSecret(reason);
    }
    await home.cutConnections();
    // Unknown outcome: the same id again is right either way.
    await store.applyBatch([creditOf(5, { operationId: 'c' })]);
    expect(await write('+1')).toMatchObject({ applied: true });
    const wallets = await store.db.selectFrom('wallet').select('balanceMicros').execute();
    expect(wallets).toEqual([{ balanceMicros: 5 }]);
  });

  test('a connection that was cut while nobody used it is not noticed', async () => {
    await opened();
    await write('+1');
    await store.check();
    expect(await home.cutConnections()).toBeGreaterThan(1);
    await expect.poll(() => store.check().then(() => 'fine', String)).toBe('fine');
    await expect.poll(() => write('+2').then(({ applied }) => applied, String)).toBe(true);
  });
});

describe('what an error means', () => {
  const translate = errorTranslator({ place: 'PostgreSQL at db:5432/phone', password: 'hunter2' });

  test.each([
    ['ECONNRESET', 'the connection was lost'],
    ['EHOSTUNREACH', 'there is no way to the host'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'its TLS certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)'],
    ['53100', 'its disk is full'],
    ['57P01', 'it is being shut down, or an administrator ended the connection'],
    ['57P03', 'it is starting up or shutting down'],
    ['08006', 'the connection was lost'],
  ])('%s: %s', (code, words) => {
    const reason = Object.assign(new Error('could not use hunter2'), { code, client: { password: 'hunter2' } });
    const told = translate(reason);
    expect(told).toMatchObject({
      name: 'UnavailableError',
      message: `PostgreSQL at db:5432/phone is unavailable: ${words}`,
      cause: { message: 'could not use ***', code },
    });
    if (told instanceof Error) expectNoSecret(told, 'hunter2');
  });

  test("what is the statement's own fault is left as it is, and is no lost race", () => {
    const reason = new TypeError('a bug');
    expect(translate(reason)).toBe(reason);
    expect(translate('thrown text')).toBe('thrown text');
    expect(isLostRace(reason)).toBe(false);
  });
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
