/** EdgeGate over HTTP (edge-contract.ts): bearer secret, a deadline for every request, answers are parsed before they are believed. */
import {
  type Admission,
  type AdmissionRequest,
  admissionSchema,
  EDGE_PATHS,
  extraAnswerSchema,
  reportAnswerSchema,
} from '../../../server/edge/edge-contract.ts';
import type { CallReport, EdgeGate, ExtraQuestion, ReportOutcome } from './edge-gate.ts';

/** Somebody waits for the yes or no, so it must be quick or fail. */
const DECISION_DEADLINE_MS = 3_000;
const REPORT_DEADLINE_MS = 5_000;
/** 408, 425 and 429 are worth a repeat; so are 401 and 403, which an operator can put right. */
const REPEATABLE_STATUSES = [401, 403, 408, 425, 429];

export interface HttpGateOptions {
  readonly baseUrl: string;
  readonly secret: string;
  readonly edgeId: string;
  /** In one process with the server, its own handler can be called without a socket. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly onProblem?: (problem: { readonly what: string; readonly cause: string }) => void;
}

export class HttpGate implements EdgeGate {
  readonly #options: HttpGateOptions;

  constructor(options: HttpGateOptions) {
    this.#options = options;
  }

  async admit(request: AdmissionRequest): Promise<Admission | null> {
    try {
      const response = await this.#post(EDGE_PATHS.admissions, request, DECISION_DEADLINE_MS);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return admissionSchema.parse(await response.json());
    } catch (error) {
      this.#options.onProblem?.({ what: 'admission', cause: String(error) });
      return null;
    }
  }

  async allowExtra({ callId, accountId, extra }: ExtraQuestion): Promise<boolean> {
    const { edgeId } = this.#options;
    try {
      const path = pathOf('extras', callId);
      const response = await this.#post(path, { accountId, edgeId, extra }, DECISION_DEADLINE_MS);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return extraAnswerSchema.parse(await response.json()).decision === 'allow';
    } catch (error) {
      this.#options.onProblem?.({ what: `${extra.kind} of ${callId}`, cause: String(error) });
      return false;
    }
  }

  async report(report: CallReport, happenedAgoMs: number): Promise<ReportOutcome> {
    const { edgeId } = this.#options;
    const { accountId, callId, kind } = report;
    const { durationMs, reason, extras } = report.kind === 'ended' ? report : {};
    try {
      const body = { accountId, edgeId, happenedAgoMs, durationMs, reason, extras };
      const response = await this.#post(pathOf(kind, callId), body, REPORT_DEADLINE_MS);
      if (response.ok) return { outcome: 'acknowledged', answer: reportAnswerSchema.parse(await response.json()) };
      const isFinal = response.status >= 400 && response.status < 500 && !REPEATABLE_STATUSES.includes(response.status);
      if (isFinal) return { outcome: 'refused', status: response.status };
      return { outcome: 'unreachable', cause: `status ${response.status}` };
    } catch (error) {
      return { outcome: 'unreachable', cause: String(error) };
    }
  }

  #post(path: string, body: unknown, deadlineMs: number): Promise<Response> {
    const { baseUrl, secret } = this.#options;
    const send = this.#options.fetch ?? ((request: Request) => fetch(request));
    const request = new Request(new URL(path, baseUrl), {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return withDeadline(send(request), deadlineMs);
  }
}

function pathOf(kind: CallReport['kind'] | 'extras', callId: string): string {
  return EDGE_PATHS[kind].replace(':callId', encodeURIComponent(callId));
}

/** An in-process handler need not watch the signal, so the deadline is kept here. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
