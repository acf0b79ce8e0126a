/** What the conformance suite runs on: one edge between a scripted gate server and hostile SIP clients. */
import { expect } from 'vitest';
import type { Admission, AdmissionRequest } from '../../../server/edge/edge-contract.ts';
import { ACCOUNT, allow, FakeGateServer, type ReceivedReport, refuse } from '../fake-gate-server.ts';
import { RawSipClient } from '../raw-sip-client.ts';
import type { RawDialog } from '../raw-sip-dialog.ts';
import type { SipMessage } from '../sip-message.ts';

export interface EdgeUnderTest {
  readonly sipUrl: string;
  /** Base address of the commands. */
  readonly commandUrl: string;
  readonly domain: string;
  /** Secret of the ephemeral SIP credentials. */
  readonly sipSecret: string;
  readonly numbers: {
    readonly answersAtOnce: string;
    readonly ringsForEver: string;
    readonly isBusy: string;
  };
  /** Starts a call from the network to the user; null for an edge that cannot be told to. */
  readonly callUser: ((user: string, from: string) => Promise<unknown>) | null;
  /** How late (or early) a cut may be, milliseconds. */
  readonly toleranceMs: number;
  stop(): Promise<void>;
}

export type StartEdge = (gate: { readonly baseUrl: string; readonly secret: string }) => Promise<EdgeUnderTest>;

type AllowOptions = Parameters<typeof allow>[0];

/** One edge, one gate, and scripts that are found by the grant or by the user who is called. */
export class EdgeStage {
  readonly gate = new FakeGateServer();
  readonly #start: StartEdge;
  readonly #byGrant = new Map<string, Admission>();
  readonly #byCalledUser = new Map<string, Admission>();
  readonly #clients: RawSipClient[] = [];
  #edge: EdgeUnderTest | null = null;
  #count = 0;

  constructor(start: StartEdge) {
    this.#start = start;
    this.gate.script = (request) => this.#admit(request);
  }

  get edge(): EdgeUnderTest {
    if (!this.#edge) throw new Error('The edge has not been started.');
    return this.#edge;
  }

  async open(): Promise<void> {
    await this.gate.start();
    this.#edge = await this.#start({ baseUrl: this.gate.baseUrl, secret: this.gate.secret });
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.kill();
    await this.#edge?.stop();
    await this.gate.stop();
  }

  /** A registered client with a user of its own. */
  async client(
    options: { readonly isRegistered?: boolean; readonly validSeconds?: number } = {},
  ): Promise<RawSipClient> {
    this.#count += 1;
    const { sipUrl: url, domain, sipSecret: secret } = this.edge;
    const { validSeconds = 3600 } = options;
    const client = new RawSipClient({ url, domain, user: `conformance.user${this.#count}`, secret, validSeconds });
    this.#clients.push(client);
    await client.open();
    if (options.isRegistered ?? true) expect((await client.register()).status).toBe(200);
    return client;
  }

  /** Scripts an outbound admission; returns the grant that it belongs to. */
  grant(admission: Admission): string {
    this.#count += 1;
    const grant = `grant-${this.#count}`;
    this.#byGrant.set(grant, admission);
    return grant;
  }

  /** What the server says when this user is called. */
  scriptInbound(user: string, admission: Admission): void {
    this.#byCalledUser.set(user, admission);
  }

  /** A call to a number of the network that is answered at once. */
  async answeredCall(options: AllowOptions = {}, client?: RawSipClient): Promise<AnsweredCall> {
    const caller = client ?? (await this.client());
    const admission = allow(options);
    const dialog = caller.invite(this.edge.numbers.answersAtOnce, { grant: this.grant(admission) });
    const answer = await dialog.final();
    expect(answer.status, caller.transcript()).toBe(200);
    return { client: caller, dialog, answer, callId: callIdOf(admission) };
  }

  /** A call between two clients, answered: the far one is the leg that would be paid for. */
  async bridgedCall(options: AllowOptions = {}, client?: RawSipClient): Promise<BridgedCall> {
    const caller = client ?? (await this.client());
    const callee = await this.client();
    const inbound = allow();
    this.scriptInbound(callee.user, inbound);
    const admission = allow({ ...options, routeToUser: callee.user });
    const dialog = caller.invite('2001', { grant: this.grant(admission) });
    const { invite, dialog: far } = await callee.incoming();
    const answer = await dialog.final();
    expect(answer.status, caller.transcript()).toBe(200);
    return {
      client: caller,
      dialog,
      answer,
      callId: callIdOf(admission),
      callee,
      invite,
      far,
      farCallId: callIdOf(inbound),
    };
  }

  /** The list of leases, which an edge need not know. */
  async listOfLeases(leases: readonly object[] | string, secret = this.gate.secret): Promise<Response> {
    return fetch(`${this.edge.commandUrl}/leases`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ leases }),
    });
  }

  /** About a call of ACCOUNT, unless the body names another one. */
  async command(callId: string, command: 'lease' | 'end', body: object, secret = this.gate.secret): Promise<Response> {
    return fetch(`${this.edge.commandUrl}/calls/${callId}/${command}`, {
      method: command === 'lease' ? 'PUT' : 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ accountId: ACCOUNT, ...body }),
    });
  }

  reportsOf(callId: string): ReceivedReport[] {
    return this.gate.reports.filter((report) => report.callId === callId);
  }

  admissionsOf(user: string): AdmissionRequest[] {
    return this.gate.admissions.filter(
      (one) => (one.direction === 'outbound' ? one.callerUser : one.calledUser) === user,
    );
  }

  #admit(request: AdmissionRequest): Admission {
    if (request.direction === 'inbound') return this.#byCalledUser.get(request.calledUser) ?? refuse('no_credit');
    if (request.grant === null) return refuse('grant_missing', { reasonPhrase: 'The call carries no grant' });
    return this.#byGrant.get(request.grant) ?? refuse('grant_invalid');
  }
}

export interface AnsweredCall {
  readonly client: RawSipClient;
  readonly dialog: RawDialog;
  readonly answer: SipMessage;
  readonly callId: string;
}

export interface BridgedCall extends AnsweredCall {
  readonly callee: RawSipClient;
  readonly invite: SipMessage;
  readonly far: RawDialog;
  readonly farCallId: string;
}

export function callIdOf(admission: Admission): string {
  if (admission.decision !== 'allow') throw new Error('A refusal has no call id.');
  return admission.callId;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Within the edge's own tolerance: a real daemon keeps the time. */
export function expectCut(stage: EdgeStage, elapsedMs: number, leaseSeconds: number): void {
  expect(Math.abs(elapsedMs - leaseSeconds * 1000)).toBeLessThan(stage.edge.toleranceMs);
}
