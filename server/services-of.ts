/** Puts calls, numbers, accounts and payments together: everything that server/http binds to addresses. */
import { randomUUID } from 'node:crypto';
import { type DialableNumber, dialableNumber } from '../src/protocol/phone-number.ts';
import { granted, type Outcome } from '../src/protocol/problem.ts';
import type { AccountRoom, LineAddress } from './accounts/account-room.ts';
import { createBalanceReader } from './accounts/balance.ts';
import { type BalanceNotices, createBalanceNotices } from './accounts/balance-notices.ts';
import { answerCreditRequest, askForCredit, listCreditRequests } from './accounts/credit-requests.ts';
import { listOffices } from './accounts/list-offices.ts';
import { mintLineCredentials } from './accounts/mint-line-credentials.ts';
import { addPlayCredit, setPause, showBalance } from './accounts/office-credit.ts';
import { createOfficeDirectory } from './accounts/office-directory.ts';
import { createPeople } from './accounts/people.ts';
import { showMe } from './accounts/show-me.ts';
import {
  showBalanceTo,
  visibleEvent,
  visibleNumber,
  visibleQuote,
  visibleRefusal,
} from './accounts/visible-balance.ts';
import { type AlertService, createAlertService } from './alerts/alert-service.ts';
import { alertingNotices, isWantOfCredit } from './alerts/heard-credit.ts';
import type { WebhookTarget } from './alerts/send-webhooks.ts';
import { authorizeCall } from './calls/authorize-call.ts';
import { audienceOf, callEvent, createCallNotices } from './calls/call-notices.ts';
import type { CallRoom } from './calls/call-room.ts';
import { type CallAddress, readCall } from './calls/call-rows.ts';
import { type CallScheduler, createCallScheduler, type OwnSlots } from './calls/call-scheduler.ts';
import { createEdgeService } from './calls/edge-service.ts';
import { listCalls, showCall } from './calls/list-calls.ts';
import { quoteCall } from './calls/quote-call.ts';
import type { NumberReader, RateFinder } from './calls/rate-finder.ts';
import { releaseCall } from './calls/release-call.ts';
import { renewCallByWidget } from './calls/renew-call.ts';
import type { NumberCarrier } from './carriers/number-carrier.ts';
import { createCallGrants } from './edge/call-grant.ts';
import type { EdgeCommands } from './edge/edge-contract.ts';
import type { Ledger } from './ledger/operation.ts';
import type { ServiceRateFinder } from './metering/metering-room.ts';
import { createMeteringService, type MeteringService } from './metering/metering-service.ts';
import { createNumberOffers } from './numbers/number-offer.ts';
import type { NumberRoom } from './numbers/number-room.ts';
import { createNumberService, type NumberService } from './numbers/number-service.ts';
import { loggedNotices } from './payments/payment-notices.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import { createPaymentService, type PaymentService } from './payments/payment-service.ts';
import type { PolicyInForce } from './policy/policies.ts';
import { callingCodeOf } from './read-number.ts';
import { realTimer } from './real-timer.ts';
import { createRentService, type RentService } from './rent/rent-service.ts';
import type {
  After,
  Audience,
  EdgeService,
  EndpointHandlers,
  EventPublisher,
  Identity,
  OfficeEvent,
  ServerClock,
} from './services.ts';
import { createStatementService, type StatementService } from './statements/statement-service.ts';
import type { Store } from './storage/store.ts';

export type { LineAddress } from './accounts/account-room.ts';

export interface ServiceDependencies {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly rates: RateFinder & ServiceRateFinder;
  readonly readNumber: NumberReader;
  /** ISO 3166-1 alpha-2 of an E.164 number, for flags; nothing depends on it. Unknown when left out. */
  readonly countryOf?: (number: DialableNumber) => string | null;
  readonly policy: PolicyInForce;
  readonly clock: ServerClock;
  /** Of which slots of calls this server looks after the due ones; all when left out (calls/call-slots.ts). */
  readonly callSlots?: OwnSlots | undefined;
  /** Real timers when left out. */
  readonly after?: After;
  readonly publisher: EventPublisher;
  readonly edgeCommands: EdgeCommands;
  readonly line: LineAddress;
  readonly secrets: {
    /** Signs call grants (HS256), at least 32 bytes. */
    readonly grant: string;
    /** Shared with the SIP edges: short-lived line passwords are HMACs by it. */
    readonly line: string;
  };
  /** True lets admins add play credit. */
  readonly isDemo: boolean;
  /** Who takes payments; nobody when left out or null. */
  readonly paymentProvider?: PaymentProvider | null;
  /** Who sells numbers beside our own inventory; nobody when left out or null. */
  readonly numberCarrier?: NumberCarrier | null;
  /** The host's address for alerts; it is told nothing when left out or null. */
  readonly webhook?: WebhookTarget | null;
  /** For what is expected but worth knowing (a report after the reaping, an edge that does not answer). A `cause` is what was thrown. */
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface Scheduler {
  /** Polls for due calls (renew, reap, release) until stopped. */
  start(): void;
  /** Leaves running calls alone: they go on at the edge and from the store. */
  stop(): Promise<void>;
  /** One round; resolves when everything that was due is done. */
  tick(): Promise<void>;
}

/** What another server or an operator's command has done, as this server heard of it. */
export interface Elsewhere {
  /** The office's widgets at this server are told the balance there is now. */
  balanceChanged(office: Pick<Audience, 'accountId' | 'officeId'>): void;
  officesChanged(account: Pick<Audience, 'accountId'>): void;
  creditArrived(wallet: { readonly accountId: string; readonly walletId: string }): void;
  /** The call as it is now, and who may hear of it; null when there is no such call. */
  readCall(call: CallAddress): Promise<{ readonly audience: Audience; readonly event: OfficeEvent } | null>;
}

export interface Services {
  readonly metering: MeteringService;
  readonly alerts: AlertService;
  readonly payments: PaymentService;
  readonly numbers: NumberService;
  readonly rent: RentService;
  readonly statements: StatementService;
  readonly elsewhere: Elsewhere;
  readonly handlers: EndpointHandlers;
  readonly edge: EdgeService;
  readonly scheduler: Scheduler;
  /** What this person may see of an event: the policy can hide the balance from agents (showBalanceToAgents). For the event stream. */
  readonly visibleEvent: (identity: Identity, event: OfficeEvent) => OfficeEvent;
}

export function createServices(dependencies: ServiceDependencies): Services {
  const after = dependencies.after ?? realTimer;
  const log = dependencies.log ?? (() => undefined);
  const offices = createOfficeDirectory(dependencies);
  const balance = createBalanceReader({ ...dependencies, offices });
  const toldBalances = createBalanceNotices({ ...dependencies, balance, after, log });
  const alerts = createAlertService(
    { ...dependencies, offices, log, balanceChanged: (office) => toldBalances.walletChanged(office) },
    { after, webhook: dependencies.webhook ?? null },
  );
  const notices = alertingNotices(toldBalances, alerts);
  const metering = createMeteringService({
    ...dependencies,
    offices,
    notices,
    rechargeFirst: (wallet) => payments.rechargeNow(wallet),
    log,
  });
  const calls: CallRoom = {
    extras: metering.callExtras,
    ...dependencies,
    countryOf: dependencies.countryOf ?? (() => null),
    log,
    offices,
    grants: createCallGrants(dependencies.secrets.grant),
    notices: createCallNotices({ ...dependencies, balance: notices }),
  };
  const scheduler = createCallScheduler(calls, { after, slots: dependencies.callSlots });
  const accounts: AccountRoom = {
    ...dependencies,
    offices,
    balance,
    notices,
    people: createPeople({ ...dependencies, isServiceNumber: (number) => isServiceNumber(dependencies, number) }),
    lineSecret: dependencies.secrets.line,
    creditArrived: (wallet) => scheduler.creditArrived(wallet),
  };
  const numberRoom: NumberRoom = {
    ...dependencies,
    offices,
    notices,
    carrier: dependencies.numberCarrier ?? null,
    offers: createNumberOffers({ secret: dependencies.secrets.grant, clock: dependencies.clock }),
    callingCodeOf,
    log,
  };
  const numbers = createNumberService(numberRoom);
  const payments = createPaymentService({
    ...accounts,
    provider: dependencies.paymentProvider ?? null,
    tell: loggedNotices(log),
    newId: randomUUID,
    log,
  });
  const show = (identity: Identity) => showBalanceTo(identity, dependencies.policy.ofServer());
  return {
    handlers: hidingBalances(
      { ...accountHandlers(accounts), ...noticingRefusals(callHandlers(calls), alerts), ...numbers.handlers },
      show,
    ),
    numbers,
    edge: createEdgeService(calls),
    elsewhere: elsewhereOf(calls, { notices, scheduler }),
    payments,
    metering,
    rent: createRentService({ ...dependencies, offices, notices, giveBack: numbers.giveBack, log }),
    statements: createStatementService({ ...dependencies, offices }),
    alerts,
    scheduler,
    visibleEvent: (identity, event) => visibleEvent(event, show(identity)),
  };
}

function elsewhereOf(
  calls: CallRoom,
  { notices, scheduler }: { readonly notices: BalanceNotices; readonly scheduler: CallScheduler },
): Elsewhere {
  return {
    balanceChanged: (office) => notices.walletChangedElsewhere(office),
    officesChanged: (account) => calls.offices.forget(account),
    creditArrived: (wallet) => scheduler.creditHeard(wallet),
    readCall: async (address) => {
      const row = await readCall(calls.store, address);
      return row && { audience: audienceOf(row), event: callEvent(row, calls.clock) };
    },
  };
}

/** A short number that the rate deck knows. */
function isServiceNumber({ rates, clock }: ServiceDependencies, text: string): boolean {
  const number = dialableNumber(text);
  const query = { direction: 'outbound', licence: null, atMs: clock.nowMs() } as const;
  return number !== null && rates.find({ ...query, number }) !== null;
}

type Handlers<Name extends keyof EndpointHandlers> = Pick<EndpointHandlers, Name>;

function accountHandlers(
  room: AccountRoom,
): Handlers<
  | 'me'
  | 'mintLineCredentials'
  | 'balance'
  | 'askForCredit'
  | 'creditRequests'
  | 'answerCreditRequest'
  | 'addPlayCredit'
  | 'setPause'
  | 'offices'
> {
  return {
    me: (identity) => showMe(room, identity),
    mintLineCredentials: (identity) => mintLineCredentials(room, identity),
    balance: (identity) => showBalance(room, identity),
    askForCredit: (identity, input) => askForCredit(room, { identity, ...input }),
    creditRequests: (identity) => listCreditRequests(room, identity),
    answerCreditRequest: (identity, input) => answerCreditRequest(room, { identity, ...input }),
    addPlayCredit: (identity, input) => addPlayCredit(room, { identity, ...input }),
    setPause: (identity, input) => setPause(room, { identity, ...input }),
    offices: (identity) => listOffices(room, identity),
  };
}

function callHandlers(
  room: CallRoom,
): Handlers<'quote' | 'authorizeCall' | 'renewCall' | 'releaseCall' | 'call' | 'calls' | 'rates'> {
  return {
    quote: (identity, { to }) => quoteCall(room, { identity, to }),
    authorizeCall: (identity, input) => authorizeCall(room, { identity, ...input }),
    renewCall: (identity, input) => renewCallByWidget(room, { identity, ...input }),
    releaseCall: (identity, { callId }) => releaseCall(room, { identity, callId }),
    call: (identity, { callId }) => showCall(room, { identity, callId }),
    calls: (identity, { cursor }) => listCalls(room, { identity, cursor: cursor ?? null }),
    rates: async (_identity, { search, cursor }) => {
      const page = room.rates.search({ search: search ?? null, cursor: cursor ?? null });
      return granted({ rates: [...page.rates], nextCursor: page.nextCursor });
    },
  };
}

/** Somebody could not call: whoever can add credit hears of it now, not when the balance changes next. */
function noticingRefusals<Some extends Pick<EndpointHandlers, 'authorizeCall'>>(
  handlers: Some,
  alerts: AlertService,
): Some {
  return {
    ...handlers,
    authorizeCall: async (identity: Identity, input: Parameters<Some['authorizeCall']>[1]) => {
      const call = await handlers.authorizeCall(identity, input);
      if (isWantOfCredit(call)) alerts.creditChanged(identity, true);
      return call;
    },
  };
}

type Show = (identity: Identity) => ReturnType<typeof showBalanceTo>;

/** The one place where answers to agents lose what the policy hides from them. */
function hidingBalances(handlers: EndpointHandlers, show: Show): EndpointHandlers {
  return {
    ...handlers,
    quote: async (identity, input) => {
      const quote = withVisibleRefusal(await handlers.quote(identity, input), show(identity));
      return quote.ok ? granted(visibleQuote(quote.value, show(identity))) : quote;
    },
    authorizeCall: async (identity, input) => {
      const call = withVisibleRefusal(await handlers.authorizeCall(identity, input), show(identity));
      return call.ok ? granted({ ...call.value, quote: visibleQuote(call.value.quote, show(identity)) }) : call;
    },
    searchNumbers: async (identity, input) => {
      const page = await handlers.searchNumbers(identity, input);
      if (!page.ok) return page;
      const numbers = page.value.numbers.map((number) => visibleNumber(number, show(identity)));
      return granted({ ...page.value, numbers });
    },
  };
}

function withVisibleRefusal<Value>(outcome: Outcome<Value>, show: ReturnType<Show>): Outcome<Value> {
  return outcome.ok ? outcome : { ok: false, refusal: visibleRefusal(outcome.refusal, show) };
}
