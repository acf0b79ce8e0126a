/** A refused INVITE: SIP status and a reason phrase that a person can read (complaint 11: no codes without a reason). */
import type { ProblemCode, Refusal } from '../../src/protocol/problem.ts';
import { PROBLEM_TITLES } from '../../src/protocol/problem-titles.ts';
import type { Admission } from '../edge/edge-contract.ts';

type RefusedAdmission = Extract<Admission, { decision: 'refuse' }>;

/**
 * 402 is for credit and grants, 403 for what an admin or operator forbids, 404 for what is not there, 480 for what the caller can do
 * nothing about (RFC 3261 section 21.4).
 */
const SIP_STATUSES: Partial<Record<ProblemCode, number>> = {
  calling_paused: 403,
  prefix_blocked: 403,
  price_above_limit: 403,
  phone_disabled: 403,
  agent_call_limit: 403,
  office_call_limit: 403,
  agent_spend_limit: 403,
  office_spend_limit: 403,
  number_invalid: 404,
  number_unknown: 404,
  number_on_hold: 480,
  caller_number_forbidden: 403,
  call_unknown: 404,
  unavailable: 503,
  internal: 503,
};
const PAYMENT_REQUIRED = 402;

export function refusedAdmission(refusal: Refusal): RefusedAdmission {
  return {
    decision: 'refuse',
    refusal,
    sipStatus: SIP_STATUSES[refusal.code] ?? PAYMENT_REQUIRED,
    reasonPhrase: PROBLEM_TITLES[refusal.code].replace(/["\r\n]/g, ' '),
  };
}
