/**
 * When an office is told of its credit (REQUIREMENTS 2.3 no. 8, complaint 28): once for each crossing of a line, again only after the
 * credit was clearly above it, and not within the cool-down. Pure: no clock, no store.
 *
 *   above 150 % of the line ──► armed ──► at or below the line ──► told ──► (silent, however often the line is crossed)
 *          ▲                                     │ within the cool-down of the last time: told when that ends, if it is still so
 *          └─────────────────────────────────────┴──────────────────────────────────────────────────────────────────────────────
 *
 * A fall through several lines is told once, by the worst of them. "Calls work again" answers a mail that they were blocked, and no other.
 */
import * as z from 'zod/mini';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';

/** The milder first. */
export const CREDIT_KINDS = ['low', 'critical', 'empty'] as const;
export type CreditKind = (typeof CREDIT_KINDS)[number];

const HOUR_MS = 3_600 * MILLISECONDS_PER_SECOND;
export const COOL_DOWN_MS: Readonly<Record<CreditKind, number>> = {
  low: 24 * HOUR_MS,
  critical: 24 * HOUR_MS,
  empty: 6 * HOUR_MS,
};
const RECOVERED_PERCENT = 150;

const eachKind = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.object({ low: schema, critical: schema, empty: schema });

export const creditLatchSchema = z.object({
  armed: eachKind(z.boolean()),
  toldAtMs: eachKind(z.nullable(z.int())),
  /** Since the mail that calls are blocked, until the one that they work again. */
  emptySinceMs: z.nullable(z.int()),
  /** What stands on the screens of admins. */
  shown: z.nullable(z.object({ kind: z.string(), alertId: z.string() })),
});
export type CreditLatch = z.output<typeof creditLatchSchema>;

export interface CreditNow {
  readonly availableMicros: number;
  /** Nothing is left that could pay for a call, or one was refused for that. */
  readonly isUsedUp: boolean;
  readonly lowMicros: number;
  readonly criticalMicros: number;
  /** What a paid call needs at least. */
  readonly floorMicros: number;
  /** Auto-recharge will see to it: a low balance is not worth a mail, a critical one is. */
  readonly isRecharging: boolean;
  readonly atMs: number;
}

export interface CreditDecision {
  /** Without the alert that is told now: its id is made by whoever writes it. */
  readonly latch: CreditLatch;
  readonly tell: CreditKind | 'back' | null;
  /** What is on the screens holds no more. */
  readonly isOver: boolean;
  /** When it must be looked at even if nothing changes; null: it need not be. */
  readonly dueAtMs: number | null;
}

/** Null: the office was never looked at. What it is like then is not news. */
export function decideCredit(known: CreditLatch | null, now: CreditNow): CreditDecision {
  const level = levelOf(now);
  const latch = known === null ? firstLatch(now) : rearmed(known, now);
  const { shown, emptySinceMs } = latch;
  const isOver = shown !== null && isPast(shown.kind, now);
  if (emptySinceMs !== null && hasRecovered('empty', now)) {
    return { latch: { ...latch, emptySinceMs: null }, tell: 'back', isOver: shown !== null, dueAtMs: null };
  }
  if (level === null || !latch.armed[level]) return { latch, tell: null, isOver, dueAtMs: null };
  const lastMs = latch.toldAtMs[level];
  const dueAtMs = lastMs === null ? now.atMs : lastMs + COOL_DOWN_MS[level];
  if (dueAtMs > now.atMs) return { latch, tell: null, isOver, dueAtMs };
  return { latch: toldOf(latch, level, now.atMs), tell: level, isOver: shown !== null, dueAtMs: null };
}

function levelOf({ availableMicros, isUsedUp, lowMicros, criticalMicros, isRecharging }: CreditNow): CreditKind | null {
  if (isUsedUp) return 'empty';
  if (criticalMicros > 0 && availableMicros <= criticalMicros) return 'critical';
  return lowMicros > 0 && availableMicros <= lowMicros && !isRecharging ? 'low' : null;
}

/** Armed from the start as far as it is above the line. */
function firstLatch(now: CreditNow): CreditLatch {
  const { availableMicros, isUsedUp, lowMicros, criticalMicros } = now;
  return {
    armed: {
      low: !isUsedUp && availableMicros > lowMicros,
      critical: !isUsedUp && availableMicros > criticalMicros,
      empty: !isUsedUp,
    },
    toldAtMs: { low: null, critical: null, empty: null },
    emptySinceMs: null,
    shown: null,
  };
}

function rearmed(latch: CreditLatch, now: CreditNow): CreditLatch {
  const { armed } = latch;
  return {
    ...latch,
    armed: {
      low: armed.low || hasRecovered('low', now),
      critical: armed.critical || hasRecovered('critical', now),
      empty: armed.empty || hasRecovered('empty', now),
    },
  };
}

function hasRecovered(kind: CreditKind, { availableMicros, isUsedUp, ...lines }: CreditNow): boolean {
  const lineMicros = {
    low: lines.lowMicros,
    critical: lines.criticalMicros,
    // Its own line is nothing at all, of which any share is nothing.
    empty: Math.max(lines.criticalMicros, lines.floorMicros),
  }[kind];
  return !isUsedUp && availableMicros * 100 > lineMicros * RECOVERED_PERCENT;
}

/** A screen may not go on saying that calls are blocked when they work. */
function isPast(kind: string, now: CreditNow): boolean {
  if (kind === 'empty') return !now.isUsedUp;
  return (kind === 'low' || kind === 'critical') && hasRecovered(kind, now);
}

function toldOf(latch: CreditLatch, level: CreditKind, atMs: number): CreditLatch {
  const covers = (kind: CreditKind) => CREDIT_KINDS.indexOf(kind) <= CREDIT_KINDS.indexOf(level);
  const { armed, toldAtMs } = latch;
  return {
    ...latch,
    armed: {
      low: armed.low && !covers('low'),
      critical: armed.critical && !covers('critical'),
      empty: armed.empty && !covers('empty'),
    },
    toldAtMs: { ...toldAtMs, [level]: atMs },
    emptySinceMs: level === 'empty' ? atMs : latch.emptySinceMs,
  };
}
