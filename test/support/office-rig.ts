/**
 * The gate's services on a real SQLite store in a temporary file, with a clock that a test moves and an edge that a test scripts.
 * Two offices of one account (each with its own wallet), and another account.
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import * as z from 'zod/mini';
import type { NumberCarrier } from '../../server/carriers/number-carrier.ts';
import {
  admissionRequestSchema,
  admissionSchema,
  type CallAtEdge,
  type EdgeCommandOutcome,
  type EdgeCommands,
  type EndCommand,
  type LeaseCommand,
} from '../../server/edge/edge-contract.ts';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { createLedger, type DrainableLedger } from '../../server/ledger/ledger.ts';
import { heldCreditFaults, heldCreditLines } from '../../server/operator/held-credit.ts';
import type { PaymentProvider } from '../../server/payments/payment-provider.ts';
import { DEFAULT_POLICIES } from '../../server/policy/default-policies.ts';
import { DEFAULT_POLICY } from '../../server/policy/default-policy.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import type { Policy } from '../../server/policy/policy.ts';
import { RateBook } from '../../server/rates/rate-book.ts';
import { RateDeck } from '../../server/rates/rate-deck.ts';
import type { Audience, EdgeService, EndpointHandlers, Identity, OfficeEvent } from '../../server/services.ts';
import { createServices, type ServiceDependencies, type Services } from '../../server/services-of.ts';
import type { CallRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { alertEventSchema } from '../../src/protocol/alert.ts';
import type { CallAuthorization } from '../../src/protocol/call.ts';
import { ENDPOINTS, type EndpointName } from '../../src/protocol/endpoints.ts';
import { serverEventSchema } from '../../src/protocol/events.ts';
import { micros } from '../../src/protocol/money.ts';
import { paymentEventSchema } from '../../src/protocol/payment.ts';
import { dialableNumber } from '../../src/protocol/phone-number.ts';
import { type Outcome, type ProblemCode, type Refusal, refusalSchema } from '../../src/protocol/problem.ts';
import { MovingClock } from './moving-clock.ts';
import { RATES } from './office-rates.ts';
import { SERVICE_RATES } from './service-rates.ts';
import { createTestStore, STORE_TURN_MS, type TestStoreHome } from './test-store.ts';

export * from './office-rates.ts';

export const SAM: Identity = {
  accountId: 'acme',
  officeId: 'berlin',
  personId: 'sam',
  name: 'Sam Reed',
  role: 'agent',
  licence: null,
};
export const KIM: Identity = { ...SAM, personId: 'kim', name: 'Kim Lee' };
export const DANA: Identity = { ...SAM, personId: 'dana', name: 'Dana Whitfield', role: 'billing' };
export const LUIS: Identity = { ...SAM, personId: 'luis', name: 'Luis Ortega', role: 'company' };
/** The account's other office. */
export const ANN: Identity = { ...SAM, officeId: 'austin', personId: 'ann', name: 'Ann Fox' };
/** Another account; the same ids below it. */
export const STRANGER: Identity = { ...SAM, accountId: 'other' };

/** An edge that does what a test says; by default every command finds its call. */
export class ScriptedEdge implements EdgeCommands {
  readonly leases: (CallAtEdge & LeaseCommand)[] = [];
  readonly ends: (CallAtEdge & EndCommand)[] = [];
  outcome: (target: CallAtEdge) => EdgeCommandOutcome = (target) => ({
    outcome: 'done',
    call: { callId: target.callId, state: 'answered', elapsedMs: null, leaseSeconds: 0 },
  });

  async setLease(target: CallAtEdge, command: LeaseCommand): Promise<EdgeCommandOutcome> {
    this.leases.push({ ...target, ...command });
    return this.outcome(target);
  }

  async end(target: CallAtEdge, command: EndCommand): Promise<EdgeCommandOutcome> {
    this.ends.push({ ...target, ...command });
    return this.outcome(target);
  }
}

export interface Told {
  readonly audience: Audience;
  readonly event: OfficeEvent;
}

/** What is another server's own. */
export type AnotherWorld = Partial<
  Pick<ServiceDependencies, 'callSlots' | 'store' | 'ledger' | 'clock' | 'rates' | 'numberCarrier'>
>;

export class OfficeRig {
  readonly clock = new MovingClock();
  readonly edgeCommands = new ScriptedEdge();
  readonly told: Told[] = [];
  readonly logged: string[] = [];
  readonly #home: TestStoreHome;
  /** Of accounts without another profile, as both are at first. */
  policy: Policy = DEFAULT_POLICY;
  /** Asked when services are made; null: nobody takes payments. */
  paymentProvider: (() => PaymentProvider) | null = null;
  /** Who sells numbers beside the inventory, to services that are made from now on. */
  numberCarrier: NumberCarrier | null = null;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  store: Store;
  ledger: DrainableLedger;
  services: Services;

  private constructor(home: TestStoreHome, store: Store) {
    this.#home = home;
    this.store = store;
    this.ledger = createLedger(store);
    this.services = this.newServices();
  }

  /** On the store of the test run, or on one that the test names. */
  static async open(policy: Partial<Policy> = {}, given?: TestStoreHome): Promise<OfficeRig> {
    const home = given ?? (await createTestStore());
    const rig = new OfficeRig(home, await home.open());
    rig.policy = { ...DEFAULT_POLICY, ...policy };
    await rig.#seed();
    return rig;
  }

  /** The same data by connections of its own, as another server has them. The test closes it. */
  openStore(): Promise<Store> {
    return this.#home.open();
  }

  /** Of a process that works on the same data. */
  get environment(): Readonly<Record<string, string>> {
    return this.#home.environment;
  }

  /** Another server on the same store, or on one of its own. */
  newServices(world: AnotherWorld = {}): Services {
    return keepingTheContract(this.#createServices(world));
  }

  #createServices(world: AnotherWorld): Services {
    return createServices({
      store: this.store,
      ledger: this.ledger,
      rates: new RateBook(RateDeck.from([...RATES, ...SERVICE_RATES])),
      readNumber: (text) => dialableNumber(text.replace(/[^\d+]/g, '')),
      policy: policyInForce(() => ({ ...DEFAULT_POLICIES, default: this.policy })),
      clock: this.clock,
      after: (delayMs, callback) => {
        const timer = { atMs: this.clock.nowMs() + delayMs, callback };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
      publisher: {
        publish: (audience, event) => {
          expect(officeEventSchema.parse(event)).toEqual(event);
          this.told.push({ audience, event });
        },
      },
      edgeCommands: this.edgeCommands,
      line: { sipDomain: 'phone.test', webSocketUrl: 'ws://phone.test/sip', credentialsSeconds: 600, iceServers: [] },
      secrets: { grant: 'a-secret-for-grants-of-32-bytes-0123456789', line: 'a-secret-for-lines' },
      isDemo: true,
      paymentProvider: this.paymentProvider?.() ?? null,
      numberCarrier: this.numberCarrier,
      log: (message) => this.logged.push(message),
      ...world,
    });
  }

  /** The server dies and another one starts on the same data. */
  async restart(): Promise<void> {
    await this.ledger.close();
    await this.store.close();
    this.#timers = [];
    this.store = await this.#home.open();
    this.ledger = createLedger(this.store);
    this.services = this.newServices();
  }

  /** Whatever happened: what is set aside is set aside for something that is open, and every test ends with it. */
  async close(): Promise<void> {
    await this.ledger.close();
    expect(heldCreditLines(await heldCreditFaults(this.store))).toEqual([]);
    await this.store.close();
    await this.#home.remove();
  }

  async #seed(): Promise<void> {
    const office = { country: 'DE', timeZone: 'Europe/Berlin', pausedAtMs: null, pausedByName: null };
    const offices = [
      { ...office, accountId: 'acme', officeId: 'berlin', name: 'Berlin', walletId: 'berlin' },
      { ...office, accountId: 'acme', officeId: 'austin', name: 'Austin', walletId: 'austin' },
      { ...office, accountId: 'other', officeId: 'berlin', name: 'Berlin', walletId: 'berlin' },
    ];
    for (const { accountId, walletId } of offices)
      await this.store.openWallet({ accountId, walletId, currency: 'USD' });
    await this.store.writeRows([
      ...['acme', 'other'].map((accountId) => ({
        table: 'account' as const,
        mode: 'insert' as const,
        row: {
          accountId,
          name: accountId,
          currency: 'USD',
          timeZone: 'Europe/Berlin',
          profile: 'default',
          isPhoneEnabled: true,
          supportEmail: 'billing@phone.test',
        },
      })),
      ...offices.map((row) => ({ table: 'office' as const, mode: 'insert' as const, row })),
    ]);
  }

  /** Moves time in steps of at most a quarter of a second, as the scheduler polls; runs timers that come due. */
  async pass(seconds: number, services: readonly Services[] = [this.services]): Promise<void> {
    const endMs = this.clock.nowMs() + seconds * 1_000;
    while (this.clock.nowMs() < endMs) {
      this.clock.advance(Math.min(250, endMs - this.clock.nowMs()));
      await this.#runTimers();
      await Promise.all(services.map((server) => server.scheduler.tick()));
    }
    await this.settleDown();
  }

  /** Lets what was begun without waiting (event notices, credit that arrived) come to its end. */
  async settleDown(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (STORE_TURN_MS > 0) await new Promise((resolve) => setTimeout(resolve, STORE_TURN_MS));
  }

  async #runTimers(): Promise<void> {
    const due = this.#timers.filter((timer) => timer.atMs <= this.clock.nowMs());
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.clock.nowMs());
    for (const { callback } of due) callback();
    if (due.length > 0) await this.settleDown();
  }

  async addCredit(amountMicros: number, walletId = 'berlin'): Promise<void> {
    const result = await this.ledger.submit({
      kind: 'credit',
      operationId: `credit:${randomUUID()}`,
      accountId: 'acme',
      walletId,
      atMs: this.clock.nowMs(),
      amountMicros: micros(amountMicros),
      sourceAccount: 'operator_credit',
      entryKind: 'operator_credit',
      reference: 'test',
      alongside: [],
    });
    expect(result.applied).toBe(true);
  }

  async wallet(walletId = 'berlin'): Promise<{ balance: number; held: number; available: number }> {
    const row = await this.store.db
      .selectFrom('wallet')
      .selectAll()
      .where('accountId', '=', 'acme')
      .where('walletId', '=', walletId)
      .executeTakeFirstOrThrow();
    return { balance: row.balanceMicros, held: row.heldMicros, available: row.balanceMicros - row.heldMicros };
  }

  authorize(to: string, who: { readonly identity?: Identity; readonly callId?: string } = {}) {
    const { identity = SAM, callId = randomUUID() } = who;
    return this.services.handlers.authorizeCall(identity, { callId, to, callerNumber: null });
  }

  admit(
    authorized: CallAuthorization,
    other: {
      readonly identity?: Identity;
      readonly sipCallId?: string;
      readonly grant?: string | null;
      readonly number?: string;
    } = {},
  ) {
    return this.services.edge.admit({
      direction: 'outbound',
      edgeId: 'embedded',
      sipCallId: other.sipCallId ?? `sip-${authorized.callId}`,
      callerUser: sipUserOf(other.identity ?? SAM),
      calledNumber: other.number ?? authorized.quote.number,
      grant: other.grant === undefined ? authorized.grant : other.grant,
    });
  }

  /** A call that was authorized, admitted and answered now. */
  async answeredCall(to: string, who: { readonly identity?: Identity; readonly callId?: string } = {}) {
    const authorized = granted(await this.authorize(to, who));
    const admission = await this.admit(authorized, who.identity ? { identity: who.identity } : {});
    expect(admission.decision).toBe('allow');
    await this.answered(authorized.callId);
    return authorized;
  }

  answered(callId: string, happenedAgoMs = 0) {
    return this.services.edge.answered(callId, { accountId: 'acme', edgeId: 'embedded', happenedAgoMs });
  }

  ended(callId: string, durationMs: number | null, happenedAgoMs = 0) {
    const report = { accountId: 'acme', edgeId: 'embedded', happenedAgoMs, durationMs };
    return this.services.edge.ended(callId, { ...report, reason: 'hung_up' });
  }

  async row(callId: string): Promise<CallRow> {
    return await this.store.db.selectFrom('call').selectAll().where('callId', '=', callId).executeTakeFirstOrThrow();
  }

  /** What the book says was taken for a call. */
  async captured(callId: string): Promise<number> {
    const entries = await this.store.db
      .selectFrom('entry')
      .selectAll()
      .where('reference', '=', callId)
      .where('ledgerAccount', '=', 'wallet')
      .execute();
    return -entries.reduce((sum, entry) => sum + entry.amountMicros, 0);
  }

  eventsOf<Type extends OfficeEvent['type']>(type: Type): Extract<OfficeEvent, { type: Type }>[] {
    return this.told.flatMap(({ event }) => (isOfType(event, type) ? [event] : []));
  }
}

const officeEventSchema = z.union([serverEventSchema, paymentEventSchema, alertEventSchema]);

/** Every answer that a test sees is what the contract says, to the field. */
function keepingTheContract(services: Services): Services {
  const handlers = Object.entries(services.handlers).map(([name, handler]) => [
    name,
    async (...input: Parameters<typeof handler>) => {
      // The entries of `handlers` lose which input belongs to which name; each is called with its own.
      const outcome = await (handler as (...input: unknown[]) => Promise<Outcome<unknown>>)(...input);
      if (outcome.ok) expect(ENDPOINTS[name as EndpointName].response.parse(outcome.value)).toEqual(outcome.value);
      else expect(refusalSchema.parse(outcome.refusal)).toEqual(outcome.refusal);
      return outcome;
    },
  ]);
  const edge: EdgeService = {
    ...services.edge,
    admit: async (request) => {
      const admission = await services.edge.admit(admissionRequestSchema.parse(request));
      expect(admissionSchema.parse(admission)).toEqual(admission);
      return admission;
    },
  };
  return { ...services, edge, handlers: Object.fromEntries(handlers) as unknown as EndpointHandlers };
}

function isOfType<Type extends OfficeEvent['type']>(
  event: OfficeEvent,
  type: Type,
): event is Extract<OfficeEvent, { type: Type }> {
  return event.type === type;
}

export function granted<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`Refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}

export function refusalOf(outcome: Outcome<unknown>): Refusal {
  if (outcome.ok) throw new Error(`Not refused: ${JSON.stringify(outcome.value)}`);
  return outcome.refusal;
}

export function codeOf(outcome: Outcome<unknown>): ProblemCode {
  return refusalOf(outcome).code;
}
