/** In the browser: a line on a wire of its own, everything it said, and ways to wait for more. */
import type { Line, LineEvent } from '../../src/phone/ports.ts';
import { systemClock } from '../../src/phone/system-clock.ts';
import type { LineCredentials } from '../../src/protocol/account.ts';
import { granted } from '../../src/protocol/problem.ts';
import { createSipLine, type SipLineOptions } from '../../src/sip/sip-line.ts';
import type { LineFacts, LineServerAddresses } from './line-test-server.ts';
import type { WireMessage, WireOrder } from './line-wire.ts';

const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 20;

export interface LineRig {
  readonly line: Line;
  readonly user: string;
  readonly events: LineEvent[];
  readonly log: string[];
  /** Every peer connection that was made since the rig was opened. */
  readonly connections: RTCPeerConnection[];
  readonly tracks: MediaStreamTrack[];
  order(order: WireOrder): Promise<readonly WireMessage[]>;
  wire(): Promise<readonly WireMessage[]>;
  facts(): Promise<LineFacts>;
  callMe(): Promise<void>;
  /** The first event of this type, for this call; waits for it. */
  next<Type extends LineEvent['type']>(type: Type, callId?: string): Promise<Extract<LineEvent, { type: Type }>>;
  /** Waits until the line is registered, again if it was before. */
  registered(): Promise<void>;
  close(): Promise<void>;
}

export interface RigOptions {
  readonly credentials?: (given: LineCredentials) => LineCredentials;
  readonly line?: Partial<SipLineOptions>;
  readonly validSeconds?: number;
}

let rigs = 0;

export async function openRig(options: RigOptions = {}): Promise<LineRig> {
  rigs += 1;
  const user = `anna-${Math.floor(performance.timeOrigin)}-${rigs}`;
  // A new tab each time, as far as the registrar can tell.
  sessionStorage.clear();
  const { controlUrl, wireControlUrl } = await getJson<LineServerAddresses>('/line-server.json');
  const spy = spyOnMedia();
  const events: LineEvent[] = [];
  const log: string[] = [];
  const line = createSipLine({
    mintCredentials: async () => {
      const url = `${controlUrl}/credentials?user=${user}&valid=${options.validSeconds ?? 600}`;
      const given = await getJson<LineCredentials>(url);
      return granted(options.credentials?.(given) ?? given);
    },
    clock: systemClock,
    random: () => 0.5,
    log: (message, detail) => log.push(`${message} ${JSON.stringify(detail ?? {})}`),
    ...options.line,
  });
  line.subscribe((event) => events.push(event));
  return {
    line,
    user,
    events,
    log,
    connections: spy.connections,
    tracks: spy.tracks,
    order: (order) => getJson(`${wireControlUrl}/${user}`, { method: 'POST', body: JSON.stringify(order) }),
    wire: () => getJson(`${wireControlUrl}/${user}`),
    facts: () => getJson(`${controlUrl}/facts`),
    callMe: () => getJson(`${controlUrl}/call-user?user=${user}`),
    next: (type, callId) => nextEvent(events, { type, callId, log }),
    registered: async () => {
      const isRegistered = () => {
        const status = events.findLast((event) => event.type === 'line_status');
        return status?.status === 'registered' || undefined;
      };
      await until(isRegistered, () => `a registration; ${heardSoFar(events, log)}`);
    },
    close: async () => {
      await line.disconnect();
      spy.restore();
    },
  };
}

/** A grant that the stand-in gate takes: which call it is for and how many seconds of talk are paid. */
export function testGrant(callId: string, leaseSeconds = 600): string {
  return `${callId}.${leaseSeconds}`;
}

/** Waits until `look` gives something; fails with `what` when it never does. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string | (() => string),
): Promise<T> {
  const startedAtMs = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - startedAtMs > PATIENCE_MS) {
      throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Packets and energy of what one connection hears, and packets of what it says. */
export async function heard(connection: RTCPeerConnection): Promise<{
  readonly packetsReceived: number;
  readonly energy: number;
  readonly packetsSent: number;
}> {
  const found = { packetsReceived: 0, energy: 0, packetsSent: 0 };
  // The entries are untyped in TypeScript's DOM library.
  (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
    if (entry.type === 'inbound-rtp') {
      found.packetsReceived = Number(entry.packetsReceived ?? 0);
      found.energy = Number(entry.totalAudioEnergy ?? 0);
    }
    if (entry.type === 'outbound-rtp') found.packetsSent = Number(entry.packetsSent ?? 0);
  });
  return found;
}

async function getJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  // Written by the tests' own server.
  return (await response.json()) as T;
}

async function nextEvent<Type extends LineEvent['type']>(
  events: readonly LineEvent[],
  wish: { readonly type: Type; readonly callId: string | undefined; readonly log: readonly string[] },
): Promise<Extract<LineEvent, { type: Type }>> {
  const matches = (event: LineEvent): event is Extract<LineEvent, { type: Type }> =>
    event.type === wish.type && (wish.callId === undefined || ('callId' in event && event.callId === wish.callId));
  return until(
    () => events.find(matches),
    () => `${wish.type}; ${heardSoFar(events, wish.log)}`,
  );
}

function heardSoFar(events: readonly LineEvent[], log: readonly string[]): string {
  return `heard ${JSON.stringify(events)}; log ${log.join(' | ')}`;
}

interface MediaSpy {
  readonly connections: RTCPeerConnection[];
  readonly tracks: MediaStreamTrack[];
  restore(): void;
}

function spyOnMedia(): MediaSpy {
  const RealConnection = globalThis.RTCPeerConnection;
  const realMicrophone = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const connections: RTCPeerConnection[] = [];
  const tracks: MediaStreamTrack[] = [];
  globalThis.RTCPeerConnection = class extends RealConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await realMicrophone(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  return {
    connections,
    tracks,
    restore: () => {
      globalThis.RTCPeerConnection = RealConnection;
      navigator.mediaDevices.getUserMedia = realMicrophone;
    },
  };
}
