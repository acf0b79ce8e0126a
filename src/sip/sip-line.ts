/** The Line over SIP.js and WebRTC. Loaded by dynamic import when the line is first needed, because SIP.js alone weighs 42 kB. */
import type { Invitation } from 'sip.js';
import type { Clock, Line, LineEvent, Unsubscribe } from '../phone/ports.ts';
import type { LineCredentials } from '../protocol/account.ts';
import type { Outcome } from '../protocol/problem.ts';
import { createAudio } from './audio.ts';
import { callIdOf, IncomingCall, refuseAsBusy } from './incoming-call.ts';
import type { LineLog } from './line-log.ts';
import type { LineSound, Ring } from './line-sound.ts';
import { OutgoingCall, type Invitation as OutgoingInvitation } from './outgoing-call.ts';
import type { SipCallOptions } from './sip-call.ts';
import { SipConnection } from './sip-connection.ts';

export interface SipLineOptions {
  /** Short-lived SIP credentials of the gate; asked for again before they expire and when the registrar rejects them. */
  readonly mintCredentials: () => Promise<Outcome<LineCredentials>>;
  readonly clock: Clock;
  /** 0 <= n < 1, for the jitter of reconnects. */
  readonly random: () => number;
  readonly log: LineLog;
  /** Where the far side and the tones are heard; the page's loudspeaker by default. */
  readonly sound?: LineSound;
}

/** One that runs and one that rings. */
const MAX_CALLS = 2;

export function createSipLine(options: SipLineOptions): Line {
  return new SipLine(options);
}

class SipLine implements Line {
  readonly #options: SipLineOptions;
  #connection: SipConnection;
  readonly #calls = new Map<string, OutgoingCall | IncomingCall>();
  readonly #listeners = new Set<(event: LineEvent) => void>();
  #sound: LineSound | null = null;

  constructor(options: SipLineOptions) {
    this.#options = options;
    this.#connection = this.#newConnection();
  }

  connect(): void {
    addEventListener('pagehide', this.#hangUpAll);
    if (this.#connection.isOver) this.#connection = this.#newConnection();
    this.#connection.start();
  }

  async disconnect(): Promise<void> {
    removeEventListener('pagehide', this.#hangUpAll);
    this.#hangUpAll();
    await this.#connection.stop();
    this.#sound?.close();
    this.#sound = null;
  }

  prepare(callId: string): void {
    if (this.#calls.has(callId)) return;
    const call = new OutgoingCall(this.#callOptions(callId));
    this.#calls.set(callId, call);
    this.#run(call.prepare());
  }

  invite(callId: string, invitation: OutgoingInvitation): void {
    const call = this.#calls.get(callId);
    if (call instanceof OutgoingCall) this.#run(call.invite(invitation));
  }

  answer(callId: string): void {
    const call = this.#calls.get(callId);
    if (call instanceof IncomingCall) this.#run(call.answer());
  }

  decline(callId: string): void {
    const call = this.#calls.get(callId);
    if (call instanceof IncomingCall) call.decline();
  }

  hangUp(callId: string): void {
    this.#calls.get(callId)?.hangUp();
  }

  setMuted(callId: string, isMuted: boolean): void {
    this.#calls.get(callId)?.setMuted(isMuted);
  }

  setHeld(callId: string, isHeld: boolean): void {
    const call = this.#calls.get(callId);
    if (call !== undefined) this.#run(call.setHeld(isHeld));
  }

  sendDigits(callId: string, digits: string): void {
    this.#calls.get(callId)?.sendDigits(digits);
  }

  playKeyTone(digit: string): void {
    this.#openSound().playKeyTone(digit);
  }

  playWarningTone(): void {
    this.#openSound().playWarningTone();
  }

  unblockSound(): void {
    this.#sound?.unblock();
  }

  subscribe(listener: (event: LineEvent) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The page goes: say goodbye now, or the call runs until its lease ends. */
  readonly #hangUpAll = (): void => this.#forEachCall((call) => call.hangUp());

  #newConnection(): SipConnection {
    const { mintCredentials, clock, random, log } = this.#options;
    return new SipConnection({
      mintCredentials,
      clock,
      random,
      log,
      onStatus: (status, fault) => this.#report({ type: 'line_status', status, fault }),
      onInvite: (invitation) => this.#invited(invitation),
      onSocketLost: () => this.#forEachCall((call) => call.linkLost()),
      onSocketRestored: () => this.#forEachCall((call) => call.linkRestored()),
    });
  }

  #invited(invitation: Invitation): void {
    const calls = this.#liveCalls();
    const isSomebodyWaiting = calls.some((call) => call instanceof IncomingCall && call.isRinging);
    const callId = callIdOf(invitation);
    if (isSomebodyWaiting || calls.length >= MAX_CALLS || this.#calls.has(callId)) {
      refuseAsBusy(invitation);
      return;
    }
    const call = new IncomingCall(invitation, this.#callOptions(callId));
    this.#calls.set(callId, call);
    call.ring();
  }

  #callOptions(callId: string): SipCallOptions {
    const { clock, random, log } = this.#options;
    return {
      callId,
      connection: this.#connection,
      clock,
      random,
      log,
      report: (event) => this.#report(event),
      onGone: () => this.#calls.delete(callId),
    };
  }

  #report(event: LineEvent): void {
    this.#routeSound();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** The ear follows the calls: the answered one that is not held, else the ringing, else nothing. */
  #routeSound(): void {
    const calls = this.#liveCalls();
    if (calls.length === 0 && this.#sound === null) return;
    const sound = this.#openSound();
    const talking = calls.findLast((call) => call.isAnswered && !call.isHeld) ?? calls.find((call) => call.isAnswered);
    const announced = calls.find((call) => call instanceof OutgoingCall && call.hasEarlyMedia);
    sound.playRemote((talking ?? announced)?.remoteStream ?? null);
    sound.setRing(ringOf(calls));
  }

  #openSound(): LineSound {
    if (this.#sound === null) {
      this.#sound = this.#options.sound ?? createAudio(this.#options.clock);
      this.#sound.onBlockedChange((isBlocked) => this.#report({ type: 'sound', isBlocked }));
    }
    return this.#sound;
  }

  #liveCalls(): (OutgoingCall | IncomingCall)[] {
    return [...this.#calls.values()].filter((call) => !call.isOver);
  }

  #forEachCall(visit: (call: OutgoingCall | IncomingCall) => void): void {
    for (const call of [...this.#calls.values()]) visit(call);
  }

  /** What fails here was reported as an event where it can be; the rest is ours to mend and belongs in the log. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.log('the line failed', { error: String(error) }));
  }
}

function ringOf(calls: readonly (OutgoingCall | IncomingCall)[]): Ring {
  const ringing = calls.find((call) => call.isRinging && !call.isAnswered);
  if (ringing === undefined) return 'silence';
  if (ringing instanceof OutgoingCall) return 'ringback';
  return calls.length > 1 ? 'call_waiting' : 'ringtone';
}
