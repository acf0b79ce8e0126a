import { MILLISECONDS_PER_SECOND } from '../protocol/duration.ts';
import type { Refusal } from '../protocol/problem.ts';

/**
 * How long to wait before the next attempt: doubling from `firstDelayMs` up to `maxDelayMs`, with jitter so that all widgets of an
 * office do not knock at the same moment when a server comes back. Pure: time and chance are given.
 */
export interface ReconnectPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Stop trying when so much time has passed since the first failure; null never stops. */
  readonly giveUpAfterMs: number | null;
}

/** Up to this share of the delay is taken off by chance: 0.4 spreads a delay of 10 s over 6 to 10 s. */
const JITTER_SHARE = 0.4;
/** 2 to the power of this is beyond every delay; a larger exponent would only lose precision. */
const MAX_DOUBLINGS = 30;
const MAX_ASKED_WAIT_SECONDS = 60 * 60;

/** A connection that somebody waits for, for as long as the page is open: event stream, SIP socket. */
export const KEEP_CONNECTED: ReconnectPolicy = { firstDelayMs: 250, maxDelayMs: 20_000, giveUpAfterMs: null };

/**
 * The delay in ms before attempt number `attempt` (0 = the first repeat), or null to give up: also when the other side has asked for
 * a wait (`atLeastMs`) that nobody has the patience for. `random` is in [0, 1).
 */
export function retryDelayMs(
  policy: ReconnectPolicy,
  context: {
    readonly attempt: number;
    readonly elapsedMs: number;
    readonly random: number;
    readonly atLeastMs?: number;
  },
): number | null {
  const { attempt, elapsedMs, random, atLeastMs = 0 } = context;
  if (policy.giveUpAfterMs !== null && elapsedMs + atLeastMs >= policy.giveUpAfterMs) return null;
  const doubled = policy.firstDelayMs * 2 ** Math.min(attempt, MAX_DOUBLINGS);
  return Math.max(atLeastMs, Math.min(policy.maxDelayMs, doubled) * (1 - JITTER_SHARE * random));
}

/** How long the server has asked us to stay away (rate_limited); a wish beyond an hour is taken for one hour. */
export function askedToWaitMs({ retryInSeconds = 0 }: Pick<Refusal, 'retryInSeconds'>): number {
  return Math.min(retryInSeconds, MAX_ASKED_WAIT_SECONDS) * MILLISECONDS_PER_SECOND;
}
