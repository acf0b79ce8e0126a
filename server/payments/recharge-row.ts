/** What the end of a payment means for auto-recharge. Pure; the row is written with that of the payment. */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { PaymentFailure, RechargePause } from '../../src/protocol/payment.ts';
import type { AutoRechargeRow } from '../storage/rows.ts';

const HOUR_MS = 60 * 60 * MILLISECONDS_PER_SECOND;
/** After the first failure, and after the second; the third pauses. */
const BACK_OFF_MS = [HOUR_MS, 6 * HOUR_MS] as const;

export function afterRechargeFailed(
  row: AutoRechargeRow,
  failed: { readonly paymentId: string; readonly failure: PaymentFailure | null; readonly atMs: number },
): AutoRechargeRow {
  if (row.inFlightPaymentId !== failed.paymentId) return row;
  const failures = row.failures + 1;
  const backOffMs = BACK_OFF_MS[failures - 1];
  const pause = row.pause ?? pauseFor(failed.failure) ?? (backOffMs === undefined ? 'failed_often' : null);
  const notBeforeMs = failed.atMs + (backOffMs ?? 0);
  return next(row, { inFlightPaymentId: null, failures, pause, notBeforeMs });
}

/** Failures that waiting does not mend: no further try with this card. */
function pauseFor(failure: PaymentFailure | null): RechargePause | null {
  if (failure === null) return null;
  if (failure.retry === 'never') return 'card_refused';
  if (failure.kind === 'expired') return 'card_expired';
  return failure.retry === 'authenticate' ? 'authentication_required' : null;
}

export function afterRechargeSucceeded(
  row: AutoRechargeRow,
  done: { readonly paymentId: string; readonly notBeforeMs: number },
): AutoRechargeRow {
  const inFlightPaymentId = row.inFlightPaymentId === done.paymentId ? null : row.inFlightPaymentId;
  return next(row, { inFlightPaymentId, failures: 0, pause: resumed(row.pause), notBeforeMs: done.notBeforeMs });
}

/** It was never sent: nothing has failed, and what is wanted now may be charged at once. */
export function afterRechargeWithdrawn(row: AutoRechargeRow, paymentId: string): AutoRechargeRow {
  return row.inFlightPaymentId === paymentId ? next(row, { inFlightPaymentId: null }) : row;
}

/** A top-up by hand went through, or there is a new card: what was wrong with the card is mended. */
export function afterCardProved(row: AutoRechargeRow): AutoRechargeRow {
  if (row.failures === 0 && resumed(row.pause) === row.pause) return row;
  return next(row, { failures: 0, pause: resumed(row.pause), notBeforeMs: 0 });
}

export function withPause(row: AutoRechargeRow, pause: RechargePause | null): AutoRechargeRow {
  return row.pause === pause ? row : next(row, { pause });
}

/** A card that works is no answer to a dispute, nor to spending that somebody should look at. */
function resumed(pause: string | null): string | null {
  return pause === 'disputed' || pause === 'unusual_spend' ? pause : null;
}

function next(row: AutoRechargeRow, change: Partial<AutoRechargeRow>): AutoRechargeRow {
  return { ...row, ...change, version: row.version + 1 };
}
