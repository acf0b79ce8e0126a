/** How an ending is said in SIP: Reason headers (RFC 3326), status codes, and our own machine-readable header. */
import type { EndReason } from '../../../src/protocol/call.ts';
import type { CallEnding } from './metered-call.ts';

/** EndReason of the ending, for clients that want to know more than Q.850 can say. */
export const END_REASON_HEADER = 'X-End-Reason';
const MAX_TEXT_LENGTH = 160;

/** Q.850 causes: 102 recovery on timer expiry, 16 normal clearing, 38 network out of order. */
const Q850_CAUSES: Partial<Record<EndReason, number>> = { lease_expired: 102, credit_exhausted: 102, line_lost: 38 };
const NORMAL_CLEARING = 16;

/** Final responses to an INVITE that was admitted and did not come to an answer. */
const STATUSES: Partial<Record<EndReason, number>> = {
  busy: 486,
  declined: 603,
  no_answer: 480,
  unreachable: 404,
  refused: 403,
  paused: 403,
  credit_exhausted: 402,
  lease_expired: 402,
  failed: 500,
};

/** Headers of a BYE or CANCEL that the edge sends. */
export function endingHeaders({ reason, text }: CallEnding): string[] {
  const cause = Q850_CAUSES[reason] ?? NORMAL_CLEARING;
  return [`Reason: Q.850;cause=${cause};text="${lineText(text)}"`, `${END_REASON_HEADER}: ${reason}`];
}

export function endingStatus({ reason, statusCode }: CallEnding): number {
  return statusCode ?? STATUSES[reason] ?? 480;
}

/** Text that may stand in a header or a reason phrase: no control characters, quotes or backslashes, and not too long. */
export function lineText(text: string): string {
  return text
    .replace(/[\p{Cc}"\\]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH);
}

/** What a callee's refusal means. */
export function reasonOfStatus(statusCode: number): EndReason {
  if (statusCode === 486 || statusCode === 600) return 'busy';
  if (statusCode === 603) return 'declined';
  if (statusCode === 408 || statusCode === 480 || statusCode === 487) return 'no_answer';
  if (statusCode === 404 || statusCode === 410 || statusCode === 604) return 'unreachable';
  return 'failed';
}
