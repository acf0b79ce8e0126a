/**
 * An edge with running calls, as the real ones behave when the server is away: it cuts a call at the end of its lease and not before,
 * takes what it is told, and repeats a report until it is acknowledged.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sipUserOf } from '../../server/edge/sip-user.ts';

const REPEAT_MS = 200;
const EDGE_ID = 'edge-1';

interface EdgeCall {
  readonly callId: string;
  readonly answeredMs: number;
  leaseSeconds: number;
  /** Renewals that arrived. */
  renewalCount: number;
}

export interface FaultEdgeOptions {
  readonly secret: string;
  readonly number: string;
}

export class FaultEdge {
  readonly calls = new Map<string, EdgeCall>();
  /** Calls whose lease ended before anybody lengthened it. */
  readonly cut: string[] = [];
  /** The longest time from a report to its acknowledgement. */
  longestReportMs = 0;
  #gateUrl = '';
  readonly #options: FaultEdgeOptions;
  readonly #server: Server;

  constructor(options: FaultEdgeOptions) {
    this.#options = options;
    this.#server = createServer(async (request, response) => {
      const [, callId = ''] = /^\/calls\/([^/]+)\/lease$/.exec(request.url ?? '') ?? [];
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const call = this.calls.get(callId);
      if (call === undefined) {
        response.writeHead(404).end();
        return;
      }
      const { leaseSeconds } = JSON.parse(body);
      if (leaseSeconds > call.leaseSeconds) call.renewalCount += 1;
      call.leaseSeconds = leaseSeconds;
      const elapsedMs = Math.round(performance.now() - call.answeredMs);
      response.end(JSON.stringify({ callId, state: 'answered', elapsedMs, leaseSeconds }));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** For EDGES. */
  get address(): string {
    // A TCP server's address is an object.
    return `${EDGE_ID}=http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  serve(gateUrl: string): void {
    this.#gateUrl = gateUrl;
  }

  /** An INVITE with its grant, answered at once. Throws when the server refuses it. */
  async answer(call: { readonly callId: string; readonly grant: string; readonly personId: string }): Promise<void> {
    const { callId, grant, personId } = call;
    const admission = await this.#tell('admissions', {
      direction: 'outbound',
      sipCallId: `sip-${callId}-${randomUUID()}`,
      callerUser: sipUserOf({ accountId: 'acme', personId }),
      calledNumber: this.#options.number,
      grant,
    });
    if (admission.decision !== 'allow') throw new Error(`The call was not admitted: ${JSON.stringify(admission)}`);
    const leaseSeconds = Number(admission.leaseSeconds);
    this.calls.set(callId, { callId, answeredMs: performance.now(), leaseSeconds, renewalCount: 0 });
    await this.#tell(`calls/${callId}/answered`, { accountId: 'acme', happenedAgoMs: 0 });
  }

  /** Notes the calls whose lease is over; to be asked often. */
  watch(): void {
    for (const call of this.calls.values()) {
      const isOver = performance.now() - call.answeredMs > call.leaseSeconds * 1_000;
      if (isOver && !this.cut.includes(call.callId)) this.cut.push(call.callId);
    }
  }

  /** Hangs up; resolves to what was talked, in ms, when the server has acknowledged the report, which is sent twice. */
  async hangUp(callId: string): Promise<number> {
    const call = this.calls.get(callId);
    if (call === undefined) throw new Error(`There is no call ${callId}`);
    this.calls.delete(callId);
    const endedMs = performance.now();
    const durationMs = Math.round(endedMs - call.answeredMs);
    for (let times = 0; times < 2; times += 1) {
      const happenedAgoMs = Math.round(performance.now() - endedMs);
      await this.#tell(`calls/${callId}/ended`, { accountId: 'acme', happenedAgoMs, durationMs, reason: 'hung_up' });
    }
    return durationMs;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Again and again until the server answers. */
  async #tell(path: string, body: object): Promise<Record<string, unknown>> {
    const beganMs = performance.now();
    for (;;) {
      const response = await fetch(`${this.#gateUrl}/edge/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#options.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ edgeId: EDGE_ID, ...body }),
      });
      const answer = await response.json();
      this.longestReportMs = Math.max(this.longestReportMs, performance.now() - beganMs);
      if (response.status === 200) return answer;
      if (response.status !== 503)
        throw new Error(`${path} was answered ${response.status}: ${JSON.stringify(answer)}`);
      await delay(REPEAT_MS);
    }
  }
}
