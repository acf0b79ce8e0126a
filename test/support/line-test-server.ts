/**
 * What a line needs to be tried for real: the embedded phone network, a stand-in for the gate that admits by a simple rule, and wires
 * that tests can cut (line-wire.ts). Everything else about it is told over HTTP, because the tests run in a browser.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPhoneNetwork, type PhoneNetwork } from '../../demo/phone-network/phone-network.ts';
import { passwordFromSecret } from '../../demo/phone-network/signalling/ephemeral-password.ts';
import { type Admission, admissionRequestSchema, EDGE_PATHS } from '../../server/edge/edge-contract.ts';
import { mintLinePassword } from '../../server/edge/line-password.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import type { LineCredentials } from '../../src/protocol/account.ts';
import { refusal } from '../../src/protocol/problem.ts';
import { openLineWires } from './line-wire.ts';

const DOMAIN = 'line.test';
const ACCOUNT = 'acme';
const SIP_SECRET = 'a secret of the tests';
const EDGE_SECRET = 'another secret of the tests';

export interface LineServerAddresses {
  readonly controlUrl: string;
  readonly wireUrl: string;
  readonly wireControlUrl: string;
}

/** What the network reported to its gate, and the keys it heard. */
export interface LineFacts {
  readonly reports: readonly { readonly path: string; readonly body: unknown }[];
  readonly keys: readonly { readonly callId: string; readonly key: string }[];
  readonly problems: readonly string[];
}

export interface LineTestServer extends LineServerAddresses {
  readonly network: PhoneNetwork;
  close(): Promise<void>;
}

export async function startLineTestServer(): Promise<LineTestServer> {
  const facts = {
    reports: [] as LineFacts['reports'][number][],
    keys: [] as LineFacts['keys'][number][],
    problems: [] as string[],
  };
  const network = createPhoneNetwork({
    domain: DOMAIN,
    edgeId: 'line-test',
    gate: { baseUrl: 'http://gate.test', secret: EDGE_SECRET, fetch: (request) => standInGate(request, facts.reports) },
    passwordOf: passwordFromSecret(SIP_SECRET, () => Date.now()),
    onKey: (callId, key) => facts.keys.push({ callId, key }),
    onProblem: ({ what, cause }) => facts.problems.push(`${what}: ${cause}`),
  });
  const sip = createServer();
  network.attach(sip);
  const wires = await openLineWires(`ws://127.0.0.1:${await listen(sip)}/sip`);
  const control = createServer((request, response) => {
    answerControl(request, response, { network, facts, wireUrl: wires.webSocketUrl }).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(JSON.stringify(String(error)));
    });
  });
  const controlUrl = `http://127.0.0.1:${await listen(control)}`;
  return {
    network,
    controlUrl,
    wireUrl: wires.webSocketUrl,
    wireControlUrl: wires.controlUrl,
    close: async () => {
      await wires.close();
      await network.close();
      for (const server of [sip, control]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port;
}

/** Admits every grant of testGrant (line-rig.ts); 'no-credit' is refused for want of it. Callers from outside are always let through. */
async function standInGate(request: Request, reports: LineFacts['reports'][number][]): Promise<Response> {
  const path = new URL(request.url).pathname;
  const body: unknown = await request.json();
  if (path === EDGE_PATHS.admissions) return Response.json(admit(body));
  reports.push({ path, body });
  return Response.json({ leaseSeconds: null, isOver: false });
}

function admit(body: unknown): Admission {
  const asked = admissionRequestSchema.parse(body);
  if (asked.direction === 'inbound') return allow(crypto.randomUUID(), 600);
  if (asked.grant === null) return refuse('grant_missing', 'No grant');
  const [, callId, leaseSeconds] = /^([A-Za-z0-9-]+)\.(\d+)$/.exec(asked.grant) ?? [];
  if (callId === undefined) return refuse('insufficient_credit', 'Credit too low');
  return allow(callId, Number(leaseSeconds));
}

function allow(callId: string, leaseSeconds: number): Admission {
  return {
    decision: 'allow',
    accountId: ACCOUNT,
    callId,
    leaseSeconds,
    ringSeconds: 60,
    callerNumber: null,
    callerName: null,
    routeToUser: null,
  };
}

function refuse(code: 'grant_missing' | 'insufficient_credit', reasonPhrase: string): Admission {
  return { decision: 'refuse', refusal: refusal(code), sipStatus: 402, reasonPhrase };
}

interface ControlContext {
  readonly network: PhoneNetwork;
  readonly facts: LineFacts;
  readonly wireUrl: string;
}

async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  { network, facts, wireUrl }: ControlContext,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Content-Type', 'application/json');
  const user = searchParams.get('user') ?? '';
  const answer =
    pathname === '/credentials'
      ? credentialsOf(user, { wireUrl, validSeconds: Number(searchParams.get('valid') ?? 600) })
      : pathname === '/call-user'
        ? await network.callUser(sipUserOf({ accountId: ACCOUNT, personId: user }), {
            from: '+4930123456',
            fromName: 'Dana Whitfield',
            sound: 'melody',
          })
        : facts;
  response.end(JSON.stringify(answer));
}

/** Each person has the wire of the same name. */
function credentialsOf(
  personId: string,
  { wireUrl, validSeconds }: { readonly wireUrl: string; readonly validSeconds: number },
): LineCredentials {
  const person = { accountId: ACCOUNT, personId };
  return {
    ...mintLinePassword(person, { secret: SIP_SECRET, nowMs: Date.now(), validSeconds }),
    sipUri: `sip:${sipUserOf(person)}@${DOMAIN}`,
    webSocketUrl: `${wireUrl}/${personId}`,
    expiresInSeconds: validSeconds,
    iceServers: [],
  };
}
