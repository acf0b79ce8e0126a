/**
 * Rent day for 100,000 numbers: every one found, decided about, charged once and paid until the next month, against what the ledger does
 * with the same operations (a charge and the row that is written with it) when they are handed to it ready-made in batches. Bare charges,
 * which write no row, are printed beside it. All on the same file in one run, in alternating rounds, so that a busy machine slows all.
 *
 *   node test/bench/rent.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfficeDirectory } from '../../server/accounts/office-directory.ts';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import type { ChargeOperation } from '../../server/ledger/operation.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import { claimNumber } from '../../server/rent/own-number.ts';
import { startOfDayMs } from '../../server/rent/rent-calendar.ts';
import { createRentService, type RentService } from '../../server/rent/rent-service.ts';
import type { RowWrite } from '../../server/storage/rows.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { MovingClock } from '../support/moving-clock.ts';
import { median, printMeasure } from './measure.ts';

const GOAL_RATIO = 0.7;
const NUMBERS = 100_000;
const ACCOUNTS = 1_000;
const ROUNDS = 3;
/** Charges in flight: what a round of rents has at most. */
const TOGETHER = 2_048;
const WRITTEN_TOGETHER = 1_000;
const MONTHLY = micros(1_000_000);
/** Of rent days; rent is set aside by nothing but the charge itself here. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'] as const;
const FIRST_DAY = '2026-01-01';
const RENT_DAYS = ['2026-02-01', '2026-03-01', '2026-04-01'] as const;

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const store = await openSqliteStore({ path: join(folder, 'rent.db') });
  const ledger = createLedger(store);
  const clock = new MovingClock(startOfDayMs(FIRST_DAY, 'UTC'));
  const rent = rentOn({ store, ledger, clock });
  await fill(store, ledger);
  const rates = { rents: [] as number[], charges: [] as number[], ready: [] as number[] };
  for (const [round, day] of RENT_DAYS.slice(0, ROUNDS).entries()) {
    clock.advance(startOfDayMs(day, 'America/New_York') + 3_600_000 - clock.nowMs());
    const bare = Array.from({ length: NUMBERS }, (_, index) =>
      chargeOf(index, { id: `bare-${round}`, atMs: clock.nowMs() }),
    );
    rates.charges.push(await perSecond(() => submitAll(ledger, bare)));
    const ready = await readyMade(store, { id: `ready-${round}`, atMs: clock.nowMs() });
    rates.ready.push(await perSecond(() => submitAll(ledger, ready)));
    rates.rents.push(await perSecond(() => rentDay(rent)));
    await assertAllPaid(store, day);
  }
  await ledger.close();
  await store.close();
  const unit = 'operations/s';
  printMeasure({
    name: 'rent: the ledger alone, 100,000 bare charges, no row written',
    value: median(rates.charges),
    unit,
  });
  printMeasure({
    name: 'rent: the ledger alone, the same operations ready-made in batches',
    value: median(rates.ready),
    unit,
  });
  printMeasure({
    name: 'rent: rent day of 100,000 numbers, found, charged and paid until the next month',
    value: median(rates.rents),
    unit,
    ratio: median(rates.rents.map((rate, index) => rate / (rates.ready[index] ?? Number.NaN))),
    goal: { atLeast: GOAL_RATIO },
  });
}

function rentOn(world: {
  readonly store: Store;
  readonly ledger: DrainableLedger;
  readonly clock: MovingClock;
}): RentService {
  const unheard = () => undefined;
  const publisher = { publish: unheard, officesChanged: unheard };
  const policy = {
    ...DEFAULT_POLICIES.default,
    rent: { ...DEFAULT_POLICIES.default.rent, setAsideDays: 0, announceDays: 0 },
  };
  return createRentService({
    ...world,
    publisher,
    policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: policy })),
    offices: createOfficeDirectory({ ...world, publisher }),
    notices: { walletChanged: unheard, leaseGrew: unheard, walletChangedElsewhere: unheard },
    giveBack: async (owned) => owned,
    log: (message, facts) => {
      throw new Error(`${message}: ${String(facts.cause)}`);
    },
  });
}

async function fill(store: Store, ledger: DrainableLedger): Promise<void> {
  const indexes = Array.from({ length: ACCOUNTS }, (_, index) => index);
  const offices = indexes.flatMap((index): RowWrite[] => [
    {
      table: 'account',
      mode: 'insert',
      row: {
        accountId: accountOf(index),
        name: 'Bench',
        currency: 'USD',
        timeZone: zoneOf(index),
        profile: 'default',
        isPhoneEnabled: true,
        supportEmail: 'support@bench.test',
      },
    },
    {
      table: 'office',
      mode: 'insert',
      row: {
        accountId: accountOf(index),
        officeId: 'office',
        name: 'Office',
        country: 'US',
        timeZone: zoneOf(index),
        walletId: 'office',
        pausedAtMs: null,
        pausedByName: null,
      },
    },
  ]);
  await writeAll(store, offices);
  await writeAll(
    store,
    Array.from({ length: NUMBERS }, (_, index) => owned(index)),
  );
  for (const index of indexes) {
    const accountId = accountOf(index);
    await store.openWallet({ accountId, walletId: 'office', currency: 'USD' });
    await ledger.submit({
      kind: 'credit',
      operationId: 'credit',
      accountId,
      walletId: 'office',
      atMs: 1,
      amountMicros: micros(10_000_000_000),
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: 'bench',
      alongside: [],
    });
  }
}

function owned(index: number): RowWrite {
  const timeZone = zoneOf(index % ACCOUNTS);
  return claimNumber(
    {
      number: numberOf(index),
      accountId: accountOf(index % ACCOUNTS),
      officeId: 'office',
      purchaseId: `purchase-${index}`,
      purchasedAtMs: startOfDayMs(FIRST_DAY, timeZone) + 1,
      currency: 'USD',
      monthlyMicros: MONTHLY,
      timeZone,
      firstMonth: 'rest_of_month',
    },
    null,
  );
}

async function writeAll(store: Store, writes: readonly RowWrite[]): Promise<void> {
  for (let from = 0; from < writes.length; from += WRITTEN_TOGETHER) {
    const { applied } = await store.writeRows(writes.slice(from, from + WRITTEN_TOGETHER));
    if (!applied) throw new Error('Rows of the benchmark are in conflict');
  }
}

async function submitAll(ledger: DrainableLedger, operations: readonly ChargeOperation[]): Promise<void> {
  for (let from = 0; from < operations.length; from += TOGETHER) {
    await Promise.all(operations.slice(from, from + TOGETHER).map((operation) => ledger.submit(operation)));
  }
}

/** What rent day will ask of the ledger, but that the numbers stay due. */
async function readyMade(
  store: Store,
  about: { readonly id: string; readonly atMs: number },
): Promise<ChargeOperation[]> {
  const rows = await store.db.selectFrom('number_owner').selectAll().orderBy('dueAtMs').orderBy('number').execute();
  return rows.map((row) => ({
    ...chargeOf(Number(row.purchaseId.split('-')[1]), about),
    alongside: [
      {
        table: 'number_owner',
        mode: 'next_version',
        row: { ...row, told: about.id, dueAtMs: (row.dueAtMs ?? 0) + 1, version: row.version + 1 },
      },
    ],
  }));
}

function chargeOf(index: number, { id, atMs }: { readonly id: string; readonly atMs: number }): ChargeOperation {
  return {
    kind: 'charge',
    operationId: `charge:${numberOf(index)}:purchase-${index}:${id}`,
    accountId: accountOf(index % ACCOUNTS),
    walletId: 'office',
    atMs,
    amountMicros: MONTHLY,
    revenueAccount: 'number_revenue',
    entryKind: 'number_renewal',
    reference: numberOf(index),
    alongside: [],
  };
}

async function rentDay(rent: RentService): Promise<void> {
  await rent.works.find(({ name }) => name === 'rent/due')?.work();
}

/** Nobody is late, nobody is left out, nobody paid twice: the rent day of every number is the next one. */
async function assertAllPaid(store: Store, day: string): Promise<void> {
  const { count } = await store.db
    .selectFrom('number_owner')
    .select((read) => read.fn.countAll().as('count'))
    .where('state', '=', 'active')
    .where('rentDay', '>', day)
    .executeTakeFirstOrThrow();
  if (Number(count) !== NUMBERS) throw new Error(`${count} of ${NUMBERS} numbers are paid on ${day}`);
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return (NUMBERS * 1_000) / (performance.now() - startedAtMs);
}

function accountOf(index: number): string {
  return `account-${index}`;
}

function zoneOf(index: number): string {
  return ZONES[index % ZONES.length] ?? 'UTC';
}

function numberOf(index: number): string {
  return `+1${String(2_000_000_000 + index)}`;
}
