/**
 * The columns of rows.ts at run time, for stores that write rows by hand-made statements. The compiler holds it complete: a column
 * added to a row type and forgotten here does not compile.
 */
import type { Tables } from './rows.ts';

/** 'key': part of the primary key. 'owner': whose row it is, where the key alone is unique over all owners; never changes. */
type Columns<Row> = { readonly [Name in keyof Row]-?: 'key' | 'owner' | 'value' };

export const TABLE_COLUMNS: { readonly [Name in keyof Tables]: Columns<Tables[Name]> } = {
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
  },
  number_owner: {
    number: 'key',
    accountId: 'value',
    officeId: 'value',
    purchaseId: 'value',
    purchasedAtMs: 'value',
  },
  credit_request: {
    accountId: 'key',
    requestId: 'key',
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
};

/** startedAtMs -> started_at_ms */
export function sqlName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
