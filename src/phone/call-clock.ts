/**
 * The meter of a running call, as data: seconds, cost and seconds left. Cost comes from price.ts, like the charge in the ledger.
 *
 *   answer         now                                    end of the money or of the final lease
 *     ├── talkMs ───┼──────────── secondsLeft ──────────────┤
 *
 * The answer is where this browser's monotonic clock puts it. The line's report and the server's records both come a little late,
 * so the earliest of them is the truest: the answer only ever moves back, and time on the screen never does.
 */

import type { Lease } from '../protocol/call.ts';
import { billableSeconds, MAX_CALL_SECONDS, MILLISECONDS_PER_SECOND } from '../protocol/duration.ts';
import { addMicros, type Micros, maxMicros, ZERO_MICROS } from '../protocol/money.ts';
import { affordableSeconds, priceCall } from '../protocol/price.ts';
import type { Tariff } from '../protocol/rate.ts';
import { creditWarning } from './credit-warning.ts';
import type { WarningSeconds } from './phone-snapshot.ts';

export interface CallMeter {
  /** When the call was answered, on the monotonic clock of this browser. */
  readonly answeredAtMs: number;
  /** When it was answered on the server's clock: time-of-day prices go by it. An estimate until the server has said it. */
  readonly startedAtMs: number;
  readonly talkMs: number;
  readonly tariff: Tariff | null;
  readonly lease: Lease | null;
  readonly credit: CallCredit | null;
  /** The lease is final because the credit reached no further when it was granted: credit that arrives is what lengthens it. */
  readonly isShortOfCredit: boolean;
  readonly costMicros: Micros;
  /** Null while nothing limits the call, or nothing is known. */
  readonly secondsLeft: number | null;
  readonly warning: WarningSeconds | null;
  readonly wasExtended: boolean;
}

/** What this call can still use: the credit nobody holds, and what is held for this very call (null: as the lease says). */
export interface CallCredit {
  readonly availableMicros: Micros;
  readonly heldMicros: Micros | null;
}

export function startMeter(answer: {
  readonly atMs: number;
  readonly startedAtMs: number;
  readonly tariff: Tariff | null;
  readonly lease: Lease | null;
  readonly credit: CallCredit | null;
}): CallMeter {
  const { atMs, ...known } = answer;
  const meter = {
    ...known,
    answeredAtMs: atMs,
    talkMs: 0,
    isShortOfCredit: false,
    costMicros: ZERO_MICROS,
    secondsLeft: null,
    warning: null,
    wasExtended: false,
  };
  return readMeter({ ...meter, isShortOfCredit: isShortOfCredit(meter) }, { atMs });
}

/** What server or wallet has said since: only what is named changes. */
export type MeterNews = Partial<Pick<CallMeter, 'startedAtMs' | 'tariff' | 'lease' | 'credit'>> & {
  /** Milliseconds since the answer, by the server. */
  readonly elapsedMs?: number;
};

export function tellMeter(meter: CallMeter, news: MeterNews & { readonly atMs: number }): CallMeter {
  const { elapsedMs, atMs, ...facts } = news;
  const answeredAtMs =
    elapsedMs === undefined ? meter.answeredAtMs : Math.min(meter.answeredAtMs, atMs - Math.max(0, elapsedMs));
  const lease = laterLease(meter.lease, facts.lease ?? null);
  const told = { ...meter, ...facts, lease, answeredAtMs };
  return readMeter(lease === meter.lease ? told : { ...told, isShortOfCredit: isShortOfCredit(told) }, { atMs });
}

/** The meter at this moment. */
export function readMeter(meter: CallMeter, now: { readonly atMs: number }): CallMeter {
  const talkMs = Math.max(meter.talkMs, now.atMs - meter.answeredAtMs);
  const secondsLeft = secondsUntilEnd(meter, talkMs);
  const costMicros = maxMicros(meter.costMicros, costSoFar(meter, talkMs));
  return { ...meter, talkMs, secondsLeft, costMicros, ...creditWarning(secondsLeft, meter) };
}

/** Whole seconds since the answer. */
export function talkSeconds(meter: CallMeter): number {
  return Math.floor(meter.talkMs / MILLISECONDS_PER_SECOND);
}

/** Until the next whole second, when the screen changes. */
export function msToNextSecond(meter: CallMeter): number {
  return MILLISECONDS_PER_SECOND - (meter.talkMs % MILLISECONDS_PER_SECOND);
}

/** Records may overtake each other on their way; a lease only ever grows. */
function laterLease(known: Lease | null, told: Lease | null): Lease | null {
  if (known === null || told === null) return told ?? known;
  return told.renewalIndex < known.renewalIndex || told.leaseSeconds < known.leaseSeconds ? known : told;
}

function costSoFar(meter: CallMeter, talkMs: number): Micros {
  if (meter.tariff === null) return ZERO_MICROS;
  const leaseSeconds = meter.lease?.leaseSeconds ?? MAX_CALL_SECONDS;
  return priceCall(meter.tariff, {
    startedAtMs: meter.startedAtMs,
    durationSeconds: billableSeconds({ durationMs: talkMs, leaseSeconds }),
  });
}

function secondsUntilEnd(meter: CallMeter, talkMs: number): number | null {
  const ends = [finalSecond(meter), affordableSecond(meter)].filter((second) => second !== null);
  if (ends.length === 0) return null;
  return Math.max(0, Math.min(...ends) - Math.floor(talkMs / MILLISECONDS_PER_SECOND));
}

/** Null when the call does not end with its lease: it will be renewed, or credit has arrived and the renewal is on its way. */
function finalSecond(meter: CallMeter): number | null {
  if (!meter.lease?.isFinal) return null;
  return meter.isShortOfCredit && !isShortOfCredit(meter) ? null : meter.lease.leaseSeconds;
}

/** As against a lease that is final for another reason, like a limit: credit lengthens only this one. */
function isShortOfCredit(meter: CallMeter): boolean {
  const second = affordableSecond(meter);
  return meter.lease !== null && second !== null && second <= meter.lease.leaseSeconds;
}

/** Up to which second the credit lasts, what is held for this call included; null when credit does not limit the call. */
function affordableSecond(meter: CallMeter): number | null {
  if (meter.tariff === null || meter.credit === null) return null;
  const held = meter.credit.heldMicros ?? meter.lease?.heldMicros ?? ZERO_MICROS;
  const seconds = affordableSeconds(meter.tariff, {
    startedAtMs: meter.startedAtMs,
    budgetMicros: addMicros(meter.credit.availableMicros, held),
    limitSeconds: MAX_CALL_SECONDS,
  });
  return seconds >= MAX_CALL_SECONDS ? null : seconds;
}
