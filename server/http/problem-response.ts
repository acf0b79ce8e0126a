/** Refusals as HTTP: RFC 9457 problem documents. The only file that knows which status a problem has. */
import {
  type OfficeProblem,
  type OfficeProblemCode,
  type OfficeRefusal,
  officeRefusal,
} from '../../src/protocol/office-problem.ts';
import { PROBLEM_CODES, type Problem, type ProblemCode, type Refusal, refusal } from '../../src/protocol/problem.ts';
import { PROBLEM_TITLES } from '../../src/protocol/problem-titles.ts';

const STATUS: Readonly<Record<ProblemCode | OfficeProblemCode, number>> = {
  // 402 is for what credit would put right; RFC 9457 section 3 has this very case as its example.
  no_credit: 402,
  insufficient_credit: 402,
  credit_held: 402,
  low_credit: 402,
  no_rate: 422,
  price_above_limit: 403,
  prefix_blocked: 403,
  agent_spend_limit: 403,
  office_spend_limit: 403,
  agent_call_limit: 429,
  office_call_limit: 429,
  calling_paused: 403,
  calling_disputed: 403,
  phone_disabled: 403,
  number_invalid: 422,
  caller_number_forbidden: 403,
  number_on_hold: 402,
  grant_missing: 403,
  grant_invalid: 403,
  grant_used: 403,
  grant_expired: 403,
  grant_mismatch: 403,
  call_unknown: 404,
  call_ended: 409,
  number_unknown: 404,
  number_taken: 409,
  number_undeliverable: 409,
  carrier_unavailable: 503,
  already_asked: 429,
  request_unknown: 404,
  id_reused: 409,
  payments_off: 404,
  amount_out_of_bounds: 422,
  currency_mismatch: 422,
  card_missing: 409,
  payment_unknown: 404,
  payment_pending: 409,
  payment_meanwhile: 409,
  payments_frozen: 403,
  consent_missing: 422,
  trial_account: 403,
  card_setup_unknown: 404,
  provider_unavailable: 503,
  webhook_invalid: 400,
  card_unconfirmed: 403,
  card_check_closed: 409,
  card_check_locked: 403,
  card_check_limit: 429,
  credit_ceiling: 403,
  assignee_unknown: 422,
  alert_unknown: 404,
  service_off: 403,
  service_not_metered: 422,
  service_unknown: 404,
  service_expired: 409,
  service_closed: 409,
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  role_forbidden: 403,
  office_forbidden: 403,
  edge_forbidden: 401,
  request_invalid: 422,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';
/** Where each problem is explained (RFC 9457 `type`), relative to the server. */
export const PROBLEM_PATH = '/problems/';
/** A client that was told `unavailable` waits at least so long. */
const UNAVAILABLE_RETRY_SECONDS = 2;

export interface FieldError {
  /** JSON pointer into the body ("/to"), or the name of a path or query parameter. */
  readonly field: string;
  readonly reason: string;
}

export interface ProblemContext {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Request id, so that a person can name the case and an operator finds it in the log. */
  readonly instance?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function statusOf(code: ProblemCode | OfficeProblemCode): number {
  return STATUS[code];
}

/** A refusal of the contract, or its code where there is nothing more to say. */
export type ProblemReason = Refusal | OfficeRefusal | ProblemCode | OfficeProblemCode;

export function problemResponse(reason: ProblemReason, context: ProblemContext = {}): Response {
  const given = typeof reason === 'string' ? refusalOf(reason) : reason;
  const { detail, errors, instance } = context;
  const problem: Problem | OfficeProblem = {
    type: `${PROBLEM_PATH}${given.code}`,
    title: PROBLEM_TITLES[given.code],
    status: STATUS[given.code],
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(instance === undefined ? {} : { instance }),
    ...given,
  };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': PROBLEM_CONTENT_TYPE, ...headersOf(problem), ...context.headers },
  });
}

function refusalOf(code: ProblemCode | OfficeProblemCode): Refusal | OfficeRefusal {
  const own = PROBLEM_CODES.find((one) => one === code);
  // What is not in the one table is in the other.
  return own ? refusal(own) : officeRefusal(code as OfficeProblemCode);
}

/** RFC 9110: 401 names the scheme (section 11.6.1), 429 and 503 say when to come back (section 10.2.3). */
function headersOf(problem: Problem | OfficeProblem): Record<string, string> {
  if (problem.status === 401) return { 'www-authenticate': challenge(problem.code) };
  if ('retryInSeconds' in problem && problem.retryInSeconds !== undefined)
    return { 'retry-after': String(problem.retryInSeconds) };
  return problem.status === 503 ? { 'retry-after': String(UNAVAILABLE_RETRY_SECONDS) } : {};
}

/** RFC 6750 section 3.1: no error code when there was no token at all. */
function challenge(code: Problem['code'] | OfficeProblem['code']): string {
  return code === 'token_missing'
    ? 'Bearer realm="credit-phone"'
    : 'Bearer realm="credit-phone", error="invalid_token"';
}
