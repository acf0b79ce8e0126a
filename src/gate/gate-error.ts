/** From what went wrong between browser and server to a refusal; the true cause goes into the log only. */
import { type Refusal, refusal, refusalSchema } from '../protocol/problem.ts';

/** For the host page's developers; never gets a token. */
export type GateLog = (message: string, detail?: Readonly<Record<string, string | number | boolean | null>>) => void;

/** The refusal in an error answer of the server; `unavailable` when a proxy or something else has answered in its place. */
export function refusalOfProblem(body: unknown): Refusal {
  // A problem document is a refusal with members for developers besides, which the schema leaves out.
  const reason = refusalSchema.safeParse(body);
  return reason.success ? reason.data : refusal('unavailable');
}

/** No decision of the server: the same request may be sent again. */
export function isUndecided(reason: { readonly code: string }): boolean {
  return UNDECIDED.includes(reason.code);
}

/** The server does not know who asks; the host page may have another token by now. */
export function isUnidentified(reason: { readonly code: string }): boolean {
  return UNIDENTIFIED.includes(reason.code);
}

const UNDECIDED: readonly string[] = ['unavailable', 'internal', 'rate_limited'];
const UNIDENTIFIED: readonly string[] = ['token_missing', 'token_invalid', 'token_expired'];
