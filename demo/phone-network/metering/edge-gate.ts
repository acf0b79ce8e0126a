/** The server as the edge sees it. The adapter is http-gate.ts. */
import type { Admission, AdmissionRequest, EndedReport, ReportAnswer } from '../../../server/edge/edge-contract.ts';

export type AllowedAdmission = Extract<Admission, { readonly decision: 'allow' }>;

/** A fact about one call; `happenedAtMs` is monotonic, so that a report that is repeated later can say how old it is. */
export type CallReport = { readonly accountId: string; readonly callId: string; readonly happenedAtMs: number } & (
  | { readonly kind: 'ringing' | 'answered' }
  | { readonly kind: 'ended'; readonly durationMs: number | null; readonly reason: EndedReport['reason'] }
);

export type ReportOutcome =
  | { readonly outcome: 'acknowledged'; readonly answer: ReportAnswer }
  /** The server understood and will never take it: repeating is of no use. */
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unreachable'; readonly cause: string };

export interface EdgeGate {
  /** Null when the server did not answer in time or not in the contract's words: no call then. */
  admit(request: AdmissionRequest): Promise<Admission | null>;
  report(report: CallReport, happenedAgoMs: number): Promise<ReportOutcome>;
}
