/** The columns of all of rows.ts at run time; each kind of rows has its own file of them. */
import { ALERT_COLUMNS } from './alert-columns.ts';
import { BILLING_COLUMNS } from './billing-columns.ts';
import type { ColumnsOf } from './columns-of.ts';
import { NUMBER_ORDER_COLUMNS } from './number-order-columns.ts';
import { OWNED_NUMBER_COLUMNS } from './owned-number-columns.ts';
import { PAYMENT_COLUMNS } from './payment-columns.ts';
import type { Tables } from './rows.ts';
import { SERVICE_COLUMNS } from './service-columns.ts';
import { STATEMENT_TABLE_COLUMNS } from './statement-columns.ts';

export const TABLE_COLUMNS: ColumnsOf<Tables> = {
  account: {
    accountId: 'key',
    name: 'value',
    currency: 'value',
    timeZone: 'value',
    profile: 'value',
    isPhoneEnabled: 'value',
    supportEmail: 'value',
  },
  office: {
    accountId: 'key',
    officeId: 'key',
    name: 'value',
    country: 'value',
    timeZone: 'value',
    walletId: 'value',
    pausedAtMs: 'value',
    pausedByName: 'value',
  },
  person: {
    accountId: 'key',
    personId: 'key',
    officeId: 'value',
    name: 'value',
    role: 'value',
    extension: 'value',
    licence: 'value',
    seenAtMs: 'value',
  },
  call: {
    accountId: 'owner',
    callId: 'key',
    officeId: 'value',
    walletId: 'value',
    personId: 'value',
    personName: 'value',
    direction: 'value',
    number: 'value',
    callerNumber: 'value',
    destination: 'value',
    kind: 'value',
    status: 'value',
    currency: 'value',
    rate: 'value',
    startedAtMs: 'value',
    answeredAtMs: 'value',
    endedAtMs: 'value',
    endReason: 'value',
    durationSeconds: 'value',
    billedSeconds: 'value',
    costMicros: 'value',
    heldMicros: 'value',
    leaseSeconds: 'value',
    renewalIndex: 'value',
    isLeaseFinal: 'value',
    dueAtMs: 'value',
    edgeId: 'value',
    sipCallId: 'value',
    refusal: 'value',
    version: 'value',
  },
  number: {
    accountId: 'key',
    number: 'key',
    country: 'value',
    type: 'value',
    region: 'value',
    features: 'value',
    currency: 'value',
    setupMicros: 'value',
    monthlyMicros: 'value',
    inboundPerMinuteMicros: 'value',
    carrier: 'value',
  },
  credit_request: {
    accountId: 'key',
    requestId: 'key',
    askNumber: 'value',
    officeId: 'value',
    personId: 'value',
    personName: 'value',
    reason: 'value',
    askedAtMs: 'value',
    state: 'value',
    answeredByName: 'value',
    words: 'value',
    addedMicros: 'value',
  },
  rate_deck: {
    deckId: 'key',
    name: 'value',
    importedAtMs: 'value',
    rateCount: 'value',
    content: 'value',
  },
  token_revocation: {
    accountId: 'key',
    personId: 'key',
    issuedBeforeMs: 'key',
    revokedAtMs: 'value',
  },
  policy: {
    policyVersion: 'key',
    content: 'value',
    setAtMs: 'value',
  },
  ...PAYMENT_COLUMNS,
  ...BILLING_COLUMNS,
  ...NUMBER_ORDER_COLUMNS,
  ...SERVICE_COLUMNS,
  ...OWNED_NUMBER_COLUMNS,
  ...ALERT_COLUMNS,
  ...STATEMENT_TABLE_COLUMNS,
};

/** startedAtMs -> started_at_ms */
export function sqlName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
