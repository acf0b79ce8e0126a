/** One sentence for each code: what happened. For developers and logs, so no browser loads it; texts for people are in elements/messages.ts. */
import type { PaymentProblemCode } from './payment-problem.ts';
import type { ProblemCode } from './problem.ts';

export const PROBLEM_TITLES: Readonly<Record<ProblemCode | PaymentProblemCode, string>> = {
  // Credit: the gate's refusals.
  no_credit: 'The wallet has no credit.',
  insufficient_credit: 'The credit does not cover this.',
  credit_held: 'The remaining credit is held by running calls.',
  low_credit: 'The credit is below the least amount for calls.',
  no_rate: 'There is no price for this number, so it cannot be called.',
  price_above_limit: 'This number costs more a minute than is allowed.',
  prefix_blocked: 'Calls to this destination are blocked.',
  agent_spend_limit: "The agent's limit for today is used.",
  office_spend_limit: "The office's limit for today is used.",
  agent_call_limit: 'The agent has as many calls as allowed at once.',
  office_call_limit: 'The office has as many calls as allowed at once.',
  calling_paused: 'Calling is paused by an admin.',
  phone_disabled: 'The phone is switched off for this account.',
  number_invalid: 'This is not a phone number.',
  // The call grant, checked by the SIP edge.
  grant_missing: 'The call carries no grant.',
  grant_invalid: 'The call grant is not one of ours.',
  grant_used: 'The call grant was used already.',
  grant_expired: 'The call grant has expired.',
  grant_mismatch: 'The call grant is for another call.',
  // Calls, numbers, requests.
  call_unknown: 'There is no such call.',
  call_ended: 'The call has ended.',
  number_unknown: 'There is no such number in the shop.',
  number_taken: 'The number is already owned.',
  already_asked: 'Credit was asked for a moment ago.',
  request_unknown: 'There is no such credit request.',
  id_reused: 'This id was used for something else before.',
  // Payments.
  payments_off: 'This server takes no payments.',
  amount_out_of_bounds: 'This amount cannot be set or paid.',
  currency_mismatch: 'The office has another currency.',
  card_missing: 'There is no saved card.',
  payment_unknown: 'There is no such payment.',
  payment_pending: 'Another payment is under way.',
  payment_meanwhile: 'Somebody else has paid meanwhile.',
  payments_frozen: 'A payment is disputed at the bank.',
  consent_missing: 'Nobody has agreed to automatic charges.',
  trial_account: 'This is not part of the trial.',
  card_setup_unknown: 'There is no such card set-up.',
  provider_unavailable: 'The payment provider does not answer.',
  webhook_invalid: 'The report is not from the payment provider.',
  // Identity.
  token_missing: 'The request carries no access token.',
  token_invalid: 'The access token is not valid here.',
  token_expired: 'The access token has expired.',
  role_forbidden: 'This role may not do that.',
  office_forbidden: 'This token is for another office.',
  edge_forbidden: 'The SIP edge did not identify itself.',
  // Transport.
  request_invalid: 'The request is not valid.',
  not_found: 'There is nothing at this address.',
  method_not_allowed: 'This address does not know that method.',
  body_too_large: 'The request body is too large.',
  rate_limited: 'Too many requests.',
  unavailable: 'The credit cannot be checked right now.',
  internal: 'The server made a mistake; nothing was charged.',
};
