/** The stage of the line's browser tests: one line a test, calls on it, and what went over its wire. */
import { type DialableNumber, dialableNumber } from '../../src/protocol/phone-number.ts';
import { assert, assertEqual } from './line-assert.ts';
import { heard, type LineRig, openRig, type RigOptions, testGrant, until } from './line-rig.ts';

export const ECHO = number('600');
export const MELODY = number('601');
export const BUSY = number('602');
export const NOBODY = number('603');
export const DECLINES = number('604');
export const RINGS_THEN_ANSWERS = number('605');

/** The line of the running test. */
export let rig: LineRig;

/** Opens the line of a test and waits until it is registered. */
export async function registered(options: RigOptions = {}): Promise<LineRig> {
  rig = await openRig(options);
  rig.line.connect();
  await rig.registered();
  return rig;
}

/** Closes the line of a test; then nothing may be left of any call. */
export async function leaveNothing(): Promise<void> {
  await rig.close();
  assertEqual(
    rig.tracks.map((track) => track.readyState),
    rig.tracks.map(() => 'ended'),
  );
  assertEqual(
    rig.connections.map((connection) => connection.connectionState),
    rig.connections.map(() => 'closed'),
  );
}

export function number(text: string): DialableNumber {
  const dialable = dialableNumber(text);
  assert(dialable !== null, `${text} is not a number`);
  return dialable;
}

/** Dials and waits for the answer. */
export async function talk(to: DialableNumber, options: { readonly leaseSeconds?: number } = {}): Promise<string> {
  const callId = crypto.randomUUID();
  rig.line.prepare(callId);
  await rig.next('prepared', callId);
  rig.line.invite(callId, { number: to, grant: testGrant(callId, options.leaseSeconds) });
  await rig.next('answered', callId);
  return callId;
}

export function connectionOfCall(): RTCPeerConnection {
  const connection = rig.connections.at(-1);
  assert(connection !== undefined, 'there is no peer connection');
  return connection;
}

export async function hearsMore(connection: RTCPeerConnection): Promise<void> {
  const before = await heard(connection);
  await until(
    async () => {
      const now = await heard(connection);
      return (now.packetsReceived > before.packetsReceived + 20 && now.energy > before.energy) || undefined;
    },
    `more sound than ${JSON.stringify(before)}`,
  );
}

export async function requestsOf(method: string): Promise<string[]> {
  const messages = await rig.wire();
  return messages
    .filter(({ from, text }) => from === 'browser' && text.startsWith(`${method} `))
    .map(({ text }) => text);
}

export function refusedReinvite(statusCode: number, times: number) {
  return { method: 'INVITE', isInDialog: true, statusCode, reasonPhrase: 'Refused', headers: [], times } as const;
}

/** A request of the far side within the dialog of the last answered INVITE. */
export async function requestInDialog(method: string, headers: readonly string[]): Promise<string> {
  const messages = await rig.wire();
  const answer = messages.findLast(
    ({ from, text }) => from === 'network' && /^SIP\/2\.0 200[\s\S]*CSeq: \d+ INVITE/i.test(text),
  );
  const invite = messages.findLast(({ from, text }) => from === 'browser' && text.startsWith('INVITE '));
  const headerOf = (name: string, text = '') => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1] ?? '';
  const target = /<([^>]+)>/.exec(headerOf('Contact', invite?.text))?.[1] ?? '';
  return [
    `${method} ${target} SIP/2.0`,
    'Via: SIP/2.0/WSS wire.invalid;branch=z9hG4bKwire1',
    'Max-Forwards: 70',
    `From: ${headerOf('To', answer?.text)}`,
    `To: ${headerOf('From', answer?.text)}`,
    `Call-ID: ${headerOf('Call-ID', answer?.text)}`,
    `CSeq: 900 ${method}`,
    'Contact: <sip:network@wire.invalid;transport=ws>',
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** A line that is not expected to register. */
export async function unregistered(options: RigOptions): Promise<LineRig> {
  rig = await openRig(options);
  return rig;
}
