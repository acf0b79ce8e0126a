/**
 * The headless phone: decides, remembers and tells; knows no DOM, no SIP, no fetch. Its world is in ports.ts, what it shows is one
 * frozen PhoneSnapshot that is replaced as a whole.
 */
import { type Balance, type Me, mayManageCredit } from '../protocol/account.ts';
import type { CallRecord } from '../protocol/call.ts';
import type { ServerEvent } from '../protocol/events.ts';
import type { Micros } from '../protocol/money.ts';
import { refusal } from '../protocol/problem.ts';
import type { AlertDesk } from './alert-desk.ts';
import type { AlertGate } from './alert-ports.ts';
import { assertNever } from './assert-never.ts';
import type { Billing } from './billing.ts';
import { CallLog } from './call-log.ts';
import { callerNumberOf } from './caller-number.ts';
import { Calls } from './calls.ts';
import { Credit } from './credit.ts';
import { CreditRequests } from './credit-requests.ts';
import { DialQuote } from './dial-quote.ts';
import { LazyRoom } from './lazy-room.ts';
import type { NumberShop } from './number-shop.ts';
import type { OwnNumbers } from './own-numbers.ts';
import type { CallerChoice, OwnNumbersGate } from './own-numbers-ports.ts';
import type { IntentStore, PaymentGate } from './payment-ports.ts';
import type { PhoneContext, PhoneLog } from './phone-context.ts';
import { PhoneLine } from './phone-line.ts';
import type { Phone } from './phone-snapshot.ts';
import { createPhoneStore } from './phone-store.ts';
import type { CallHistory, Clock, Gate, GateEvent, Line, Unsubscribe } from './ports.ts';
import { SignIn } from './sign-in.ts';
import type { StatementDesk } from './statement-desk.ts';
import type { StatementGate } from './statement-ports.ts';
import type { StatementWish } from './statement-snapshot.ts';
import { uuidV7 } from './uuid-v7.ts';

export type { PhoneLog } from './phone-context.ts';

export interface PhonePorts {
  readonly gate: Gate;
  /** Called once, when the line is first needed: SIP.js is heavy. */
  readonly loadLine: () => Promise<Line>;
  readonly history: CallHistory;
  /** Called once, when somebody opens the list. Without it nobody sees own numbers here. */
  readonly loadOwnNumbers?: () => Promise<OwnNumbersGate>;
  /** Without it the choice is forgotten with the page. */
  readonly callerChoice?: CallerChoice;
  /** Called once, for those who manage credit. Without it nobody can pay here. */
  readonly loadPayments?: () => Promise<{ readonly gate: PaymentGate; readonly intents: IntentStore }>;
  /** Called once, for those who manage credit. Without it nobody sees statements here. */
  readonly loadStatements?: () => Promise<StatementGate>;
  /** Called once, for those who manage credit. Without it nobody sees alerts here. */
  readonly loadAlerts?: () => Promise<AlertGate>;
  readonly clock: Clock;
  /** Random bytes of cryptographic quality, for ids. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** In [0, 1), for the jitter of repeats. */
  readonly random: () => number;
  readonly log: PhoneLog;
}

export interface PhoneOptions {
  /** Registers the line at the start, so that calls come in; otherwise on the first call. Default true. */
  readonly isReachable?: boolean;
}

/** How many missed calls are shown. */
const MAX_MISSED_CALLS = 20;

/** Opens the event stream, signs in, loads what is shown and, unless told otherwise, registers the line. */
export function createPhone(ports: PhonePorts, options: PhoneOptions = {}): Phone {
  const house = new PhoneHouse(ports, options);
  const { store } = house.context;
  return {
    get snapshot() {
      return store.snapshot;
    },
    subscribe: store.subscribe,
    setDialled: (text) => house.quote.setDialled(text),
    dial: (text) => house.calls.dial(text),
    answer: (callId) => house.calls.answer(callId),
    decline: (callId) => house.calls.decline(callId),
    hangUp: () => house.calls.wish({ type: 'hang_up' }),
    setMuted: (isMuted) => house.calls.wish({ type: 'set_muted', isMuted }),
    setHeld: (isHeld) => house.calls.wish({ type: 'set_held', isHeld }),
    pressKey: (digit) => house.pressKey(digit),
    dismissCall: () => house.calls.dismiss(),
    unblockSound: () => house.line.use((line) => line.unblockSound()),
    searchNumbers: (search) => house.shop.use((shop) => void shop.search(search)),
    searchMoreNumbers: () => house.shop.use((shop) => void shop.searchMore()),
    buyNumber: (number) => house.shop.use((shop) => void shop.buy(number)),
    askOwnNumbers: (wish) => house.ownNumbers.use((numbers) => numbers.wish(wish)),
    chooseCaller: (number) => house.chooseCaller(number),
    askForCredit: (reason) => void house.requests.ask(reason),
    answerCreditRequest: (requestId, answer) => void house.requests.answer(requestId, { ...answer, addedMicros: null }),
    addPlayCredit: (amountMicros, about) => void house.credit.addPlayCredit(amountMicros, about),
    setPause: (isPaused) => void house.credit.setPause(isPaused),
    askBilling: (wish) => house.useBilling((billing) => billing.wish(wish)),
    askAlerts: (wish) => house.useAlerts((desk) => desk.wish(wish)),
    askStatement: (wish) => house.useStatement(wish),
    close: () => house.close(),
  };
}

/** The rooms of the phone, and who tells whom what. */
class PhoneHouse {
  readonly context: PhoneContext;
  readonly quote: DialQuote;
  readonly calls: Calls;
  readonly line: PhoneLine;
  readonly shop: LazyRoom<NumberShop>;
  readonly ownNumbers: LazyRoom<OwnNumbers>;
  readonly requests: CreditRequests;
  readonly credit: Credit;
  readonly #billing: LazyRoom<Billing>;
  readonly #statement: LazyRoom<StatementDesk>;
  readonly #alerts: LazyRoom<AlertDesk> | null;
  readonly #signIn: SignIn;
  readonly #log: CallLog;
  readonly #isReachable: boolean;
  readonly #hasPayments: boolean;
  readonly #unsubscribe: Unsubscribe;
  readonly #callerChoice: CallerChoice | undefined;
  #wasLive = false;

  constructor(ports: PhonePorts, options: PhoneOptions) {
    this.#isReachable = options.isReachable ?? true;
    this.#hasPayments = ports.loadPayments !== undefined;
    this.context = contextOf(ports);
    this.quote = new DialQuote(this.context);
    this.shop = this.#lazyShop();
    this.ownNumbers = this.#lazyOwnNumbers(ports);
    this.#callerChoice = ports.callerChoice;
    this.#billing = this.#lazyBilling(ports);
    this.#statement = this.#lazyStatement(ports);
    this.#alerts = this.#lazyAlerts(ports);
    this.requests = new CreditRequests(this.context);
    this.credit = new Credit(this.context, {
      onBalance: (balance) => this.#hearBalance(balance),
      onGranted: (requestId, addedMicros) => this.#grant(requestId, addedMicros),
    });
    this.line = new PhoneLine(this.context, {
      loadLine: ports.loadLine,
      onEvent: (event) => this.calls.hearLine(event),
      onLoadFailed: () => this.calls.lineFailed(),
    });
    this.#signIn = new SignIn(this.context, { onKnown: (me) => this.#welcome(me) });
    this.#log = new CallLog(this.context, {
      history: ports.history,
      signIn: this.#signIn,
      isLive: (callId) => this.calls.isLive(callId),
    });
    this.calls = new Calls(this.context, {
      line: this.line,
      log: this.#log,
      signIn: this.#signIn,
      onChargeLearnt: () => this.#catchUpWithCharge(),
    });
    this.#unsubscribe = ports.gate.subscribe((event) => this.#hearGate(event));
    this.#signIn.start();
  }

  /** A key makes its tone, and travels to the far side while somebody is there. */
  pressKey(digit: string): void {
    this.line.use((line) => line.playKeyTone(digit));
    this.calls.wish({ type: 'press_key', digit });
  }

  async close(): Promise<void> {
    this.quote.close();
    this.shop.entered?.close();
    this.ownNumbers.entered?.close();
    this.#billing.entered?.close();
    this.#statement.entered?.close();
    await this.calls.close();
    this.#signIn.close();
    this.#unsubscribe();
    await this.line.close();
    await this.#log.written();
  }

  #welcome(me: Me): void {
    this.#showCaller(me);
    if (this.#isReachable) this.line.open();
    this.#loadCredit();
    void this.#log.load(me);
    // Whoever manages credit sees what is on its way, and a payment that a reload has interrupted goes on.
    this.useBilling((billing) => void billing.open());
    this.useAlerts((desk) => void desk.load());
  }

  /** For those who manage credit only: nobody else loads the code, and the server would refuse them. */
  useBilling(wish: (billing: Billing) => void): void {
    const { me, billing } = this.context.store.snapshot;
    if (!this.#hasPayments || me === null || !mayManageCredit(me.role)) return;
    if (billing.state === 'unopened') this.context.store.update({ billing: { state: 'loading' } });
    this.#billing.use(wish);
  }

  /** As for billing. */
  useStatement(wish: StatementWish): void {
    const { me } = this.context.store.snapshot;
    if (me !== null && mayManageCredit(me.role)) this.#statement.use((desk) => desk.wish(wish));
  }

  /** As for billing. */
  useAlerts(wish: (desk: AlertDesk) => void): void {
    const { me } = this.context.store.snapshot;
    if (me !== null && mayManageCredit(me.role)) this.#alerts?.use(wish);
  }

  #lazyAlerts({ loadAlerts }: PhonePorts): LazyRoom<AlertDesk> | null {
    if (loadAlerts === undefined) return null;
    return new LazyRoom(
      async () => {
        const [{ AlertDesk }, gate] = await Promise.all([import('./alert-desk.ts'), loadAlerts()]);
        return new AlertDesk(this.context, gate);
      },
      (cause) => this.context.log('The alerts could not be loaded.', { cause: String(cause) }),
    );
  }

  #lazyShop(): LazyRoom<NumberShop> {
    return new LazyRoom(
      async () => new (await import('./number-shop.ts')).NumberShop(this.context),
      (cause) => this.#roomFailed('shop', cause),
    );
  }

  #lazyOwnNumbers({ loadOwnNumbers }: PhonePorts): LazyRoom<OwnNumbers> {
    return new LazyRoom(
      async () => {
        const [{ OwnNumbers }, gate] = await Promise.all([import('./own-numbers.ts'), loadOwnNumbers?.()]);
        if (gate === undefined) throw new Error('Nobody sees own numbers here.');
        return new OwnNumbers(this.context, gate);
      },
      (cause) => this.#roomFailed('ownNumbers', cause),
    );
  }

  chooseCaller(number: string | null): void {
    const { me } = this.context.store.snapshot;
    if (me === null) return;
    this.#callerChoice?.write(me.personId, number);
    this.context.store.update({ callerNumber: me.callerNumbers.find((own) => own === number) ?? null });
  }

  /** A number that was chosen before and may not be shown any more is not asked for. */
  #showCaller(me: Me): void {
    const callerNumber = callerNumberOf(me, this.#callerChoice);
    this.context.store.update({ callerNumber });
  }

  async #learnNumbers(): Promise<void> {
    await this.#signIn.again();
    const { me } = this.context.store.snapshot;
    if (me !== null) this.#showCaller(me);
  }

  #lazyBilling({ loadPayments }: PhonePorts): LazyRoom<Billing> {
    return new LazyRoom(
      async () => {
        const { me } = this.context.store.snapshot;
        const [{ Billing }, world] = await Promise.all([import('./billing.ts'), loadPayments?.()]);
        if (world === undefined || me === null) throw new Error('Nobody can pay here.');
        return new Billing(this.context, {
          ...world,
          me,
          onCredited: () => this.#catchUpWithCharge(),
          onGranted: (requestId, addedMicros) => this.#grant(requestId, addedMicros),
        });
      },
      (cause) => this.#roomFailed('billing', cause),
    );
  }

  #lazyStatement({ loadStatements }: PhonePorts): LazyRoom<StatementDesk> {
    return new LazyRoom(
      async () => {
        const { me } = this.context.store.snapshot;
        const [{ StatementDesk }, gate] = await Promise.all([import('./statement-desk.ts'), loadStatements?.()]);
        if (gate === undefined || me === null) throw new Error('Nobody sees statements here.');
        return new StatementDesk(this.context, { gate, ownOfficeId: me.office.officeId });
      },
      (cause) => this.#roomFailed('statement', cause),
    );
  }

  #grant(requestId: string, addedMicros: Micros): void {
    void this.requests.answer(requestId, { state: 'granted', words: null, addedMicros });
  }

  #roomFailed(room: 'shop' | 'ownNumbers' | 'billing' | 'statement', cause: unknown): void {
    this.context.log(`The ${room} could not be loaded.`, { cause: String(cause) });
    const failed = { state: 'failed', refusal: refusal('unavailable') } as const;
    this.context.store.update(
      room === 'statement' ? { statement: { forecast: null, usage: failed } } : { [room]: failed },
    );
  }

  #loadCredit(): void {
    void this.credit.load();
    void this.requests.load();
  }

  /** A live stream has the balance on its way; without one the screen would show a cost that the balance knows nothing of. */
  #catchUpWithCharge(): void {
    if (this.context.store.snapshot.gateLink !== 'live') void this.credit.load();
  }

  #hearBalance(balance: Balance): void {
    this.calls.hearBalance(balance);
    this.quote.refresh();
    this.shop.entered?.refreshSoon();
    this.ownNumbers.entered?.refreshSoon();
  }

  #hearGate(event: GateEvent): void {
    if (event.type === 'server') this.#hearServer(event.event);
    else if (event.type === 'payment') this.useBilling((billing) => billing.hear(event.content));
    else if (event.type === 'alert') this.useAlerts((desk) => desk.hear(event.content));
    else this.#hearLink(event.link);
  }

  #hearLink(gateLink: Extract<GateEvent, { type: 'link' }>['link']): void {
    this.context.store.update({ gateLink });
    if (gateLink !== 'live') return;
    this.#signIn.start();
    // The stream begins with balance and running calls; a request that was made just before it is in no event.
    if (!this.#wasLive && this.context.store.snapshot.me !== null) void this.requests.load();
    this.#wasLive = true;
  }

  #hearServer(event: ServerEvent): void {
    switch (event.type) {
      case 'balance':
        this.credit.take(event.balance);
        break;
      case 'call':
        if (!this.calls.hearRecord(event.call)) this.#log.complete(event.call);
        break;
      case 'number':
        this.shop.entered?.take(event.number);
        void this.#learnNumbers();
        break;
      case 'own_numbers':
        this.ownNumbers.entered?.refreshSoon();
        void this.#learnNumbers();
        break;
      case 'credit_request':
        this.requests.take(event.request);
        break;
      case 'missed_call':
        this.#addMissed(event.call);
        break;
      case 'resync':
        this.#resync();
        break;
      default:
        assertNever(event);
    }
  }

  #addMissed({ number, startedAtMs }: CallRecord): void {
    const { store } = this.context;
    const missed = [{ number, atMs: startedAtMs }, ...store.snapshot.missed].slice(0, MAX_MISSED_CALLS);
    store.update({ missed });
  }

  /** Something was missed: what is on the screen is asked for again. */
  #resync(): void {
    const { me } = this.context.store.snapshot;
    if (me === null) return;
    this.#loadCredit();
    this.calls.resync();
    this.useBilling((billing) => billing.refreshSoon());
    this.useAlerts((desk) => void desk.load());
    this.shop.entered?.refreshSoon();
    this.ownNumbers.entered?.refreshSoon();
    void this.#learnNumbers();
    void this.#log.completeUnsettled(me);
  }
}

function contextOf({ gate, clock, random, randomBytes, log }: PhonePorts): PhoneContext {
  const newId = () => uuidV7({ nowMs: clock.nowMs(), randomBytes });
  return { gate, clock, random, log, newId, store: createPhoneStore() };
}
