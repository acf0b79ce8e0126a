/**
 * Whole server processes that sell numbers, take rents, meter services and send alerts, killed with SIGKILL under load and in the middle of
 * a rent day, at random moments and at those that matter: when the carrier hears of an order and when it has done it, when the host has a
 * webhook and when the mail server has a mail. The carrier, the host and the mail server live on, as the real ones do.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { heldCreditFaults, heldCreditLines } from '../../server/operator/held-credit.ts';
import { openPostgresStore } from '../../server/storage/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { alertFaults, type ToldCounts, toldCounts } from '../support/alert-verdict.ts';
import { FaultPostgres } from '../support/fault-postgres.ts';
import { faultRounds, report } from '../support/fault-table.ts';
import { AFTERWARDS_MS, calmDown } from '../support/killed-calm.ts';
import {
  closeOutside,
  killedEnvironment,
  type Outside,
  openOutside,
  STARTS_AT_MS,
  seedKilledHome,
} from '../support/killed-home.ts';
import { KilledLoad } from '../support/killed-load.ts';
import { atMoment, type KillingMoment, type Moment } from '../support/killing-moment.ts';
import { ledgerFaults } from '../support/ledger-invariants.ts';
import { MovedServers } from '../support/moved-servers.ts';
import { numberFaults } from '../support/number-verdict.ts';
import { rentFaults } from '../support/rent-verdict.ts';
import { serviceFaults } from '../support/service-verdict.ts';

const DAY_MS = 24 * 3_600_000;
/** Two deaths each: one under load, one in the middle of a rent day. */
const ROUNDS = 4;
/** Of two servers, which die together but for once in a while. */
const ROUNDS_OF_TWO = 3;
/** From 15 January: rents set aside, the rents of February, of March, of April; and so on, month by month. */
const DAYS = [13, 20, 20, 31] as const;
/** Answers that a life under load gives before it may end. */
const ANSWERS = { least: 30, most: 200 };
/** A random moment comes within so long; another one may not come at all, and is waited for so long. */
const RANDOM_MS = 400;
const LONGEST_MS = 3_000;
/** Each round starts processes, which takes its time on a machine that does something else as well. */
const TIMEOUT_MS = 300_000 + faultRounds(ROUNDS) * 60_000;
/** A server that lives on while another one is dead. */
const ALONE_MS = 300;
/** By turns. 'any' is a random moment; of the others a random one of the first few. */
const UNDER_LOAD: readonly Moment[] = ['order done', 'any', 'order heard', 'release done', 'order asked about'];
const ON_RENT_DAY: readonly Moment[] = ['any', 'mail taken', 'webhook heard', 'any'];
const FIRST_FEW = 6;

let folder: string;
let outside: Outside;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credit-phone-killed-office-'));
  outside = await openOutside();
});
afterEach(async () => {
  await closeOutside(outside);
  rmSync(folder, { recursive: true, force: true });
});

interface Home {
  readonly fault: string;
  readonly open: () => Promise<Store>;
  /** Where servers find it. */
  readonly data: Readonly<Record<string, string>>;
  readonly serverCount: number;
  readonly rounds: number;
  readonly sqlitePath?: string;
}

class KilledOffice {
  readonly #home: Home;
  readonly #servers: MovedServers;
  readonly #load: KilledLoad;

  constructor(home: Home) {
    this.#home = home;
    this.#servers = new MovedServers({
      environment: killedEnvironment(outside, { folder, data: home.data }),
      count: home.serverCount,
      nowMs: STARTS_AT_MS,
    });
    this.#load = new KilledLoad({ url: () => this.#servers.url(), telnyx: outside.telnyx });
  }

  async live(rounds: number): Promise<ToldCounts> {
    const store = await this.#home.open();
    await seedKilledHome(store);
    await store.close();
    await this.#servers.start();
    await this.#expectNothingWrong('before the first round');
    for (let round = 0; round < rounds; round += 1) {
      await this.#dieUnderLoad(momentOf(UNDER_LOAD, round));
      await this.#expectNothingWrong(`round ${round}`);
      this.#servers.moveBy((DAYS[round % DAYS.length] ?? 0) * DAY_MS);
      await this.#die(momentOf(ON_RENT_DAY, round), 'all');
    }
    await this.#expectNothingWrong('after the last one');
    this.#servers.moveBy(DAYS[0] * DAY_MS);
    return await this.#expectNothingWrong('at the end');
  }

  end(): Promise<void> {
    return this.#servers.end();
  }

  get acknowledged(): KilledLoad['acknowledged'] {
    return this.#load.acknowledged;
  }

  get killCount(): number {
    return this.#servers.killCount;
  }

  /** Of several servers, one goes on under load where the moment does not say whose it was. */
  async #dieUnderLoad(wish: KillingMoment): Promise<void> {
    const isOneLeft = this.#home.serverCount > 1 && wish.moment === 'any';
    this.#load.begin();
    await this.#load.untilAnswered(ANSWERS.least + random(ANSWERS.most - ANSWERS.least));
    await this.#die(wish, isOneLeft ? 'one' : 'all');
    await this.#load.pause();
    if (isOneLeft) this.#servers.moveBy(AFTERWARDS_MS);
  }

  async #die(wish: KillingMoment, which: 'all' | 'one'): Promise<void> {
    await atMoment(outside, wish, () => this.#servers.kill(which));
    if (which === 'all') this.#servers.moveBy(AFTERWARDS_MS);
    else await delay(ALONE_MS);
    await this.#servers.start();
  }

  async #expectNothingWrong(when: string): Promise<ToldCounts> {
    const store = await this.#home.open();
    const { sqlitePath } = this.#home;
    try {
      await calmDown({ store, servers: this.#servers, outside });
      const { acknowledged } = this.#load;
      const wrong = [
        ...(await ledgerFaults(store, sqlitePath === undefined ? {} : { sqlitePath })),
        ...heldCreditLines(await heldCreditFaults(store)),
        ...(await walletFaults(store)),
        ...(await numberFaults(store, { telnyx: outside.telnyx, acknowledged })),
        ...(await rentFaults(store, { nowMs: this.#servers.nowMs(), acknowledged })),
        ...(await serviceFaults(store, acknowledged)),
        ...(await alertFaults(store, outside)),
      ];
      expect(wrong, when).toEqual([]);
      this.#servers.throwIfEnded();
      return await toldCounts(store, outside);
    } finally {
      await store.close();
    }
  }
}

function momentOf(moments: readonly Moment[], round: number): KillingMoment {
  const moment = moments[round % moments.length] ?? 'any';
  return { moment, count: 1 + random(FIRST_FEW), atLatestMs: moment === 'any' ? random(RANDOM_MS) : LONGEST_MS };
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

/** When nothing is under way nothing is held but what is set aside for rents; and never is more held than there is. */
async function walletFaults({ db }: Store): Promise<readonly string[]> {
  const wallets = await db.selectFrom('wallet').selectAll().execute();
  const owners = await db.selectFrom('number_owner').select(['officeId', 'heldMicros']).execute();
  return wallets.flatMap(({ walletId, balanceMicros, heldMicros }) => {
    const setAside = owners
      .filter(({ officeId }) => officeId === walletId)
      .reduce((sum, row) => sum + row.heldMicros, 0);
    return [
      ...(balanceMicros < heldMicros ? [`${walletId} has ${balanceMicros}, and ${heldMicros} of it are held`] : []),
      ...(heldMicros === setAside ? [] : [`${walletId} holds ${heldMicros}, and ${setAside} are set aside for rents`]),
    ];
  });
}

async function killAgainAndAgain(home: Home): Promise<void> {
  const { rounds } = home;
  const office = new KilledOffice(home);
  try {
    const told = await office.live(rounds);
    const { acknowledged, killCount } = office;
    const row = { fault: home.fault, rounds: killCount, acknowledged: acknowledged.count };
    // Anything else would have ended the test by now.
    report({ ...row, lost: 0, doubled: 0, longestOutageMs: null });
    expect(killCount).toBeGreaterThanOrEqual(rounds * 2);
    expect(acknowledged.purchases.size).toBeGreaterThan(rounds * 2);
    expect(acknowledged.settled.size).toBeGreaterThan(rounds * 5);
    expect(told.alerts).toBeGreaterThan(rounds * 3);
    // A server sends one mail at a time, and ten webhooks; twice, since here its work is done by two at once.
    expect(told.unknownMails).toBeLessThanOrEqual(killCount * 2);
    expect(told.repeatedWebhooks).toBeLessThanOrEqual(killCount * 20);
  } finally {
    await office.end();
  }
}

test('killed while it sells numbers, takes rents, meters services and sends alerts, a server on SQLite loses and doubles nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  const path = join(folder, 'killed.sqlite');
  await killAgainAndAgain({
    fault: 'kill -9 of an office, SQLite',
    open: () => openSqliteStore({ path }),
    data: { DATA_FILE: path },
    serverCount: 1,
    rounds: faultRounds(ROUNDS),
    sqlitePath: path,
  });
});

test('killed while they sell numbers, take rents, meter services and send alerts, two servers on PostgreSQL lose and double nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  const postgres = await FaultPostgres.start();
  const url = postgres.server.url();
  try {
    await killAgainAndAgain({
      fault: 'kill -9 of offices, PostgreSQL',
      open: () => openPostgresStore({ url }),
      data: { DATABASE_URL: url },
      serverCount: 2,
      rounds: faultRounds(ROUNDS_OF_TWO),
    });
  } finally {
    await postgres.remove();
  }
});
