/** SIP's codes in words of ours. Everything behind this file speaks of end reasons only. */
import { END_REASONS, type EndReason } from '../protocol/call.ts';

/** How an INVITE of ours was refused (RFC 3261 section 21). */
export function endReasonOfStatus(statusCode: number): EndReason {
  switch (statusCode) {
    case 402:
    case 403:
      return 'refused';
    case 404:
    case 410:
    case 484:
    case 604:
      return 'unreachable';
    case 408:
    case 480:
      return 'no_answer';
    case 486:
    case 600:
      return 'busy';
    case 487:
      return 'cancelled';
    case 603:
    case 607:
      return 'declined';
    default:
      return 'failed';
  }
}

/** Our own edge's word for why it ends a call, beside the Reason header that other phones read. */
export const END_REASON_HEADER = 'X-End-Reason';

/** How an INVITE of ours was refused, by an edge that may say it outright. */
export function endReasonOfRejection(rejection: {
  readonly statusCode: number;
  readonly endReason: string | undefined;
}): EndReason {
  return namedReason(rejection.endReason) ?? endReasonOfStatus(rejection.statusCode);
}

/** Why the other side said goodbye: our edge says it outright, a foreign one by the Reason header (RFC 3326) of its BYE or CANCEL. */
export function endReasonOfGoodbye(goodbye: {
  readonly endReason: string | undefined;
  readonly reason: string | undefined;
}): EndReason {
  const named = namedReason(goodbye.endReason);
  if (named !== undefined) return named;
  const cause = /(?:^|,)\s*SIP\s*;[^,]*?\bcause\s*=\s*(\d{3})/i.exec(goodbye.reason ?? '')?.[1];
  return cause === PAYMENT_REQUIRED ? 'credit_exhausted' : 'far_end_hung_up';
}

function namedReason(word: string | undefined): EndReason | undefined {
  return END_REASONS.find((reason) => reason === word?.trim());
}

const PAYMENT_REQUIRED = '402';
