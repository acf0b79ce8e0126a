/** Rows of everything that is not the ledger. Column names are these names in snake_case; each table begins with account_id. */
import type { AlertTables } from './alert-rows.ts';
import type { BillingTables } from './billing-rows.ts';
import type { NumberOrderTables } from './number-order-rows.ts';
import type { OwnedNumberTables } from './owned-number-rows.ts';
import type { PaymentTables } from './payment-rows.ts';
import type { ServiceTables } from './service-rows.ts';
import type { StatementTables } from './statement-rows.ts';

export type * from './alert-rows.ts';
export type * from './billing-rows.ts';
export type * from './number-order-rows.ts';
export type * from './owned-number-rows.ts';
export type * from './payment-rows.ts';
export type * from './service-rows.ts';
export type * from './statement-rows.ts';

export interface AccountRow {
  readonly accountId: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly profile: string;
  readonly isPhoneEnabled: boolean;
  readonly supportEmail: string;
}

export interface OfficeRow {
  readonly accountId: string;
  readonly officeId: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2; national numbers are read by it. */
  readonly country: string;
  readonly timeZone: string;
  readonly walletId: string;
  readonly pausedAtMs: number | null;
  readonly pausedByName: string | null;
}

/** A person becomes known when its first token is seen. */
export interface PersonRow {
  readonly accountId: string;
  readonly personId: string;
  readonly officeId: string;
  readonly name: string;
  readonly role: string;
  readonly extension: string;
  /** What rates depend on (D-28), as the last token said. */
  readonly licence: string | null;
  readonly seenAtMs: number;
}

export interface CallRow {
  readonly accountId: string;
  readonly callId: string;
  readonly officeId: string;
  readonly walletId: string;
  readonly personId: string;
  readonly personName: string;
  readonly direction: string;
  /** What the grant is bound to: E.164 or short number. */
  readonly number: string;
  readonly callerNumber: string | null;
  readonly destination: string;
  readonly kind: string;
  /** authorized | ringing | answered | settled | released | refused */
  readonly status: string;
  readonly currency: string;
  /** JSON of the Rate that was agreed at authorization; the call keeps it to its end. */
  readonly rate: string;
  readonly startedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly endReason: string | null;
  readonly durationSeconds: number;
  readonly billedSeconds: number;
  readonly costMicros: number;
  readonly heldMicros: number;
  readonly leaseSeconds: number;
  readonly renewalIndex: number;
  readonly isLeaseFinal: boolean;
  /** When the server must look at this call next (renew, reap); null when it is over. */
  readonly dueAtMs: number | null;
  readonly edgeId: string | null;
  /** The SIP Call-ID that used the grant; a second one is refused. */
  readonly sipCallId: string | null;
  /** JSON of the refusal for status "refused". */
  readonly refusal: string | null;
  /** Counts up with each write; mode 'next_version' refuses to write over a version it has not seen. */
  readonly version: number;
}

export interface NumberRow {
  readonly accountId: string;
  readonly number: string;
  readonly country: string;
  readonly type: string;
  readonly region: string;
  readonly features: string;
  readonly currency: string;
  readonly setupMicros: number;
  readonly monthlyMicros: number;
  readonly inboundPerMinuteMicros: number;
  /** Where it was bought for the account that owns or owned it; null: our own inventory, which anybody of the account may buy. */
  readonly carrier: string | null;
}

export interface CreditRequestRow {
  readonly accountId: string;
  readonly requestId: string;
  /** Counts the person's questions in this office from 1, whatever clocks say: only one question can be the next. */
  readonly askNumber: number;
  readonly officeId: string;
  readonly personId: string;
  readonly personName: string;
  readonly reason: string;
  readonly askedAtMs: number;
  readonly state: string;
  readonly answeredByName: string | null;
  readonly words: string | null;
  readonly addedMicros: number | null;
}

/** A whole rate deck, kept as it was imported; the latest one is in force, for all accounts. */
export interface RateDeckRow {
  readonly deckId: string;
  readonly name: string;
  readonly importedAtMs: number;
  readonly rateCount: number;
  /** JSON, see server/rates/rate-deck-text.ts: terms once, then a prefix and the number of its terms for each rate. */
  readonly content: string;
}

/** Access tokens that were issued before this moment are refused, whatever they say. The latest moment counts; rows are only added. */
export interface TokenRevocationRow {
  readonly accountId: string;
  /** "" is everybody of the account. */
  readonly personId: string;
  /** By the clock of whoever signs tokens (the claim "iat"). */
  readonly issuedBeforeMs: number;
  readonly revokedAtMs: number;
}

/** A policy as the operator wrote it; the newest one is in force, for all accounts. */
export interface PolicyRow {
  readonly policyVersion: number;
  /** JSON, see server/policy/read-policies.ts: what it leaves out is as in the default. */
  readonly content: string;
  readonly setAtMs: number;
}

export interface Tables
  extends PaymentTables,
    BillingTables,
    OwnedNumberTables,
    AlertTables,
    ServiceTables,
    NumberOrderTables,
    StatementTables {
  readonly account: AccountRow;
  readonly office: OfficeRow;
  readonly person: PersonRow;
  readonly call: CallRow;
  readonly number: NumberRow;
  readonly credit_request: CreditRequestRow;
  readonly rate_deck: RateDeckRow;
  readonly token_revocation: TokenRevocationRow;
  readonly policy: PolicyRow;
}

/**
 * Written in the same transaction as a ledger operation. 'insert' refuses the operation (row_conflict) when the row is there
 * already; 'next_version' refuses it when the stored version is not exactly `row.version - 1` (somebody else wrote in between:
 * read again, decide again).
 */
export type RowWrite =
  | {
      readonly [Name in keyof Tables]: {
        readonly table: Name;
        readonly mode: 'insert' | 'upsert';
        readonly row: Tables[Name];
      };
    }[keyof Tables]
  | {
      readonly [Name in VersionedTable]: {
        readonly table: Name;
        readonly mode: 'next_version';
        readonly row: Tables[Name];
      };
    }[VersionedTable];

/** Those whose rows count their changes. */
export type VersionedTable = {
  [Name in keyof Tables]: Tables[Name] extends { readonly version: number } ? Name : never;
}[keyof Tables];
