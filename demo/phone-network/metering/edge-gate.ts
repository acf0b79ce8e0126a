/** The server as the edge sees it. The adapter is http-gate.ts. */
import type {
  Admission,
  AdmissionRequest,
  CallExtra,
  EndedReport,
  ExtraRequest,
  ReportAnswer,
} from '../../../server/edge/edge-contract.ts';

export type AllowedAdmission = Extract<Admission, { readonly decision: 'allow' }>;

/** A fact about one call; `happenedAtMs` is monotonic, so that a report that is repeated later can say how old it is. */
export type CallReport = { readonly accountId: string; readonly callId: string; readonly happenedAtMs: number } & (
  | { readonly kind: 'ringing' | 'answered' }
  | {
      readonly kind: 'ended';
      readonly durationMs: number | null;
      readonly reason: EndedReport['reason'];
      /** Only of a call that asked for extras: what of them was used. */
      readonly extras?: readonly CallExtra[];
    }
);

/** Of one call; how much of the extra the call will have had in all. */
export type ExtraQuestion = Omit<ExtraRequest, 'edgeId'> & { readonly callId: string };

export type ReportOutcome =
  | { readonly outcome: 'acknowledged'; readonly answer: ReportAnswer }
  /** The server understood and will never take it: repeating is of no use. */
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unreachable'; readonly cause: string };

export interface EdgeGate {
  /** Null when the server did not answer in time or not in the contract's words: no call then. */
  admit(request: AdmissionRequest): Promise<Admission | null>;
  /** True when it is paid for; false when it was refused, or the server did not answer: no extra then. */
  allowExtra(question: ExtraQuestion): Promise<boolean>;
  report(report: CallReport, happenedAgoMs: number): Promise<ReportOutcome>;
}
