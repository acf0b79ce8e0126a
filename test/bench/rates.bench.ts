/**
 * Figures of the rate deck, one JSON line each: `node test/bench/rates.bench.ts`. Everything is compared with a peer that does the
 * same work in the same run, so that the ratio means something on any machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseRateDeck } from '../../server/rates/parse-rate-deck.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import { loadRateDeck, saveRateDeck } from '../../server/rates/rate-deck-store.ts';
import { openSqliteStore } from '../../server/storage/sqlite/open-sqlite-store.ts';
import { micros } from '../../src/protocol/money.ts';
import type { DialableNumber } from '../../src/protocol/phone-number.ts';
import { priceCall } from '../../src/protocol/price.ts';
import type { Rate, Tariff } from '../../src/protocol/rate.ts';
import { median, printMeasure } from './measure.ts';

const PREFIXES = 250_000;
const NUMBERS = 100_000;
const LOOKUPS = 1_000_000;
const ROUNDS = 3;
const GOAL_LOOKUPS_PER_SECOND = 1_000_000;
const GOAL_IMPORT_SECONDS = 5;

/** Park-Miller: the same deck in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
const random = createRandom(20_260_302);
const digit = () => String(Math.floor(random() * 10));

/** Like a carrier's sheet: prefixes of 1 to 10 digits, thousands of destinations, a few hundred prices. */
function makePrefixes(): string[] {
  const prefixes = new Set<string>();
  while (prefixes.size < PREFIXES) {
    let prefix = String(1 + Math.floor(random() * 9));
    const length = 2 + Math.floor(random() * 9);
    while (prefix.length < length) prefix += digit();
    prefixes.add(prefix);
  }
  return [...prefixes];
}

function makeCsv(prefixes: readonly string[]): string {
  const rows = prefixes.map((prefix, at) => {
    const price = (Math.floor(random() * 300) / 1_000 + 0.001).toFixed(4);
    return `${prefix},"Destination ${at % 4_000}, area",${price},${at % 3 === 0 ? '60/60' : '6/6'},0,2026-01-01`;
  });
  return `prefix,destination,price,increments,connection_fee,effective_from\n${rows.join('\n')}\n`;
}

/** Four of five numbers are under a known prefix. */
function makeNumbers(prefixes: readonly string[]): DialableNumber[] {
  return Array.from({ length: NUMBERS }, (_, at) => {
    let digits =
      at % 5 === 0 ? String(1 + Math.floor(random() * 9)) : (prefixes[Math.floor(random() * prefixes.length)] ?? '1');
    while (digits.length < 11) digits += digit();
    // Flat copies, as they come from a parsed request.
    return Buffer.from(`+${digits}`).toString('latin1') as DialableNumber;
  });
}

/** The peer: one Map of strings for each length of prefix, the longest length first. */
function createMapPeer(rates: readonly Rate[]): (number: string) => Rate | null {
  const byLength: Map<string, Rate>[] = [];
  for (const rate of rates) {
    byLength[rate.prefix.length] ??= new Map();
    byLength[rate.prefix.length]?.set(rate.prefix, rate);
  }
  return (number) => {
    for (let length = byLength.length - 1; length > 0; length -= 1) {
      const found = byLength[length]?.get(number.slice(1, length + 1));
      if (found) return found;
    }
    return null;
  };
}

function seconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1_000;
}

const prefixes = makePrefixes();
const csv = makeCsv(prefixes);
const numbers = makeNumbers(prefixes);
const atMs = Date.parse('2026-03-02');

const csvOnly: number[] = [];
const cpuBefore = process.cpuUsage();
const imports: number[] = [];
let deck = RateDeck.from([]);
for (let round = 0; round < ROUNDS; round += 1) {
  csvOnly.push(seconds(() => parse(csv, { columns: true })));
  imports.push(
    seconds(() => {
      const parsed = parseRateDeck(csv);
      if (!parsed.isGood) throw new Error('The deck of the benchmark is not good');
      deck = RateDeck.from(parsed.rates);
    }),
  );
}

// Both lists together: on a busy machine the clock says more about the neighbours than about the import.
const { user, system } = process.cpuUsage(cpuBefore);
const cpuSeconds = ((user + system) / 1e6 / ROUNDS) * (median(imports) / (median(imports) + median(csvOnly)));

const folder = mkdtempSync(join(tmpdir(), 'rates-bench-'));
const store = await openSqliteStore({ path: join(folder, 'data.sqlite') });
const storeStartedAt = performance.now();
await saveRateDeck(store, { deckId: 'bench', name: 'bench', importedAtMs: atMs, rates: deck.rates });
const storeSeconds = (performance.now() - storeStartedAt) / 1_000;
const loadStartedAt = performance.now();
const loaded = await loadRateDeck(store);
const loadSeconds = (performance.now() - loadStartedAt) / 1_000;
await store.close();
rmSync(folder, { recursive: true });

printMeasure({
  name: 'rates: import of 250,000 rows, parse and build, against csv-parse alone',
  value: median(imports),
  unit: 's',
  ratio: median(imports) / median(csvOnly),
});
printMeasure({ name: 'rates: import of 250,000 rows, processor time', value: cpuSeconds, unit: 's' });
printMeasure({
  name: 'rates: import of 250,000 rows, parse, build and store',
  value: median(imports) + storeSeconds,
  unit: 's',
  goal: { atMost: GOAL_IMPORT_SECONDS },
});
if (loaded?.deck.rates.length !== PREFIXES) throw new Error('The stored deck is not the one that was saved');
printMeasure({ name: 'rates: 250,000 loaded at start', value: loadSeconds, unit: 's' });

const peer = createMapPeer(deck.rates);
const find = (number: DialableNumber) => deck.find({ number, direction: 'outbound', licence: null, atMs });
for (const number of numbers) {
  if (find(number)?.prefix !== peer(number)?.prefix) throw new Error(`Deck and peer disagree about ${number}`);
}
const perSecond = (lookup: (number: DialableNumber) => Rate | null) =>
  median(
    Array.from({ length: ROUNDS }, () => {
      let found = 0;
      const spent = seconds(() => {
        for (let at = 0; at < LOOKUPS; at += 1)
          if (lookup(numbers[at % NUMBERS] ?? numbers[0] ?? ('+1' as DialableNumber))) found += 1;
      });
      if (found === 0) throw new Error('Nothing was found');
      return LOOKUPS / spent;
    }),
  );
const deckPerSecond = perSecond(find);
const mapPerSecond = perSecond(peer);
printMeasure({
  name: 'rates: longest prefix among 250,000',
  value: deckPerSecond,
  unit: 'look-ups/s',
  goal: { atLeast: GOAL_LOOKUPS_PER_SECOND },
});
printMeasure({
  name: 'rates: longest prefix, against a Map for each prefix length',
  value: mapPerSecond,
  unit: 'look-ups/s',
  ratio: deckPerSecond / mapPerSecond,
});

const plain: Tariff = {
  connectionFeeMicros: micros(50_000),
  steps: [
    { fromSecond: 0, priceMicros: micros(60_000), intervalSeconds: 60, incrementSeconds: 30 },
    { fromSecond: 30, priceMicros: micros(60_000), intervalSeconds: 60, incrementSeconds: 6 },
  ],
  windows: [],
  timeZone: 'Europe/Vienna',
  rounding: { mode: 'up', decimals: 4 },
};
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const evening = {
  days: everyDay,
  fromTime: '18:00:00',
  toTime: '08:00:00',
  connectionFeeMicros: micros(0),
  steps: plain.steps,
};
const tariffs: [string, Tariff][] = [
  ['plain', plain],
  ['with time-of-day windows', { ...plain, windows: [evening] }],
];
for (const [name, tariff] of tariffs) {
  const spent = seconds(() => {
    for (let at = 0; at < LOOKUPS / 4; at += 1)
      priceCall(tariff, { startedAtMs: atMs + at, durationSeconds: at % 3_600 });
  });
  printMeasure({ name: `rates: prices, ${name}`, value: LOOKUPS / 4 / spent, unit: 'prices/s' });
}
