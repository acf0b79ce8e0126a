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

/**
 * Why the other side said goodbye: the Reason header of a BYE or CANCEL (RFC 3326). The edge writes our own word in front of its text,
 * `SIP;cause=402;text="credit_exhausted: ..."`; a foreign edge is understood by its cause.
 */
export function endReasonOfGoodbye(reasonHeader: string | undefined): EndReason {
  const header = reasonHeader ?? '';
  const text = /text\s*=\s*"([^"]*)"/i.exec(header)?.[1] ?? '';
  const named = END_REASONS.find((reason) => text === reason || text.startsWith(`${reason}:`));
  if (named !== undefined) return named;
  const cause = /(?:^|,)\s*SIP\s*;[^,]*?\bcause\s*=\s*(\d{3})/i.exec(header)?.[1];
  return cause === '402' ? 'credit_exhausted' : 'far_end_hung_up';
}
