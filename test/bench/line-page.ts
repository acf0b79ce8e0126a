/** The page of line.bench.ts: dials and says how long it took from the click until the INVITE was on its way. */
import { createGateClient } from '../../src/gate/gate-client.ts';
import type { Gate, Line, LineEvent } from '../../src/phone/ports.ts';
import { systemClock } from '../../src/phone/system-clock.ts';
import type { LineCredentials } from '../../src/protocol/account.ts';
import { type DialableNumber, dialableNumber } from '../../src/protocol/phone-number.ts';
import { granted } from '../../src/protocol/problem.ts';
import { createSipLine } from '../../src/sip/sip-line.ts';

export interface LinePageOptions {
  readonly credentialsUrl: string;
  readonly gateUrl: string;
  readonly token: string;
  readonly stunUrl: string | null;
}

export interface LinePage {
  /** Milliseconds from the click to the INVITE. */
  dial(options: { readonly isGated: boolean }): Promise<number>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    openLinePage(options: LinePageOptions): Promise<LinePage>;
    linePage: LinePage | undefined;
  }
}

const NUMBER = number('+4930123456');
const log = () => undefined;
const random = Math.random;

window.openLinePage = async (options) => {
  const gate = createGateClient({
    gateUrl: options.gateUrl,
    token: () => options.token,
    clock: systemClock,
    random,
    log,
  });
  const line = createSipLine({ mintCredentials: () => mint(options), clock: systemClock, random, log });
  line.connect();
  await eventOf(line, (event) => event.type === 'line_status' && event.status === 'registered');
  return {
    dial: ({ isGated }) => dial({ line, gate: isGated ? gate : null }),
    close: () => line.disconnect(),
  };
};

async function mint({ credentialsUrl, stunUrl }: LinePageOptions) {
  const response = await fetch(credentialsUrl);
  // Written by the bench's own server.
  const credentials = (await response.json()) as LineCredentials;
  return granted(stunUrl === null ? credentials : { ...credentials, iceServers: [{ urls: [stunUrl] }] });
}

/** With the gate the grant is asked for while microphone and ICE are prepared; without it there is one from the start. */
async function dial({ line, gate }: { readonly line: Line; readonly gate: Gate | null }): Promise<number> {
  const callId = crypto.randomUUID();
  const sent = eventOf(line, (event) => event.type === 'invite_sent' && event.callId === callId);
  const startedAtMs = performance.now();
  line.prepare(callId);
  line.invite(callId, { number: NUMBER, grant: gate === null ? `${callId}.60` : await grantOf(gate, callId) });
  await sent;
  const tookMs = performance.now() - startedAtMs;
  line.hangUp(callId);
  if (gate !== null) await gate.releaseCall(callId);
  return tookMs;
}

async function grantOf(gate: Gate, callId: string): Promise<string> {
  const authorization = await gate.authorizeCall(callId, { to: NUMBER, callerNumber: null });
  if (!authorization.ok) throw new Error(`The gate refused: ${authorization.refusal.code}`);
  return authorization.value.grant;
}

function eventOf(line: Line, isWanted: (event: LineEvent) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = line.subscribe((event) => {
      if (!isWanted(event)) return;
      unsubscribe();
      resolve();
    });
  });
}

function number(text: string): DialableNumber {
  const dialable = dialableNumber(text);
  if (dialable === null) throw new Error(`${text} is not a number.`);
  return dialable;
}
