/** Plays the server's side of the edge contract with scripted answers, and remembers every report in the order of arrival. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Admission,
  type AdmissionRequest,
  admissionRequestSchema,
  answeredReportSchema,
  type EndedReport,
  type ExtraAnswer,
  endedReportSchema,
  extraRequestSchema,
  type ReportAnswer,
  ringingReportSchema,
} from '../../server/edge/edge-contract.ts';
import { type ProblemCode, refusal } from '../../src/protocol/problem.ts';

export interface ReceivedReport {
  readonly kind: 'ringing' | 'answered' | 'ended';
  readonly accountId: string;
  readonly callId: string;
  readonly edgeId: string;
  readonly happenedAgoMs: number;
  /** Null but for ended reports of answered calls. */
  readonly durationMs: number | null;
  readonly reason: EndedReport['reason'] | null;
  readonly extras?: EndedReport['extras'];
  /** On performance.now(). */
  readonly atMs: number;
}

export type AdmissionScript = (request: AdmissionRequest) => Admission;

const NOTHING_NEW: ReportAnswer = { leaseSeconds: null, isOver: false };

/** The account of every call that is allowed without further words. */
export const ACCOUNT = 'acme';

let callCount = 0;

/** An allowed admission with a fresh call id. */
export function allow(options: Partial<Extract<Admission, { decision: 'allow' }>> = {}): Admission {
  callCount += 1;
  return {
    decision: 'allow',
    accountId: ACCOUNT,
    callId: `call-${Date.now()}-${callCount}`,
    leaseSeconds: 60,
    ringSeconds: 30,
    callerNumber: null,
    callerName: null,
    routeToUser: null,
    ...options,
  };
}

export function refuse(
  code: ProblemCode,
  options: { readonly sipStatus?: number; readonly reasonPhrase?: string } = {},
): Admission {
  const { sipStatus = 402, reasonPhrase = 'Refused by the script' } = options;
  return { decision: 'refuse', refusal: refusal(code), sipStatus, reasonPhrase };
}

export class FakeGateServer {
  readonly secret = 'edge-secret-of-the-tests';
  readonly admissions: AdmissionRequest[] = [];
  readonly reports: ReceivedReport[] = [];
  /** Bodies that were not in the contract's words, and wrong secrets: always a fault of the edge. */
  readonly faults: string[] = [];
  script: AdmissionScript = () => allow();
  /** What reports of a call are answered with, by call id; nothing new otherwise. */
  readonly reportAnswers = new Map<string, ReportAnswer>();
  /** The answer to every question for an extra. */
  extraAnswer: ExtraAnswer = { decision: 'allow', units: 1, unit: 'minute' };
  /** Answers with 503 while true. */
  isFailing = false;
  #server: Server;
  #port = 0;
  readonly #waiters = new Set<() => void>();

  constructor() {
    this.#server = this.#createServer();
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** As when the process is gone: connections are refused. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Comes back on the same port. */
  async restart(): Promise<void> {
    this.#server = this.#createServer();
    await this.start();
  }

  async untilReport(fits: (report: ReceivedReport) => boolean, withinMs = 15_000): Promise<ReceivedReport> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const found = this.reports.find(fits);
      if (found) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`No such report within ${withinMs} ms: ${JSON.stringify(this.reports)}`);
      await this.#wait(leftMs);
    }
  }

  ended(callId: string, withinMs = 15_000): Promise<ReceivedReport> {
    return this.untilReport((report) => report.kind === 'ended' && report.callId === callId, withinMs);
  }

  #createServer(): Server {
    return createServer((request, response) => {
      this.#answer(request).then(
        ({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        },
        (error: unknown) => {
          this.faults.push(String(error));
          response.writeHead(400).end();
        },
      );
    });
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const body: unknown = JSON.parse(await readText(request));
    if (request.headers.authorization !== `Bearer ${this.secret}`) throw new Error('wrong secret');
    if (this.isFailing) return { status: 503, body: {} };
    if (request.url === '/edge/v1/admissions') {
      const admission = admissionRequestSchema.parse(body);
      this.admissions.push(admission);
      return { status: 200, body: this.script(admission) };
    }
    const [, callId, kind] =
      /^\/edge\/v1\/calls\/([^/]+)\/(ringing|answered|ended|extras)$/.exec(request.url ?? '') ?? [];
    if (callId === undefined) throw new Error(`no such address: ${request.url}`);
    if (kind === 'extras') {
      extraRequestSchema.parse(body);
      return { status: 200, body: this.extraAnswer };
    }
    const report = readReport(kind, callId, body);
    this.reports.push(report);
    for (const wake of [...this.#waiters]) wake();
    return { status: 200, body: this.reportAnswers.get(callId) ?? NOTHING_NEW };
  }

  #wait(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, forMs);
      this.#waiters.add(wake);
    });
  }
}

function readReport(kind: string | undefined, callId: string, body: unknown): ReceivedReport {
  const atMs = performance.now();
  const rest = { callId, atMs, durationMs: null, reason: null };
  if (kind === 'ringing') return { kind, ...rest, ...ringingReportSchema.parse(body) };
  if (kind === 'answered') return { kind, ...rest, ...answeredReportSchema.parse(body) };
  return { kind: 'ended', ...rest, ...endedReportSchema.parse(body) };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
