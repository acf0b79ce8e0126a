/** What a refusal means to a person, and whether credit would put it right. */
import type { Me } from '../protocol/account.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { Texts } from './texts.ts';

/** The sentence for a refused call, request or change. Shop rows have their own words: see purchase-refusal-text.ts. */
export function refusalText(refusal: Refusal, texts: Texts, me: Me | null = null): string {
  const { say } = texts;
  switch (refusal.code) {
    case 'no_credit':
      return say('call.blocked.empty');
    case 'insufficient_credit':
    case 'low_credit':
      return shortOfCredit(refusal, texts);
    case 'credit_held':
      // No call holds it: messages, faxes and the like do.
      if (refusal.holdingCalls === 0) return say('call.blocked.set_aside');
      return texts.count('call.blocked.held', refusal.holdingCalls ?? 1);
    case 'no_rate':
      return say('rate.none');
    case 'price_above_limit':
      return tooDear(refusal, texts);
    case 'prefix_blocked':
      return say('call.blocked.prefix');
    case 'agent_spend_limit':
      return say('call.blocked.mylimit', { limit: limitText(refusal, texts) });
    case 'office_spend_limit':
      return say('call.blocked.officelimit', { limit: limitText(refusal, texts) });
    case 'agent_call_limit':
      return say('call.blocked.mycalls');
    case 'office_call_limit':
      return say('call.blocked.officecalls');
    case 'calling_paused':
      return refusal.sinceMs === undefined
        ? say('call.blocked.paused.plain')
        : say('call.blocked.paused', { time: texts.time(refusal.sinceMs) });
    case 'calling_disputed':
      return say('call.blocked.disputed');
    case 'phone_disabled':
      return me ? say('refused.off.detail', { email: me.supportEmail }) : say('refused.off.plain');
    case 'number_invalid':
      return say('call.blocked.invalid');
    case 'caller_number_forbidden':
      return say('call.blocked.caller');
    default:
      return technicalText(refusal, texts);
  }
}

/** Refusals of machinery: the person learns that nothing was charged and what to do, never a code. */
function technicalText(refusal: Refusal, texts: Texts): string {
  const { say } = texts;
  switch (refusal.code) {
    case 'grant_missing':
    case 'grant_invalid':
    case 'grant_used':
    case 'grant_expired':
    case 'grant_mismatch':
      return say('call.blocked.grant');
    case 'unavailable':
      return say('call.blocked.unknown');
    case 'number_taken':
      return say('refused.taken');
    case 'call_unknown':
    case 'call_ended':
    case 'number_unknown':
    // Only a network hears it.
    case 'number_on_hold':
    case 'request_unknown':
      return say('refused.gone');
    case 'already_asked':
      return say('ask.wait.plain');
    case 'role_forbidden':
      return say('refused.role');
    case 'rate_limited':
      return say('refused.busy');
    case 'token_expired':
      return say('refused.expired');
    case 'token_missing':
    case 'token_invalid':
    case 'office_forbidden':
      return say('refused.signin');
    default:
      return say('refused.again');
  }
}

function shortOfCredit(refusal: Refusal, texts: Texts): string {
  if (refusal.neededMicros === undefined || refusal.availableMicros === undefined)
    return texts.say('call.blocked.least');
  return texts.say('call.blocked.low', {
    needed: texts.price(refusal.neededMicros, refusal.currency),
    available: texts.balance(refusal.availableMicros, refusal.currency),
  });
}

function tooDear(refusal: Refusal, texts: Texts): string {
  if (refusal.perMinuteMicros === undefined || refusal.limitMicros === undefined) return texts.say('rate.dear.plain');
  return texts.say('rate.dear', {
    price: texts.price(refusal.perMinuteMicros, refusal.currency),
    limit: texts.price(refusal.limitMicros, refusal.currency),
  });
}

function limitText(refusal: Refusal, texts: Texts): string {
  return refusal.limitMicros === undefined ? '' : texts.price(refusal.limitMicros, refusal.currency);
}

const MENDED_BY_CREDIT: readonly Refusal['code'][] = [
  'no_credit',
  'insufficient_credit',
  'low_credit',
  'credit_held',
  'agent_spend_limit',
  'office_spend_limit',
];

/** Whether "Ask for credit" or "Add credit" is the way out. */
export function isMendedByCredit(refusal: Refusal): boolean {
  return MENDED_BY_CREDIT.includes(refusal.code);
}
