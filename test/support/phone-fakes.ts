/** The phone's ports, played by a test. Every wish is kept in `log`, in the order in which it came. */
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { createPhone, type PhoneOptions, type PhonePorts } from '../../src/phone/phone.ts';
import type { Phone } from '../../src/phone/phone-snapshot.ts';
import type { CallHistory, Gate, GateEvent, HistoryEntry, Line, LineEvent } from '../../src/phone/ports.ts';
import type { ServerEvent } from '../../src/protocol/events.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import { PhoneTestClock, settled } from './phone-clock.ts';
import {
  sampleAuthorization,
  sampleBalance,
  sampleCreditRequest,
  sampleMe,
  sampleQuote,
  sampleRecord,
  sampleShopNumber,
} from './phone-samples.ts';

/** Answers at once with samples; a test replaces single methods, or holds answers back with `later`. */
export class FakeGate implements Gate {
  readonly log: string[];
  #listener: (event: GateEvent) => void = () => undefined;
  isSubscribed = false;

  constructor(log: string[]) {
    this.log = log;
  }

  #keep<T>(text: string, value: T): Promise<Outcome<T>> {
    this.log.push(text);
    return Promise.resolve(granted(value));
  }

  me: Gate['me'] = () => this.#keep('me', sampleMe());
  mintLineCredentials: Gate['mintLineCredentials'] = async () => refused(refusal('unavailable'));
  balance: Gate['balance'] = () => this.#keep('balance', sampleBalance());
  quote: Gate['quote'] = ({ to }) => this.#keep(`quote ${to}`, sampleQuote());
  authorizeCall: Gate['authorizeCall'] = (callId, { to }) =>
    this.#keep(`authorize ${callId} ${to}`, sampleAuthorization(callId));
  releaseCall: Gate['releaseCall'] = (callId) =>
    this.#keep(`release ${callId}`, sampleRecord(callId, { status: 'released', endReason: 'cancelled' }));
  call: Gate['call'] = (callId) => this.#keep(`call ${callId}`, sampleRecord(callId));
  searchNumbers: Gate['searchNumbers'] = (search) =>
    this.#keep(`search ${JSON.stringify(search)}`, { numbers: [sampleShopNumber('+14155550100')], nextCursor: null });
  buyNumber: Gate['buyNumber'] = (number, { purchaseId }) =>
    this.#keep(`buy ${number} ${purchaseId}`, {
      purchaseId,
      state: 'bought',
      number: sampleShopNumber(number, { status: 'owned' }),
      chargedMicros: sampleShopNumber(number).dueTodayMicros,
      purchasedAtMs: 0,
    });
  askForCredit: Gate['askForCredit'] = ({ requestId, reason }) =>
    this.#keep(`ask ${requestId}`, sampleCreditRequest(requestId, { reason }));
  creditRequests: Gate['creditRequests'] = () => this.#keep('creditRequests', { requests: [] });
  answerCreditRequest: Gate['answerCreditRequest'] = (requestId, answer) =>
    this.#keep(`answer ${requestId} ${answer.state}`, sampleCreditRequest(requestId, answer));
  addPlayCredit: Gate['addPlayCredit'] = ({ creditId, amountMicros }) =>
    this.#keep(`add ${creditId} ${amountMicros}`, sampleBalance({ version: 2 }));
  setPause: Gate['setPause'] = ({ isPaused }) => this.#keep(`pause ${isPaused}`, sampleBalance({ version: 2 }));

  subscribe(listener: (event: GateEvent) => void): () => void {
    this.#listener = listener;
    this.isSubscribed = true;
    return () => {
      this.isSubscribed = false;
      this.#listener = () => undefined;
    };
  }

  say(event: ServerEvent): void {
    this.#listener({ type: 'server', event });
  }

  /** A `payment` event of the stream. */
  sayPayment(content: unknown): void {
    this.#listener({ type: 'payment', content });
  }

  /** An `alert` event of the stream. */
  sayAlert(content: unknown): void {
    this.#listener({ type: 'alert', content });
  }

  link(link: Extract<GateEvent, { type: 'link' }>['link']): void {
    this.#listener({ type: 'link', link });
  }
}

/** Writes down what it is asked; a test says what happens. `holdsMicrophone` follows the contract of the port. */
export class FakeLine implements Line {
  readonly log: string[];
  readonly microphones = new Set<string>();
  #listener: (event: LineEvent) => void = () => undefined;

  constructor(log: string[]) {
    this.log = log;
  }

  connect = () => void this.log.push('connect');
  disconnect = async () => void this.log.push('disconnect');
  prepare = (callId: string) => {
    this.microphones.add(callId);
    this.log.push(`prepare ${callId}`);
  };
  invite: Line['invite'] = (callId, { number, grant }) => void this.log.push(`invite ${callId} ${number} ${grant}`);
  answer = (callId: string) => {
    this.microphones.add(callId);
    this.log.push(`answer ${callId}`);
  };
  decline = (callId: string) => void this.log.push(`decline ${callId}`);
  hangUp = (callId: string) => {
    this.microphones.delete(callId);
    this.log.push(`hangUp ${callId}`);
  };
  setMuted = (callId: string, isMuted: boolean) => void this.log.push(`setMuted ${callId} ${isMuted}`);
  setHeld = (callId: string, isHeld: boolean) => void this.log.push(`setHeld ${callId} ${isHeld}`);
  sendDigits = (callId: string, digits: string) => void this.log.push(`sendDigits ${callId} ${digits}`);
  playKeyTone = (digit: string) => void this.log.push(`playKeyTone ${digit}`);
  playWarningTone = () => void this.log.push('playWarningTone');
  unblockSound = () => void this.log.push('unblockSound');

  subscribe(listener: (event: LineEvent) => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }

  say(event: LineEvent): void {
    if (event.type === 'ended' || event.type === 'microphone_failed') this.microphones.delete(event.callId);
    this.#listener(event);
  }
}

/** Memory, with a look inside. */
export class FakeHistory implements CallHistory {
  readonly log: string[];
  readonly entries = new Map<string, HistoryEntry>();
  readonly #memory = createMemoryHistory();

  constructor(log: string[]) {
    this.log = log;
  }

  async put(entry: HistoryEntry): Promise<void> {
    this.log.push(`put ${entry.callId}`);
    this.entries.set(entry.callId, entry);
    await this.#memory.put(entry);
  }

  list: CallHistory['list'] = (query) => this.#memory.list(query);
  unsettled: CallHistory['unsettled'] = (query) => this.#memory.unsettled(query);
}

/** A promise that a test keeps or breaks when it likes. */
export function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  return Promise.withResolvers<T>();
}

export interface PhoneRig {
  readonly phone: Phone;
  readonly gate: FakeGate;
  readonly line: FakeLine;
  readonly history: FakeHistory;
  readonly clock: PhoneTestClock;
  readonly log: string[];
  /** The id of the call in front. */
  callId(): string;
}

/** A phone that has signed in. `prepare` runs before it is made. */
export async function phoneRig(
  options: PhoneOptions & {
    readonly prepare?: (ports: {
      gate: FakeGate;
      line: FakeLine;
      history: FakeHistory;
      clock: PhoneTestClock;
    }) => void | Promise<void>;
    readonly loadPayments?: PhonePorts['loadPayments'];
    readonly loadAlerts?: PhonePorts['loadAlerts'];
    readonly loadStatements?: PhonePorts['loadStatements'];
    readonly loadOwnNumbers?: PhonePorts['loadOwnNumbers'];
    readonly callerChoice?: PhonePorts['callerChoice'];
  } = {},
): Promise<PhoneRig> {
  const log: string[] = [];
  const gate = new FakeGate(log);
  const line = new FakeLine(log);
  const history = new FakeHistory(log);
  const clock = new PhoneTestClock();
  await options.prepare?.({ gate, line, history, clock });
  let randomState = 1;
  const phone = createPhone(
    {
      gate,
      loadLine: async () => line,
      history,
      clock,
      random: () => 0.5,
      // Any sequence without repeats is as good as chance here.
      randomBytes: (length) => new Uint8Array(length).map(() => (randomState = (randomState * 16_807) % 2_147_483_647)),
      log: () => undefined,
      ...(options.loadPayments ? { loadPayments: options.loadPayments } : {}),
      ...(options.loadAlerts ? { loadAlerts: options.loadAlerts } : {}),
      ...(options.loadStatements ? { loadStatements: options.loadStatements } : {}),
      ...(options.loadOwnNumbers ? { loadOwnNumbers: options.loadOwnNumbers } : {}),
      ...(options.callerChoice ? { callerChoice: options.callerChoice } : {}),
    },
    { isReachable: options.isReachable ?? true },
  );
  await settled();
  return { phone, gate, line, history, clock, log, callId: () => phone.snapshot.call?.callId ?? 'no call' };
}
