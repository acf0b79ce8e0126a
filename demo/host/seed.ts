/** What the demo finds in its data file on first start: an account, two offices with a little credit, people, rates and numbers. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Ledger } from '../../server/ledger/operation.ts';
import { importNumbers } from '../../server/numbers/import-numbers.ts';
import { parseRateDeck } from '../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../server/rates/rate-deck-store.ts';
import type { OfficeRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { ACCOUNT_ID, PEOPLE } from './people.ts';

const CURRENCY = 'USD';
const folder = resolve(import.meta.dirname, '..');

/** Enough to talk for some minutes and to see it run out. */
const FIRST_CREDIT_MICROS = micros(2_000_000);

const OFFICES: readonly OfficeRow[] = [
  office({ officeId: 'hamburg', name: 'Hamburg', country: 'DE', timeZone: 'Europe/Berlin' }),
  office({ officeId: 'oakland', name: 'Oakland', country: 'US', timeZone: 'America/Los_Angeles' }),
];

function office(place: Pick<OfficeRow, 'officeId' | 'name' | 'country' | 'timeZone'>): OfficeRow {
  return { accountId: ACCOUNT_ID, walletId: place.officeId, pausedAtMs: null, pausedByName: null, ...place };
}

/** Safe to run on every start: what is there stays as it is. */
export async function seedDemo(data: {
  readonly store: Store;
  readonly ledger: Ledger;
  /** The real time when left out. */
  readonly nowMs?: number;
}): Promise<void> {
  const { store, ledger, nowMs = Date.now() } = data;
  const known = await store.db.selectFrom('account').select('accountId').where('accountId', '=', ACCOUNT_ID).execute();
  if (known.length > 0) return;
  await seedRates(store);
  await seedOffices(store);
  for (const { walletId } of OFFICES) {
    await ledger.submit({
      kind: 'credit',
      operationId: `seed:${walletId}`,
      accountId: ACCOUNT_ID,
      walletId,
      atMs: nowMs,
      alongside: [],
      amountMicros: FIRST_CREDIT_MICROS,
      sourceAccount: 'play_credit',
      entryKind: 'top_up',
      reference: 'first start of the demo',
    });
  }
  const numbers = await importNumbers(store, { accountId: ACCOUNT_ID, csv: sample('sample-numbers.csv') });
  if (!numbers.ok) throw new Error(`The sample numbers are not good: ${JSON.stringify(numbers.errors[0])}`);
  // Last, so that a start that was cut short is made good by the next one.
  await store.writeRows([{ table: 'account', mode: 'upsert', row: ACCOUNT }]);
}

const ACCOUNT = {
  accountId: ACCOUNT_ID,
  name: 'Harbour Trading (demo)',
  currency: CURRENCY,
  timeZone: 'Europe/Berlin',
  profile: 'default',
  isPhoneEnabled: true,
  supportEmail: 'support@credit-phone.invalid',
};

async function seedOffices(store: Store): Promise<void> {
  for (const { walletId } of OFFICES) await store.openWallet({ accountId: ACCOUNT_ID, walletId, currency: CURRENCY });
  await store.writeRows(OFFICES.map((row) => ({ table: 'office', mode: 'upsert', row })));
  await store.writeRows(
    PEOPLE.map(({ personId, officeId, name, role }, index) => ({
      table: 'person',
      mode: 'upsert',
      row: {
        accountId: ACCOUNT_ID,
        personId,
        officeId,
        name,
        role,
        extension: String(201 + index),
        licence: null,
        seenAtMs: Date.now(),
      },
    })),
  );
}

async function seedRates(store: Store): Promise<void> {
  const deck = parseRateDeck(sample('sample-rates.csv'));
  if (!deck.isGood) throw new Error(`The sample rates are not good: ${JSON.stringify(deck.bad[0])}`);
  await saveRateDeck(store, {
    deckId: 'sample-rates',
    name: 'sample-rates.csv',
    importedAtMs: Date.now(),
    rates: deck.rates,
  });
}

function sample(file: string): string {
  return readFileSync(resolve(folder, file), 'utf8');
}
