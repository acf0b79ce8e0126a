/**
 * What every SIP edge must do (server/edge/edge-contract.ts), said as tests that any edge can run: a scripted gate server on one
 * side, hostile SIP clients on the other. Timing is checked within the edge's own tolerance, since a real daemon keeps the time.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Admission, type AdmissionRequest, MAX_LEASES_TOGETHER } from '../../server/edge/edge-contract.ts';
import type { ProblemCode } from '../../src/protocol/problem.ts';
import { ACCOUNT, allow, FakeGateServer, type ReceivedReport, refuse } from './fake-gate-server.ts';
import { type RawDialog, RawSipClient, type SipMessage, sampleOffer } from './raw-sip-client.ts';

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
class Stage {
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

interface AnsweredCall {
  readonly client: RawSipClient;
  readonly dialog: RawDialog;
  readonly answer: SipMessage;
  readonly callId: string;
}

interface BridgedCall extends AnsweredCall {
  readonly callee: RawSipClient;
  readonly invite: SipMessage;
  readonly far: RawDialog;
  readonly farCallId: string;
}

function callIdOf(admission: Admission): string {
  if (admission.decision !== 'allow') throw new Error('A refusal has no call id.');
  return admission.callId;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function describeEdge(name: string, start: StartEdge): void {
  describe(`${name} keeps the edge contract`, () => {
    const stage = new Stage(start);
    beforeAll(() => stage.open());
    afterAll(async () => {
      expect(stage.gate.faults).toEqual([]);
      await stage.close();
    });
    describeRegistration(stage);
    describeAdmission(stage);
    describeMeter(stage);
    describeCommands(stage);
    describeLists(stage);
    describeEndings(stage);
    describeHostileClients(stage);
    describeInbound(stage);
  });
  describeOutage(name, start);
}

function describeRegistration(stage: Stage): void {
  describe('registration', () => {
    test.concurrent('a wrong password is refused', async () => {
      const client = await stage.client({ isRegistered: false });
      expect((await client.register({ secret: 'not the secret' })).status).toBe(401);
    });

    test.concurrent('credentials that have expired are refused', async () => {
      const client = await stage.client({ isRegistered: false, validSeconds: -10 });
      expect((await client.register()).status).toBe(401);
    });

    test.concurrent("another user's credentials are refused", async () => {
      const client = await stage.client({ isRegistered: false });
      const { status } = await client.register({ asUser: 'conformance.somebodyelse' });
      expect([401, 403]).toContain(status);
    });

    test.concurrent('nobody calls without having proved who it is, and the server is not even asked', async () => {
      const client = await stage.client({ isRegistered: false });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) });
      expect([401, 403, 407]).toContain((await dialog.final()).status);
      expect(stage.admissionsOf(client.user)).toEqual([]);
    });

    test.concurrent('nobody calls in the name of another', async () => {
      const client = await stage.client();
      const from = 'conformance.boss';
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()), from });
      expect([401, 403]).toContain((await dialog.final()).status);
      expect(stage.admissionsOf(from)).toEqual([]);
    });
  });
}

function describeAdmission(stage: Stage): void {
  const refusals: [string, ProblemCode, number][] = [
    ['a used grant', 'grant_used', 402],
    ['a grant for another number', 'grant_mismatch', 402],
    ['an expired grant', 'grant_expired', 402],
    ['a grant that nobody made', 'grant_invalid', 402],
    ['too little credit', 'insufficient_credit', 402],
    ['a pause by the admin', 'calling_paused', 403],
  ];

  describe('admission', () => {
    test.concurrent('the server hears who calls whom with which grant', async () => {
      const { client, dialog } = await stage.answeredCall();
      const [admission, ...more] = stage.admissionsOf(client.user);
      expect(more).toEqual([]);
      expect(admission).toMatchObject({
        direction: 'outbound',
        sipCallId: dialog.callId,
        callerUser: client.user,
        calledNumber: stage.edge.numbers.answersAtOnce,
        grant: expect.stringMatching(/^grant-/),
      });
    });

    test.concurrent('an INVITE without a grant gets 402, a readable reason and the code', async () => {
      const client = await stage.client();
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant: null }).final();
      expect(answer.status).toBe(402);
      expect(answer.phrase).toBe('The call carries no grant');
      expect(answer.header('x-refusal')).toBe('grant_missing');
      expect(stage.admissionsOf(client.user)[0]).toMatchObject({ grant: null });
    });

    test.concurrent.each(refusals)('%s is refused with code %s and status %i', async (_what, code, sipStatus) => {
      const client = await stage.client();
      const reasonPhrase = `Because of ${code}`;
      const grant = stage.grant(refuse(code, { sipStatus, reasonPhrase }));
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant }).final();
      expect([answer.status, answer.phrase, answer.header('x-refusal')]).toEqual([sipStatus, reasonPhrase, code]);
    });

    test.concurrent('a reason phrase cannot smuggle in a header', async () => {
      const client = await stage.client();
      const grant = stage.grant(refuse('no_credit', { reasonPhrase: 'No"credit\r\nX-Evil: 1' }));
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant }).final();
      expect(answer.status).toBe(402);
      expect(answer.header('x-evil')).toBeUndefined();
    });

    test.concurrent('one admission never becomes two calls, even when the server would say yes again', async () => {
      const client = await stage.client();
      const grant = stage.grant(allow());
      const number = stage.edge.numbers.answersAtOnce;
      expect((await client.invite(number, { grant }).final()).status).toBe(200);
      const again = await client.invite(number, { grant }).final();
      expect([again.status, again.header('x-refusal')]).toEqual([402, 'grant_used']);
    });
  });
}

function describeMeter(stage: Stage): void {
  describe('the meter', () => {
    test.concurrent('answered and ended are reported in order, with the duration measured by the edge', async () => {
      const { dialog, client, answer, callId } = await stage.answeredCall();
      await pause(600);
      const saidMs = performance.now();
      expect((await dialog.ask('BYE')).status).toBe(200);
      const ended = await stage.gate.ended(callId);
      expect(stage.reportsOf(callId).map(({ kind }) => kind)).toEqual(['answered', 'ended']);
      expect(ended.reason).toBe('hung_up');
      expect(Math.abs((ended.durationMs ?? 0) - (saidMs - answer.atMs))).toBeLessThan(250);
      expect(client.isClosed).toBe(false);
    });

    test.concurrent('the call is cut when the lease ends, with a BYE that says why', async () => {
      const { dialog, answer, callId } = await stage.answeredCall({ leaseSeconds: 1 });
      const bye = await dialog.bye();
      expectCut(stage, bye.atMs - answer.atMs, 1);
      expect(bye.header('reason')).toMatch(/^Q\.850;cause=102;text="[^"]*lease[^"]*"$/);
      const ended = await stage.gate.ended(callId);
      expect(ended.reason).toBe('lease_expired');
      expect(ended.durationMs).toBeLessThanOrEqual(1000);
      expect(ended.durationMs).toBeGreaterThan(1000 - stage.edge.toleranceMs);
    });

    test.concurrent('both legs of a call between two widgets are cut', async () => {
      const { dialog, far, answer, callId, farCallId } = await stage.bridgedCall({ leaseSeconds: 1 });
      const [near, distant] = await Promise.all([dialog.bye(), far.bye()]);
      expectCut(stage, near.atMs - answer.atMs, 1);
      expectCut(stage, distant.atMs - answer.atMs, 1);
      expect((await stage.gate.ended(callId)).reason).toBe('lease_expired');
      await stage.gate.ended(farCallId);
    });

    test.concurrent("the called widget's own lease cuts both legs too", async () => {
      const { dialog, far, answer, callId, farCallId } = await stage.bridgedCall();
      expect((await stage.command(farCallId, 'lease', { leaseSeconds: 1, isFinal: true })).status).toBe(200);
      const [near, distant] = await Promise.all([dialog.bye(), far.bye()]);
      expectCut(stage, near.atMs - answer.atMs, 1);
      expectCut(stage, distant.atMs - answer.atMs, 1);
      expect((await stage.gate.ended(farCallId)).reason).toBe('lease_expired');
      expect((await stage.gate.ended(callId)).reason).toBe('far_end_hung_up');
    });

    test.concurrent('what the server answers to a report is obeyed', async () => {
      const client = await stage.client();
      const admission = allow({ leaseSeconds: 60 });
      const callId = callIdOf(admission);
      stage.gate.reportAnswers.set(callId, { leaseSeconds: 1, isOver: false });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(admission) });
      const answer = await dialog.final();
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('a call that is over for the server is ended', async () => {
      const client = await stage.client();
      const admission = allow();
      stage.gate.reportAnswers.set(callIdOf(admission), { leaseSeconds: null, isOver: true });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(admission) });
      await dialog.final();
      await dialog.bye(2_000);
    });
  });
}

function expectCut(stage: Stage, elapsedMs: number, leaseSeconds: number): void {
  expect(Math.abs(elapsedMs - leaseSeconds * 1000)).toBeLessThan(stage.edge.toleranceMs);
}

function describeCommands(stage: Stage): void {
  describe('commands', () => {
    test.concurrent('a longer lease extends the call, counted from the answer', async () => {
      const { dialog, answer, callId } = await stage.answeredCall({ leaseSeconds: 1 });
      await pause(400);
      const response = await stage.command(callId, 'lease', { leaseSeconds: 2, isFinal: false });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ callId, state: 'answered', leaseSeconds: 2 });
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 2);
    });

    test.concurrent('the same lease said twice is the same lease', async () => {
      const { dialog, answer, callId } = await stage.answeredCall();
      await stage.command(callId, 'lease', { leaseSeconds: 1, isFinal: true });
      await pause(500);
      await stage.command(callId, 'lease', { leaseSeconds: 1, isFinal: true });
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('a lease that is used up already ends the call now', async () => {
      const { dialog, callId } = await stage.answeredCall();
      await pause(100);
      await stage.command(callId, 'lease', { leaseSeconds: 0, isFinal: true });
      await dialog.bye(stage.edge.toleranceMs);
      expect((await stage.gate.ended(callId)).durationMs).toBe(0);
    });

    test.concurrent('the end command ends both legs at once, for the reason given', async () => {
      const { dialog, far, callId } = await stage.bridgedCall();
      const response = await stage.command(callId, 'end', { reason: 'paused', text: 'calling was "paused"' });
      expect(response.status).toBe(200);
      const bye = await dialog.bye(1_000);
      await far.bye(1_000);
      expect(bye.header('reason')).toMatch(/;text="[^"]*"$/);
      expect((await stage.gate.ended(callId)).reason).toBe('paused');
    });

    test.concurrent('an unknown call is 404', async () => {
      expect((await stage.command('no-such-call', 'lease', { leaseSeconds: 9, isFinal: false })).status).toBe(404);
      expect((await stage.command('no-such-call', 'end', { reason: 'paused', text: '' })).status).toBe(404);
    });

    test.concurrent("a call is commanded under its own account's name only: another one's call of that id is 404", async () => {
      const { dialog, callId } = await stage.answeredCall();
      const foreign = { accountId: 'other', reason: 'paused', text: '' };
      expect((await stage.command(callId, 'end', foreign)).status).toBe(404);
      expect(
        (await stage.command(callId, 'lease', { accountId: 'other', leaseSeconds: 0, isFinal: true })).status,
      ).toBe(404);
      expect((await stage.command(callId, 'end', { ...foreign, accountId: '' })).status).toBe(400);
      expect(dialog.hasBye()).toBe(false);
      expect(stage.reportsOf(callId).map(({ accountId }) => accountId)).toEqual([ACCOUNT]);
    });

    test.concurrent('a call that has ended is 404', async () => {
      const { dialog, callId } = await stage.answeredCall();
      await dialog.ask('BYE');
      await stage.gate.ended(callId);
      expect((await stage.command(callId, 'lease', { leaseSeconds: 9, isFinal: false })).status).toBe(404);
    });

    test.concurrent('nobody without the secret commands', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const response = await stage.command(callId, 'end', { reason: 'paused', text: '' }, 'guess');
      expect([401, 403]).toContain(response.status);
      expect(dialog.hasBye()).toBe(false);
    });

    test.concurrent('a command that makes no sense changes nothing', async () => {
      const { dialog, callId } = await stage.answeredCall();
      expect((await stage.command(callId, 'lease', { leaseSeconds: 'plenty' })).status).toBe(400);
      expect((await stage.command(callId, 'end', { reason: 'because' })).status).toBe(400);
      expect(dialog.hasBye()).toBe(false);
    });
  });
}

/** An edge without lists answers 404 or 405 to each of them, and is told one lease at a time. */
function describeLists(stage: Stage): void {
  const lease = { accountId: ACCOUNT, leaseSeconds: 9, isFinal: false };

  /** The answer to a good list; null when the edge has no lists. */
  async function calls(leases: readonly object[]): Promise<unknown> {
    const answer = await stage.listOfLeases(leases);
    if ([404, 405].includes(answer.status)) return null;
    expect(answer.status).toBe(200);
    return (await answer.json()).calls;
  }

  describe('a list of leases', () => {
    test.concurrent('lengthens each, in its order, and tells null of what is not here', async () => {
      const [one, two] = await Promise.all([stage.answeredCall(), stage.answeredCall()]);
      const told = await calls([
        { ...lease, callId: two.callId, leaseSeconds: 20 },
        { ...lease, callId: 'no-such-call' },
        { ...lease, callId: one.callId, accountId: 'other', leaseSeconds: 0 },
        { ...lease, callId: one.callId, leaseSeconds: 30 },
      ]);
      if (told === null) return;
      expect(told).toMatchObject([
        { callId: two.callId, state: 'answered', leaseSeconds: 20 },
        null,
        null,
        { callId: one.callId, state: 'answered', leaseSeconds: 30 },
      ]);
      expect([one.dialog.hasBye(), two.dialog.hasBye()]).toEqual([false, false]);
    });

    test.concurrent('cuts at the new end, counted from the answer', async () => {
      const { dialog, answer, callId } = await stage.answeredCall();
      const other = await stage.answeredCall();
      const told = await calls([
        { ...lease, callId, leaseSeconds: 1, isFinal: true },
        { ...lease, callId: other.callId },
      ]);
      if (told !== null) expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('is taken from nobody without the secret', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const { status } = await stage.listOfLeases([{ ...lease, callId, leaseSeconds: 0 }], 'guess');
      expect([401, 403, 404, 405]).toContain(status);
      expect(dialog.hasBye()).toBe(false);
    });

    test.concurrent('that makes no sense changes nothing, also where it does', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const ending = { ...lease, callId, leaseSeconds: 0 };
      const tooMany = Array.from({ length: MAX_LEASES_TOGETHER + 1 }, () => ending);
      for (const leases of [[ending, { callId }], 'plenty', [], tooMany]) {
        expect([400, 404, 405, 413]).toContain((await stage.listOfLeases(leases)).status);
      }
      expect(dialog.hasBye()).toBe(false);
    });
  });
}

function describeEndings(stage: Stage): void {
  describe('endings', () => {
    test.concurrent('CANCEL ends a ringing call that costs nothing', async () => {
      const client = await stage.client();
      const admission = allow();
      const dialog = client.invite(stage.edge.numbers.ringsForEver, { grant: stage.grant(admission) });
      await client.until(({ status }) => status === 180);
      dialog.cancel();
      expect((await dialog.final()).status).toBe(487);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'cancelled']);
      expect(stage.reportsOf(callIdOf(admission)).map(({ kind }) => kind)).toEqual(['ringing', 'ended']);
    });

    test.concurrent('a busy number costs nothing', async () => {
      const client = await stage.client();
      const admission = allow();
      const dialog = client.invite(stage.edge.numbers.isBusy, { grant: stage.grant(admission) });
      expect((await dialog.final()).status).toBe(486);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'busy']);
    });

    test.concurrent('ringing ends when the server said it should', async () => {
      const client = await stage.client();
      const admission = allow({ ringSeconds: 1 });
      const dialog = client.invite(stage.edge.numbers.ringsForEver, { grant: stage.grant(admission) });
      expect([408, 480, 487]).toContain((await dialog.final()).status);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'no_answer']);
    });

    test.concurrent('the far side hanging up ends both sides', async () => {
      const { dialog, far, callId, farCallId } = await stage.bridgedCall();
      far.send('BYE');
      await dialog.bye(1_000);
      expect((await stage.gate.ended(callId)).reason).toBe('far_end_hung_up');
      expect((await stage.gate.ended(farCallId)).reason).toBe('hung_up');
    });

    test.concurrent('hanging up tells the far side', async () => {
      const { dialog, far, callId } = await stage.bridgedCall();
      await dialog.ask('BYE');
      await far.bye(1_000);
      expect((await stage.gate.ended(callId)).reason).toBe('hung_up');
    });

    test.concurrent('a widget that declines is reported as such', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      callee.manners.inviteAnswer = 603;
      stage.scriptInbound(callee.user, allow());
      const admission = allow({ routeToUser: callee.user });
      const answer = await caller.invite('2001', { grant: stage.grant(admission) }).final();
      expect(answer.status).toBe(603);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'declined']);
    });

    test.concurrent('CANCEL stops the far widget ringing', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      callee.manners.inviteAnswer = null;
      stage.scriptInbound(callee.user, allow());
      const dialog = caller.invite('2001', { grant: stage.grant(allow({ routeToUser: callee.user })) });
      const { invite } = await callee.incoming();
      callee.answer(invite, 180);
      await caller.until(({ status }) => status === 180);
      dialog.cancel();
      await callee.until(({ method }) => method === 'CANCEL');
    });
  });
}

interface HostileCase {
  readonly what: string;
  /** Before the INVITE. */
  readonly prepare?: (client: RawSipClient, leaseMs: number) => void;
  /** Some way into the lease: late for what might renew it, early for what might end the call without ending the far leg. */
  readonly act?: (call: BridgedCall) => void;
  readonly isEarly?: boolean;
}

/** Parts of the lease. */
const EARLY = 0.2;
const LATE = 0.75;

const HOSTILE_CASES: readonly HostileCase[] = [
  {
    what: 'never answers a BYE',
    prepare: ({ manners }) => {
      manners.answersRequests = false;
    },
  },
  {
    what: 'never acknowledges the answer',
    prepare: ({ manners }) => {
      manners.ackDelayMs = null;
    },
  },
  {
    what: 'acknowledges late',
    prepare: ({ manners }, leaseMs) => {
      manners.ackDelayMs = LATE * leaseMs;
    },
  },
  { what: 'loses its WebSocket', act: ({ client }) => client.kill() },
  { what: 'sends a re-INVITE', act: ({ dialog }) => void dialog.send('INVITE', { body: sampleOffer() }) },
  { what: 'sends a re-INVITE without an offer', act: ({ dialog }) => void dialog.send('INVITE') },
  { what: 'sends INFO', act: ({ dialog }) => void dialog.send('INFO') },
  { what: 'sends UPDATE', act: ({ dialog }) => void dialog.send('UPDATE') },
  {
    what: 'sends UPDATE with a session timer',
    act: ({ dialog }) => void dialog.send('UPDATE', { extra: ['Session-Expires: 9000'] }),
  },
  {
    what: 'sends REFER',
    act: ({ dialog }) => void dialog.send('REFER', { extra: ['Refer-To: <sip:+491701234567@phone.test>'] }),
  },
  {
    what: 'moves its contact elsewhere in a re-INVITE',
    act: ({ dialog }) => {
      dialog.send('INVITE', { body: sampleOffer(), contact: '<sip:x@192.0.2.200:5999;transport=tcp>' });
    },
  },
  {
    what: 'has a contact that does not exist',
    prepare: (client) => {
      client.contact = '<sip:x@no-such-host.invalid>';
    },
  },
  {
    what: 'has a contact on TCP',
    prepare: (client) => {
      client.contact = '<sip:x@192.0.2.200:5999;transport=tcp>';
    },
  },
  {
    what: 'says BYE with a wrong tag',
    isEarly: true,
    act: ({ dialog }) => void dialog.send('BYE', { remoteTag: 'bogus' }),
  },
  {
    what: 'says BYE with an old sequence number',
    isEarly: true,
    act: ({ dialog }) => void dialog.send('BYE', { cseq: 0 }),
  },
  { what: 'jumps its sequence number', act: ({ dialog }) => void dialog.send('INFO', { cseq: 1_000_000 }) },
  {
    what: 'says BYE below a sequence number it jumped to',
    isEarly: true,
    act: ({ dialog }) => {
      dialog.send('INFO', { cseq: 1_000_000 });
      dialog.send('BYE', { cseq: 3 });
    },
  },
  { what: 'cancels after the answer', isEarly: true, act: ({ dialog }) => dialog.cancel() },
  {
    what: 'invites again in the same dialog with a new grant',
    act: ({ dialog }) => void dialog.send('INVITE', { body: sampleOffer(), extra: ['X-Call-Grant: another'] }),
  },
];

function describeHostileClients(stage: Stage): void {
  describe('a hostile client gets no second more than the lease', () => {
    test.concurrent.each(HOSTILE_CASES)('one that $what', async ({ prepare, act, isEarly = false }) => {
      const { toleranceMs } = stage.edge;
      // Long enough that a lease renewed late, or a call ended early, is outside the tolerance.
      const leaseSeconds = Math.ceil((2 * toleranceMs) / 1000);
      const leaseMs = leaseSeconds * 1000;
      const client = await stage.client();
      prepare?.(client, leaseMs);
      const call = await stage.bridgedCall({ leaseSeconds }, client);
      await pause((isEarly ? EARLY : LATE) * leaseMs);
      act?.(call);
      const [bye, ended] = await Promise.all([
        call.far.bye(leaseMs + 5_000),
        stage.gate.ended(call.callId, leaseMs + 5_000),
      ]);
      expectCut(stage, bye.atMs - call.answer.atMs, leaseSeconds);
      expect(ended.durationMs).toBeLessThanOrEqual(leaseMs);
      expect(ended.durationMs).toBeGreaterThan(leaseMs - toleranceMs);
      await pause(200);
      expect(stage.reportsOf(call.callId).filter(({ kind }) => kind === 'ended')).toHaveLength(1);
      expect((await stage.command(call.callId, 'end', { reason: 'paused', text: '' })).status).toBe(404);
    });
  });
}

function describeInbound(stage: Stage): void {
  describe('calls to the widget', () => {
    test.concurrent('F-10: a refused call does not ring, and the caller does not hear why', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      stage.scriptInbound(callee.user, refuse('no_credit'));
      const admission = allow({ routeToUser: callee.user });
      const answer = await caller.invite('2001', { grant: stage.grant(admission) }).final();
      expect(answer.status).toBe(480);
      expect([answer.phrase, answer.header('reason'), answer.header('x-refusal')].join()).not.toMatch(/credit/i);
      expect(callee.received.some(({ method }) => method === 'INVITE')).toBe(false);
      expect((await stage.gate.ended(callIdOf(admission))).durationMs).toBeNull();
    });

    test.concurrent('the called widget learns the call id, the number and the name', async () => {
      const { invite, farCallId, callee } = await stage.bridgedCall({
        callerNumber: '+493012345678',
        callerName: 'Anna',
      });
      expect(invite.header('x-call-id')).toBe(farCallId);
      expect(invite.header('from')).toMatch(/^"Anna" <sip:\+493012345678@/);
      expect(stage.admissionsOf(callee.user)).toMatchObject([
        { direction: 'inbound', callerNumber: '+493012345678', calledNumber: null },
      ]);
    });

    test.concurrent('a call of the network is asked for, rings, is metered and cut', async (context) => {
      const { callUser } = stage.edge;
      if (!callUser) return context.skip();
      const callee = await stage.client();
      const admission = allow({ leaseSeconds: 1 });
      const callId = callIdOf(admission);
      stage.scriptInbound(callee.user, admission);
      await callUser(callee.user, '+442079460000');
      const { invite, dialog } = await callee.incoming();
      expect(invite.header('x-call-id')).toBe(callId);
      const bye = await dialog.bye();
      const ended = await stage.gate.ended(callId);
      expectCut(stage, bye.atMs - invite.atMs, 1);
      expect([ended.reason, ended.durationMs]).toEqual(['lease_expired', 1000]);
    });

    test.concurrent('a refused call of the network does not ring', async (context) => {
      const { callUser } = stage.edge;
      if (!callUser) return context.skip();
      const callee = await stage.client();
      stage.scriptInbound(callee.user, refuse('no_credit'));
      await callUser(callee.user, '+442079460000');
      await pause(100);
      expect(callee.received.some(({ method }) => method === 'INVITE')).toBe(false);
    });
  });
}

function describeOutage(name: string, start: StartEdge): void {
  describe(`${name} without its server`, () => {
    const stage = new Stage(start);
    beforeAll(() => stage.open());
    afterAll(() => stage.close());

    test('fails closed with the true reason while the server answers with errors', async () => {
      const client = await stage.client();
      stage.gate.isFailing = true;
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) }).final();
      stage.gate.isFailing = false;
      expect([answer.status, answer.header('x-refusal')]).toEqual([503, 'unavailable']);
    });

    test('a running call lives to the end of its lease, and its reports arrive in order when the server is back', async () => {
      const client = await stage.client();
      await stage.gate.stop();
      const refused = await client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) }).final();
      expect([refused.status, refused.header('x-refusal')]).toEqual([503, 'unavailable']);
      await stage.gate.restart();

      const ringing = await stage.answeredCall({ leaseSeconds: 1 }, client);
      await stage.gate.untilReport(({ callId, kind }) => callId === ringing.callId && kind === 'answered');
      await stage.gate.stop();
      const bye = await ringing.dialog.bye();
      expectCut(stage, bye.atMs - ringing.answer.atMs, 1);
      await pause(500);
      await stage.gate.restart();
      const ended = await stage.gate.ended(ringing.callId, 15_000);
      expect(ended.durationMs).toBeLessThanOrEqual(1000);
      expect(ended.happenedAgoMs).toBeGreaterThanOrEqual(450);
      expect(Math.abs(ended.atMs - ended.happenedAgoMs - bye.atMs)).toBeLessThan(stage.edge.toleranceMs);
      expect(stage.reportsOf(ringing.callId).map(({ kind }) => kind)).toEqual(['answered', 'ended']);
    });
  });
}
