/**
 * Payments on the office of office-rig.ts: a real SQLite store, the simulated provider, a clock that a test moves, and reports that a test
 * delivers by hand. `crash` stands for a server that dies between two steps.
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { PaymentProvider, ProviderReply } from '../../server/payments/payment-provider.ts';
import type { PaymentService } from '../../server/payments/payment-service.ts';
import { SimulatedProvider } from '../../server/payments/simulated-provider.ts';
import type { SignedReport } from '../../server/payments/simulated-webhooks.ts';
import type { Policy } from '../../server/policy/policy.ts';
import type { Identity } from '../../server/services.ts';
import type { AutoRechargeRow, PayerRow, PaymentRow } from '../../server/storage/rows.ts';
import { micros } from '../../src/protocol/money.ts';
import { type OfficeOutcome, officeRefusalSchema } from '../../src/protocol/office-problem.ts';
import type { PaymentProgress, SaveAutoRecharge, StartPayment } from '../../src/protocol/payment.ts';
import { PAYMENT_ENDPOINTS } from '../../src/protocol/payment-endpoints.ts';
import type { PaymentEndpointName } from '../../src/protocol/payment-routes.ts';
import { refusalSchema } from '../../src/protocol/problem.ts';
import { ledgerFaults } from './ledger-invariants.ts';
import { DANA, OfficeRig } from './office-rig.ts';

export const GOOD_CARD = '4242424242424242';
export const USD = 1_000_000;

/** Stands between the server and the provider: a test makes answers get lost, or servers die. */
export type Fault = 'lost_before' | 'lost_after' | 'crash_before' | 'crash_after';
const LISTING = 'payments/events';
class CrashError extends Error {}

export class PaymentRig {
  readonly office: OfficeRig;
  readonly provider: SimulatedProvider;
  /** Reports that the provider has sent and nobody has taken yet. */
  readonly reports: SignedReport[] = [];
  /** Reports that the provider sends later. */
  #late: { readonly atMs: number; readonly send: () => void }[] = [];
  /** True: a late report travels until its time has come (`later`), otherwise not at all. */
  areReportsTimed = false;
  /** Of the next requests that create a payment, in order. */
  readonly faults: Fault[] = [];
  /** How often a payment was asked for at the provider. */
  createCount = 0;

  private constructor(office: OfficeRig) {
    this.office = office;
    this.provider = new SimulatedProvider({
      store: {
        // The provider's data outlives the server's connection.
        get db() {
          return office.store.db;
        },
        writeRows: (writes) => office.store.writeRows(writes),
      },
      clock: office.clock,
      after: (delayMs, callback) => {
        if (this.areReportsTimed && delayMs > 0)
          this.#late.push({ atMs: office.clock.nowMs() + delayMs, send: callback });
        else callback();
        return () => undefined;
      },
      webhookSecret: 'the-secret-of-the-simulated-provider',
      deliver: async (report) => {
        this.reports.push(report);
        return true;
      },
    });
    office.paymentProvider = () => this.#faulty();
    office.services = office.newServices();
  }

  static async open(policy: Partial<Policy> = {}): Promise<PaymentRig> {
    return new PaymentRig(await OfficeRig.open(policy));
  }

  get service(): PaymentService {
    return this.office.services.payments;
  }

  /** Every answer is what the contract says. */
  async ask<Name extends PaymentEndpointName>(
    name: Name,
    input: Parameters<PaymentService['handlers'][Name]>[1],
    who: { readonly identity?: Identity; readonly service?: PaymentService } = {},
  ): Promise<Awaited<ReturnType<PaymentService['handlers'][Name]>>> {
    const { identity = DANA, service = this.service } = who;
    // The handler of this very name takes this very input; TypeScript does not follow a name through the table.
    const handle = service.handlers[name] as (...given: unknown[]) => Promise<OfficeOutcome<unknown>>;
    const outcome = await handle(identity, input);
    if (outcome.ok) expect(PAYMENT_ENDPOINTS[name].response.parse(outcome.value)).toEqual(outcome.value);
    else {
      const schema = officeRefusalSchema.safeParse(outcome.refusal).success ? officeRefusalSchema : refusalSchema;
      expect(schema.parse(outcome.refusal)).toEqual(outcome.refusal);
    }
    return outcome as Awaited<ReturnType<PaymentService['handlers'][Name]>>;
  }

  async pay(wish: Partial<StartPayment> = {}, who: { readonly identity?: Identity } = {}) {
    const start: StartPayment = {
      paymentId: randomUUID(),
      amountMicros: micros(25 * USD),
      currency: 'USD',
      payWith: 'saved_card',
      keepsCard: false,
      ...wish,
    };
    return await this.ask('startPayment', start, who);
  }

  /** A payment with a new card, to its end at the provider; the server has not heard of it. */
  async payWithNewCard(number: string, wish: Partial<StartPayment> = {}): Promise<PaymentProgress> {
    const started = agreed(await this.pay({ payWith: 'new_card', ...wish }));
    await this.giveCard(started.step?.clientSecret ?? '', number);
    return started;
  }

  async giveCard(clientSecret: string, number: string) {
    return await this.provider.confirm({ clientSecret, number, expiryMonth: 12, expiryYear: 2030, cvc: '123' });
  }

  async saveCard(number: string = GOOD_CARD): Promise<void> {
    const setupId = randomUUID();
    const setup = agreed(await this.ask('startCardSetup', { setupId }));
    const clientSecret = setup.step?.clientSecret ?? '';
    const answer = await this.giveCard(clientSecret, number);
    if (answer?.status === 'requires_action') await this.provider.authenticate({ clientSecret, isConfirmed: true });
    const finished = agreed(await this.ask('finishCardSetup', { setupId }));
    expect(finished).toMatchObject({ status: 'succeeded', card: { last4: number.slice(-4) } });
    this.reports.length = 0;
  }

  async turnOnRecharge(settings: Partial<SaveAutoRecharge> = {}): Promise<void> {
    const saved = await this.ask('saveAutoRecharge', {
      isOn: true,
      thresholdMicros: micros(5 * USD),
      amountMicros: micros(25 * USD),
      monthlyLimitMicros: micros(100 * USD),
      hasConsented: true,
      ...settings,
    });
    agreed(saved);
    await this.office.settleDown();
  }

  async deliver(report: SignedReport, service = this.service) {
    const taken = await service.takeReport({ provider: 'simulated', ...report });
    await this.office.settleDown();
    return taken;
  }

  /** All reports that wait, in the order given. */
  async deliverAll(order: (reports: readonly SignedReport[]) => readonly SignedReport[] = (all) => all): Promise<void> {
    const reports = order(this.reports.splice(0));
    for (const report of reports) await this.deliver(report);
  }

  /** Time goes by and everything periodic has its turn, but the provider's own list of events. */
  async later(seconds: number, service = this.service): Promise<void> {
    this.office.clock.advance(seconds * 1_000);
    const nowMs = this.office.clock.nowMs();
    const due = this.#late.filter(({ atMs }) => atMs <= nowMs);
    this.#late = this.#late.filter(({ atMs }) => atMs > nowMs);
    for (const { send } of due) send();
    for (const { name, work } of service.works) if (name !== LISTING) await work();
    await this.office.settleDown();
  }

  /** The provider's own list of events is compared with what came. */
  async fetchEvents(): Promise<void> {
    await this.service.workOnce();
    await this.later(0);
  }

  /** One look at the wallets that auto-recharge concerns. */
  async lookAtRecharges(service = this.service): Promise<void> {
    await service.works.find(({ name }) => name === 'payments/recharges')?.work();
  }

  /** What was used of the credit: a purchase, as the simplest usage. */
  async use(amountMicros: number, walletId = 'berlin'): Promise<void> {
    const result = await this.#take(amountMicros, { walletId, entryKind: 'number_purchase' });
    expect(result.applied).toBe(true);
  }

  async correct(amountMicros: number): Promise<void> {
    const result = await this.#take(amountMicros, { walletId: 'berlin', entryKind: 'operator_correction' });
    expect(result.applied).toBe(true);
  }

  #take(amountMicros: number, { walletId, entryKind }: { readonly walletId: string; readonly entryKind: string }) {
    return this.office.ledger.submit({
      kind: 'charge',
      operationId: `use:${randomUUID()}`,
      accountId: 'acme',
      walletId,
      atMs: this.office.clock.nowMs(),
      amountMicros: micros(amountMicros),
      revenueAccount: 'number_revenue',
      entryKind,
      reference: 'test',
      alongside: [],
    });
  }

  async balance(walletId = 'berlin'): Promise<number> {
    return (await this.office.wallet(walletId)).balance;
  }

  async payment(paymentId: string): Promise<PaymentRow> {
    return await this.office.store.db
      .selectFrom('payment')
      .selectAll()
      .where('accountId', '=', 'acme')
      .where('paymentId', '=', paymentId)
      .executeTakeFirstOrThrow();
  }

  async recharges(): Promise<readonly PaymentRow[]> {
    return await this.office.store.db
      .selectFrom('payment')
      .selectAll()
      .where('kind', '=', 'auto_recharge')
      .orderBy('createdAtMs')
      .execute();
  }

  async recharge(): Promise<AutoRechargeRow> {
    return await this.office.store.db.selectFrom('auto_recharge').selectAll().executeTakeFirstOrThrow();
  }

  async payer(): Promise<PayerRow> {
    return await this.office.store.db.selectFrom('payer').selectAll().executeTakeFirstOrThrow();
  }

  async owed(): Promise<number> {
    const debt = await this.office.store.db.selectFrom('debt').selectAll().executeTakeFirst();
    return debt?.owedMicros ?? 0;
  }

  /** Payments that took money at the provider. */
  async charges(): Promise<number> {
    const objects = await this.office.store.db
      .selectFrom('simulated_object')
      .select('content')
      .where('kind', '=', 'payment')
      .execute();
    return objects.filter(({ content }) => JSON.parse(content).status === 'succeeded').length;
  }

  async refOf(paymentId: string): Promise<string> {
    return (await this.payment(paymentId)).providerRef ?? '';
  }

  /** The book adds up; every test ends with it. */
  async close(): Promise<void> {
    expect(await ledgerFaults(this.office.store)).toEqual([]);
    await this.office.close();
  }

  #faulty(): PaymentProvider {
    const createPayment: PaymentProvider['createPayment'] = async (request) => {
      const fault = this.faults.shift();
      if (fault === 'lost_before') return LOST;
      if (fault === 'crash_before') throw new CrashError('The server died before it asked');
      this.createCount += 1;
      const reply = await this.provider.createPayment(request);
      if (fault === 'crash_after') throw new CrashError('The server died before it heard the answer');
      return fault === 'lost_after' ? LOST : reply;
    };
    return new Proxy<PaymentProvider>(this.provider, {
      get: (target, name) => {
        if (name === 'createPayment') return createPayment;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

const LOST: ProviderReply<never> = { outcome: 'unknown', cause: 'time-out' };

export function agreed<Value>(outcome: OfficeOutcome<Value>): Value {
  if (!outcome.ok) throw new Error(`Refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}

export function codeOf(outcome: OfficeOutcome<unknown>): string {
  if (outcome.ok) throw new Error(`Not refused: ${JSON.stringify(outcome.value)}`);
  return outcome.refusal.code;
}
