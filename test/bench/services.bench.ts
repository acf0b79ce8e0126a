/**
 * What a metered service costs the server: 64 clients that charge one message after the other, durably on the real SQLite store, against
 * the same number of bare hold-and-settle pairs of the ledger in the same run. The rest is reading, pricing and the row.
 *
 *   node test/bench/services.bench.ts      prints one JSON line a number: { name, value, unit, ratio, goal }
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfficeDirectory } from '../../server/accounts/office-directory.ts';
import { createLedger } from '../../server/ledger/ledger.ts';
import type { Ledger } from '../../server/ledger/operation.ts';
import type { MeteringRoom } from '../../server/metering/metering-room.ts';
import { createMeteringService } from '../../server/metering/metering-service.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { SERVICE_RATES } from '../support/service-rates.ts';
import { printMeasure } from './measure.ts';

const CLIENTS = 64;
const SECONDS = 4;
const WALLET = { accountId: 'bench', walletId: 'bench' } as const;
const HOST = { accountId: 'bench', officeId: 'bench', personId: 'backend', name: 'Backend', role: 'host' } as const;
const PRICE = micros(90_000);
const clock = { nowMs: () => Date.now() };
const unheard = () => undefined;

const folder = mkdtempSync(join(tmpdir(), 'credit-phone-bench-'));
try {
  const store = await openSqliteStore({ path: join(folder, 'bench.sqlite') });
  const ledger = createLedger(store);
  await seed(store, ledger);
  const pairs = await rateOf(() => holdAndSettle(ledger));
  const { handlers } = createMeteringService(roomOf(store, ledger));
  const charges = await rateOf(async () => {
    const charge = { chargeId: randomUUID(), kind: 'sms', units: 1, to: '+4915123456789' };
    const outcome = await handlers.chargeService(HOST, charge);
    if (!outcome.ok) throw new Error(`Refused: ${outcome.refusal.code}`);
  });
  printMeasure({ name: `services: bare hold and settle, ${CLIENTS} clients`, value: pairs, unit: 'pairs/s' });
  printMeasure({
    name: `services: durable charges, ${CLIENTS} clients, against bare hold and settle`,
    value: charges,
    unit: 'charges/s',
    ratio: charges / pairs,
    goal: { atLeast: 0.25 },
  });
  await ledger.close();
  await store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function rateOf(work: () => Promise<void>): Promise<number> {
  const endsMs = performance.now() + SECONDS * 1_000;
  let count = 0;
  const client = async () => {
    for (; performance.now() < endsMs; count += 1) await work();
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return count / ((performance.now() - startedMs) / 1_000);
}

async function holdAndSettle(ledger: Ledger): Promise<void> {
  const holdId = randomUUID();
  const base = { ...WALLET, holdId, atMs: clock.nowMs(), alongside: [] } as const;
  const price = { amountMicros: PRICE, minimumMicros: PRICE, floorMicros: ZERO_MICROS, limits: [] };
  await ledger.submit({ ...base, ...price, kind: 'hold', operationId: `hold:${holdId}` });
  const taken = { captureMicros: PRICE, revenueAccount: 'bench', entryKind: 'bench', reference: holdId };
  await ledger.submit({ ...base, ...taken, kind: 'settle', operationId: `settle:${holdId}` });
}

function roomOf(store: Store, ledger: Ledger): MeteringRoom {
  return {
    store,
    ledger,
    rates: RateDeck.from(SERVICE_RATES),
    readNumber: dialableNumber,
    policy: policyInForce(() => DEFAULT_POLICIES),
    clock,
    offices: createOfficeDirectory({ store, clock, publisher: {} }),
    notices: { walletChanged: unheard, leaseGrew: unheard, walletChangedElsewhere: unheard },
    rechargeFirst: async () => false,
    log: unheard,
  };
}

async function seed(store: Store, ledger: Ledger): Promise<void> {
  const account = { accountId: 'bench', name: 'Bench', currency: 'USD', timeZone: 'UTC', profile: 'default' };
  const office = { accountId: 'bench', officeId: 'bench', name: 'Bench', country: 'DE', timeZone: 'UTC' };
  await store.writeRows([
    { table: 'account', mode: 'insert', row: { ...account, isPhoneEnabled: true, supportEmail: '' } },
    { table: 'office', mode: 'insert', row: { ...office, walletId: 'bench', pausedAtMs: null, pausedByName: null } },
  ]);
  await store.openWallet({ ...WALLET, currency: 'USD' });
  await ledger.submit({
    ...WALLET,
    kind: 'credit',
    operationId: 'credit',
    atMs: clock.nowMs(),
    amountMicros: micros(100_000_000_000),
    sourceAccount: 'bench',
    entryKind: 'bench',
    reference: 'bench',
    alongside: [],
  });
}
