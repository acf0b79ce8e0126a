/** A payment between its row and the contract, and when somebody must look at it again. */
import * as z from 'zod/mini';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { micros } from '../../src/protocol/money.ts';
import {
  type Card,
  cardSchema,
  PAYMENT_KINDS,
  PAYMENT_STATUSES,
  type Payment,
  type PaymentFailure,
  type PaymentStatus,
  paymentFailureSchema,
} from '../../src/protocol/payment.ts';
import type { PaymentRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

const MINUTE_MS = 60 * MILLISECONDS_PER_SECOND;
const HOUR_MS = 60 * MINUTE_MS;
/** After that a payment that nobody finished is given up at the provider, so that it cannot be charged any more. */
export const GIVEN_UP_AFTER_MS = 24 * HOUR_MS;

export function paymentOf(row: PaymentRow): Payment {
  return {
    paymentId: row.paymentId,
    officeId: row.officeId,
    kind: z.enum(PAYMENT_KINDS).parse(row.kind),
    status: statusOf(row),
    amountMicros: micros(row.amountMicros),
    currency: row.currency,
    byName: row.personName,
    card: cardFrom(row.card),
    failure: failureOf(row),
    returnedMicros: micros(row.returnedMicros),
    availableMicros: row.availableMicros === null ? null : micros(row.availableMicros),
    createdAtMs: row.createdAtMs,
    changedAtMs: row.changedAtMs,
    version: row.version,
  };
}

export function statusOf(row: Pick<PaymentRow, 'status'>): PaymentStatus {
  return z.enum(PAYMENT_STATUSES).parse(row.status);
}

export function failureOf(row: Pick<PaymentRow, 'failureKind' | 'failureRetry'>): PaymentFailure | null {
  if (row.failureKind === null) return null;
  return paymentFailureSchema.parse({ kind: row.failureKind, retry: row.failureRetry });
}

export function cardFrom(json: string | null): Card | null {
  return json === null ? null : cardSchema.parse(JSON.parse(json));
}

/** Nothing changes it any more unless the provider says so. */
export function isOver(row: Pick<PaymentRow, 'status'>): boolean {
  return row.status === 'succeeded' || row.status === 'failed' || row.status === 'canceled';
}

/** Looked at after a minute, then ever more seldom; a failed one too, since a bank may change its mind within the day. */
export function nextLookMs(row: Pick<PaymentRow, 'status' | 'createdAtMs'>, nowMs: number): number | null {
  if (row.status === 'succeeded' || row.status === 'canceled') return null;
  const ageMs = nowMs - row.createdAtMs;
  if (row.status === 'failed' && ageMs > GIVEN_UP_AFTER_MS) return null;
  return nowMs + Math.min(Math.max(ageMs, MINUTE_MS), HOUR_MS);
}

export async function readPayment(
  store: Pick<Store, 'db'>,
  address: { readonly accountId: string; readonly paymentId: string },
): Promise<PaymentRow | null> {
  const row = await store.db
    .selectFrom('payment')
    .selectAll()
    .where('accountId', '=', address.accountId)
    .where('paymentId', '=', address.paymentId)
    .executeTakeFirst();
  return row ?? null;
}

export async function readPaymentByRef(
  store: Pick<Store, 'db'>,
  address: { readonly provider: string; readonly providerRef: string },
): Promise<PaymentRow | null> {
  const row = await store.db
    .selectFrom('payment')
    .selectAll()
    .where('provider', '=', address.provider)
    .where('providerRef', '=', address.providerRef)
    .executeTakeFirst();
  return row ?? null;
}
