/**
 * An account whose offices do all that costs credit besides calls: numbers of a carrier and of the own stock, rents, services. With the
 * carrier, the mail server and the host's webhook that its servers talk to: those are in the test's own process, and outlive every server.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLedger } from '../../server/ledger/ledger.ts';
import { saveRateDeck } from '../../server/rates/rate-deck-store.ts';
import { claimNumber } from '../../server/rent/own-number.ts';
import type { NumberRow, RowWrite } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { micros } from '../../src/protocol/money.ts';
import { AUDIENCE, EDGE_SECRET, ISSUER, TOKEN_SECRET } from './gate-fixture.ts';
import { LocalTelnyx, TELNYX_KEY } from './local-telnyx.ts';
import { SERVICE_RATES } from './service-rates.ts';
import { SmtpServer } from './smtp-server.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

export const ACCOUNT = 'acme';
/** Rent days are days here. */
export const ZONE = 'Europe/Berlin';
export const STARTS_AT_MS = Date.UTC(2026, 0, 15, 12);
const USD = 1_000_000;

/** Buy numbers and services, and always have credit. */
export const RICH = ['berlin', 'austin'] as const;
/** Buys numbers with hardly any credit. */
export const SHORT = 'quito';
/** Has numbers, and credit for them only when somebody brings it. */
export const POOR = 'lagos';
/** Use up all they have, again and again. */
export const DRAINED = ['oslo', 'lima', 'hanoi'] as const;
export const OFFICES: readonly string[] = [...RICH, SHORT, POOR, ...DRAINED];

/** Owned from the start, without a charge for the first month. */
const OWNED_BY_RICH = 120;
const OWNED_BY_POOR = 12;
const STOCK = 60;
const CARRIER_NUMBERS = 600;
export const RENT_MICROS = USD;
/** What is left below the floor pays for nothing: so an office can be used up by services that cost more than a micro. */
export const KILLED_POLICY = JSON.stringify({ credit: { callFloorMicros: 200_000 } });
const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

export interface Outside {
  readonly telnyx: LocalTelnyx;
  readonly smtp: SmtpServer;
  readonly host: WebhookReceiver;
}

export async function openOutside(): Promise<Outside> {
  const [telnyx, smtp, host] = await Promise.all([LocalTelnyx.start(), SmtpServer.start(), WebhookReceiver.start()]);
  telnyx.sells(...range(CARRIER_NUMBERS).map((index) => ({ number: `+1312555${digits(index)}` })));
  return { telnyx, smtp, host };
}

export async function closeOutside({ telnyx, smtp, host }: Outside): Promise<void> {
  await Promise.all([telnyx.stop(), smtp.close(), host.close()]);
}

/** Of each server process; `folder` takes its policy. */
export function killedEnvironment(
  { telnyx, smtp, host }: Outside,
  place: { readonly folder: string; readonly data: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> {
  const policyFile = join(place.folder, 'policy.json');
  writeFileSync(policyFile, KILLED_POLICY);
  return {
    ...place.data,
    // Starting takes half as long, most of a round on a busy machine.
    NODE_COMPILE_CACHE: join(place.folder, 'compiled'),
    POLICY_FILE: policyFile,
    TOKEN_SECRET,
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    EDGE_SECRET,
    SIP_SECRET: 'a-secret-for-sip-passwords-0123456789',
    GRANT_SECRET: 'a-secret-for-call-grants-0123456789',
    PERSON_REQUESTS_PER_SECOND: '1000000',
    HOST_REQUESTS_PER_SECOND: '1000000',
    ADDRESS_REQUESTS_PER_SECOND: '1000000',
    TELNYX_API_KEY: TELNYX_KEY,
    TELNYX_URL: telnyx.url,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'billing@example.com',
    ALERT_WEBHOOK_URL: host.url,
    ALERT_WEBHOOK_SECRET: SECRET,
  };
}

export async function seedKilledHome(store: Store): Promise<void> {
  const account = { accountId: ACCOUNT, name: 'Acme', currency: 'USD', timeZone: ZONE, profile: 'default' };
  const contact = { accountId: ACCOUNT, contactId: 'operator:dana@example.com', officeId: null };
  await write(store, [
    { table: 'account', mode: 'insert', row: { ...account, isPhoneEnabled: true, supportEmail: 'help@example.com' } },
    { table: 'billing_contact', mode: 'upsert', row: { ...contact, email: 'dana@example.com' } },
    {
      table: 'number_price',
      mode: 'insert',
      row: {
        ...{ accountId: '', country: 'US', type: 'local', currency: 'USD' },
        ...{ setupMicros: 580_000, monthlyMicros: RENT_MICROS, inboundPerMinuteMicros: 8_500 },
      },
    },
    ...OFFICES.map(officeWrite),
  ]);
  await saveRateDeck(store, { deckId: 'services', name: 'test', importedAtMs: STARTS_AT_MS, rates: SERVICE_RATES });
  await addCredit(store);
  await write(store, [
    ...range(STOCK).map((index) => stockWrite(`+4930555${digits(index)}`)),
    ...range(2 * OWNED_BY_RICH).flatMap((index) => owned(RICH[index % 2] ?? '', `+4940555${digits(index)}`)),
    ...range(OWNED_BY_POOR).flatMap((index) => owned(POOR, `+4950555${digits(index)}`)),
  ]);
}

function officeWrite(officeId: string): RowWrite {
  const place = { country: 'US', timeZone: ZONE, walletId: officeId };
  const row = { accountId: ACCOUNT, officeId, name: officeId, ...place, pausedAtMs: null, pausedByName: null };
  return { table: 'office', mode: 'insert', row };
}

async function addCredit(store: Store): Promise<void> {
  const ledger = createLedger(store);
  const firstMicros: Readonly<Record<string, number>> = { [SHORT]: 5 * USD, [POOR]: 0 };
  for (const walletId of OFFICES) {
    await store.openWallet({ accountId: ACCOUNT, walletId, currency: 'USD' });
    const isDrained = DRAINED.some((officeId) => officeId === walletId);
    const amountMicros = firstMicros[walletId] ?? (isDrained ? 10 : 50_000) * USD;
    if (amountMicros === 0) continue;
    await ledger.submit({
      kind: 'credit',
      operationId: `seed:${walletId}`,
      accountId: ACCOUNT,
      walletId,
      atMs: STARTS_AT_MS,
      amountMicros: micros(amountMicros),
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: 'seed',
      alongside: [],
    });
  }
  await ledger.close();
}

function stockWrite(number: string): RowWrite {
  const row: NumberRow = {
    ...{ accountId: ACCOUNT, number, country: 'DE', type: 'local', region: 'Berlin', features: 'voice' },
    ...{ currency: 'USD', setupMicros: 0, monthlyMicros: RENT_MICROS, inboundPerMinuteMicros: 0, carrier: null },
  };
  return { table: 'number', mode: 'upsert', row };
}

function owned(officeId: string, number: string): readonly RowWrite[] {
  const bought = {
    ...{ number, accountId: ACCOUNT, officeId, purchaseId: `seed-${number}`, purchasedAtMs: STARTS_AT_MS },
    ...({ currency: 'USD', monthlyMicros: RENT_MICROS, timeZone: ZONE, firstMonth: 'rest_of_month' } as const),
  };
  return [stockWrite(number), claimNumber(bought, null)];
}

async function write(store: Store, writes: readonly RowWrite[]): Promise<void> {
  const { applied, conflict } = await store.writeRows(writes);
  if (!applied) throw new Error(`The test's own rows are in conflict: ${conflict}`);
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function digits(index: number): string {
  return String(index).padStart(4, '0');
}
