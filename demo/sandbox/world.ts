/** The hands of a scenario in the sandbox: Sam calls, Dana pays, time goes by, the network and the provider's reports have their faults. */
import { randomUUID } from 'node:crypto';
import { sipUserOf } from '../../server/edge/sip-user.ts';
import { type DeliveryMode, setDeliveries } from '../../server/payments/simulated-deliveries.ts';
import { SimulatedObjects } from '../../server/payments/simulated-objects.ts';
import { parseRateDeck } from '../../server/rates/parse-rate-deck.ts';
import { saveRateDeck } from '../../server/rates/rate-deck-store.ts';
import type { Identity } from '../../server/services.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { type Micros, micros, subtractMicros } from '../../src/protocol/money.ts';
import { SIMULATED_PAYMENT_PATHS } from '../../src/protocol/simulated-payment.ts';
import { ACCOUNT_ID } from '../host/people.ts';
import type { PlayedCall } from './played-edge.ts';
import type { Sandbox } from './sandbox.ts';

const OFFICE_ID = 'hamburg';
const SAM: Identity = {
  accountId: ACCOUNT_ID,
  officeId: OFFICE_ID,
  personId: 'sam',
  name: 'Sam Carter',
  role: 'agent',
  licence: null,
};
const DANA: Identity = { ...SAM, personId: 'dana', name: 'Dana Whitfield', role: 'billing' };
const EDGE_ID = 'embedded';
/** The server looks after calls as often as this; time goes by in such steps. */
const STEP_MS = MILLISECONDS_PER_SECOND;
/** Longer than any server takes to hear of a new price list. */
const PRICE_PATIENCE_MS = 10_000;
/** The periodic work that a moved clock makes due; what fetches lost reports has its own, slower time. */
const DUE_SOON = ['payments/inbox', 'payments/recharges', 'rent/due', 'rent/late'];

/** What can be seen from outside, at one moment. Amounts in micros. */
export interface Facts {
  readonly balance: number;
  readonly held: number;
  readonly available: number;
  /** What became of the last try to call. */
  readonly call: 'none' | 'talking' | 'over' | 'refused';
  readonly callCost: number;
  readonly callSeconds: number;
  readonly callPricePerMinute: number;
  /** Why the last try was refused. */
  readonly refusal: string | null;
  readonly payment: string | null;
  /** Payments that brought credit. */
  readonly paid: number;
  /** Reports of the provider that came in, repeats among them. */
  readonly reports: number;
  readonly number: string | null;
}

export class World {
  readonly #sandbox: Sandbox;
  #callId: string | null = null;
  #call: PlayedCall | null = null;
  #paymentId: string | null = null;
  #refusal: string | null = null;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** The office has this much to use from now on. */
  async haveCredit(amountMicros: number): Promise<void> {
    const { available } = await this.facts();
    const difference = subtractMicros(micros(amountMicros), micros(available));
    if (difference === 0) return;
    const common = {
      operationId: `played:${randomUUID()}`,
      accountId: ACCOUNT_ID,
      walletId: OFFICE_ID,
      atMs: this.#sandbox.clock.nowMs(),
      reference: 'scenario player',
      alongside: [],
    };
    const result = await this.#sandbox.ledger.submit(
      difference > 0
        ? {
            ...common,
            kind: 'credit',
            amountMicros: difference,
            sourceAccount: 'operator_credit',
            entryKind: 'operator_credit',
          }
        : {
            ...common,
            kind: 'charge',
            amountMicros: micros(-difference),
            revenueAccount: 'demo_drain',
            entryKind: 'adjustment',
          },
    );
    if (!result.applied) throw new Error(`The credit could not be set: ${JSON.stringify(result.refusal)}`);
    this.#tellBalance();
  }

  /** Sam calls; the far side answers at once. A refusal is a fact like any other. */
  async call(to: string): Promise<void> {
    const { services, clock, edge } = this.#sandbox;
    const callId = randomUUID();
    const asked = await services.handlers.authorizeCall(SAM, { callId, to, callerNumber: null });
    this.#refusal = asked.ok ? null : asked.refusal.code;
    if (!asked.ok) return;
    this.#callId = callId;
    const admission = await services.edge.admit({
      direction: 'outbound',
      edgeId: EDGE_ID,
      sipCallId: `sip-${callId}`,
      callerUser: sipUserOf(SAM),
      calledNumber: asked.value.quote.number,
      grant: asked.value.grant,
    });
    if (admission.decision !== 'allow') throw new Error(`The edge was refused: ${admission.refusal.code}`);
    this.#call = { accountId: ACCOUNT_ID, callId, answeredAtMs: clock.nowMs(), leaseSeconds: admission.leaseSeconds };
    edge.answer(this.#call);
    await services.edge.answered(callId, { accountId: ACCOUNT_ID, edgeId: EDGE_ID, happenedAgoMs: 0 });
  }

  /** Prices are read anew within two seconds after they were put in force; the first call at the new one is this. */
  async callAtPrice(to: string, perMinuteMicros: number): Promise<void> {
    const giveUpAtMs = performance.now() + PRICE_PATIENCE_MS;
    while (performance.now() < giveUpAtMs) {
      const quote = await this.#sandbox.services.handlers.quote(SAM, { to });
      if (quote.ok && quote.value.perMinuteMicros === perMinuteMicros) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await this.call(to);
  }

  async hangUp(): Promise<void> {
    const call = this.#call;
    if (call === null) throw new Error('Nobody is talking.');
    this.#sandbox.edge.forget(call.callId);
    await this.#reportEnd(call, { durationMs: this.#sandbox.clock.nowMs() - call.answeredAtMs, reason: 'hung_up' });
  }

  /** Time goes by, second by second: leases are renewed, or end. */
  async pass(seconds: number): Promise<void> {
    const { clock, edge, services } = this.#sandbox;
    for (let passed = 0; passed < seconds; passed += 1) {
      clock.moveBy(STEP_MS);
      await services.scheduler.tick();
      await edge.cutWhatIsOver((call, end) => this.#reportEnd(call, end));
    }
    await this.#workOnce();
  }

  /** Days at once, while nobody talks. */
  async moveTo(atMs: number): Promise<void> {
    this.#sandbox.clock.moveBy(Math.max(0, atMs - this.#sandbox.clock.nowMs()));
    await this.#workOnce();
  }

  setNetwork(isReachable: boolean): void {
    this.#sandbox.edge.isReachable = isReachable;
  }

  async setReports(mode: DeliveryMode): Promise<void> {
    const nowMs = this.#sandbox.clock.nowMs();
    await setDeliveries(new SimulatedObjects(this.#sandbox.store), { mode, nowMs });
  }

  /** Dana saves a card, as in the widget. */
  async saveCard(number: string): Promise<void> {
    const { handlers } = this.#sandbox.services.payments;
    const setupId = randomUUID();
    const begun = await handlers.startCardSetup(DANA, { setupId });
    if (!begun.ok) throw new Error(`No card could be saved: ${begun.refusal.code}`);
    await this.#giveCard(begun.value.step?.clientSecret ?? '', number);
    await handlers.finishCardSetup(DANA, { setupId });
  }

  async payWithSavedCard(amountMicros: Micros): Promise<void> {
    await this.#startPayment(amountMicros, 'saved_card');
  }

  /** Dana gives a card and closes the page before the answer comes: only the provider's report can say how it ended. */
  async payAndCloseThePage(amountMicros: Micros, number: string): Promise<void> {
    await this.#giveCard(await this.#startPayment(amountMicros, 'new_card'), number);
  }

  /** Another deck is in force for all new calls. */
  async setPrice(csv: string): Promise<void> {
    const { clock, store } = this.#sandbox;
    const deck = parseRateDeck(csv);
    if (!deck.isGood) throw new Error(`These rates are not good: ${JSON.stringify(deck.bad[0])}`);
    await saveRateDeck(store, {
      deckId: randomUUID(),
      name: 'scenario player',
      importedAtMs: clock.nowMs(),
      rates: deck.rates,
    });
  }

  async buyNumber(number: string): Promise<void> {
    const bought = await this.#sandbox.services.handlers.buyNumber(DANA, { number, purchaseId: randomUUID() });
    this.#refusal = bought.ok ? null : bought.refusal.code;
  }

  /** The first moment of the day on which the next rent falls due, and a little more. */
  async moveToRentDay(): Promise<void> {
    const own = await this.#ownNumber();
    const day = own?.nextRentDay ?? null;
    if (day === null) throw new Error('There is no number that is paid for.');
    // Midnight in Hamburg is one or two hours before midnight UTC.
    await this.moveTo(Date.parse(`${day}T01:00:00Z`));
  }

  async facts(): Promise<Facts> {
    const { store } = this.#sandbox;
    const wallet = await store.db
      .selectFrom('wallet')
      .select(['balanceMicros', 'heldMicros'])
      .where('accountId', '=', ACCOUNT_ID)
      .where('walletId', '=', OFFICE_ID)
      .executeTakeFirstOrThrow();
    const { balanceMicros: balance, heldMicros: held } = wallet;
    const number = (await this.#ownNumber())?.state ?? null;
    return {
      balance,
      held,
      available: balance - held,
      ...(await this.#callFacts()),
      ...(await this.#paymentFacts()),
      number,
    };
  }

  async #callFacts(): Promise<Pick<Facts, 'call' | 'callCost' | 'callSeconds' | 'callPricePerMinute' | 'refusal'>> {
    const none = { callCost: 0, callSeconds: 0, callPricePerMinute: 0, refusal: this.#refusal };
    if (this.#refusal !== null) return { ...none, call: 'refused' };
    if (this.#callId === null) return { ...none, call: 'none' };
    const shown = await this.#sandbox.services.handlers.call(SAM, { callId: this.#callId });
    if (!shown.ok) throw new Error(`The call is not there: ${shown.refusal.code}`);
    const { costMicros: callCost, durationSeconds: callSeconds, perMinuteMicros, status } = shown.value;
    const isOver = status !== 'authorized' && status !== 'ringing' && status !== 'answered';
    return { ...none, call: isOver ? 'over' : 'talking', callCost, callSeconds, callPricePerMinute: perMinuteMicros };
  }

  async #paymentFacts(): Promise<Pick<Facts, 'payment' | 'paid' | 'reports'>> {
    const { db } = this.#sandbox.store;
    const rows = await db.selectFrom('payment').select(['paymentId', 'status']).where('kind', '=', 'top_up').execute();
    const reports = await db.selectFrom('payment_event').select('eventId').execute();
    return {
      payment: rows.find(({ paymentId }) => paymentId === this.#paymentId)?.status ?? null,
      paid: rows.filter(({ status }) => status === 'succeeded').length,
      reports: reports.length,
    };
  }

  async #ownNumber() {
    const own = await this.#sandbox.services.rent.handlers.ownNumbers(DANA, {});
    return own.ok ? own.value.numbers[0] : undefined;
  }

  async #startPayment(amountMicros: Micros, payWith: 'saved_card' | 'new_card'): Promise<string> {
    this.#paymentId = randomUUID();
    const wish = { paymentId: this.#paymentId, amountMicros, currency: 'USD', payWith, keepsCard: false };
    const begun = await this.#sandbox.services.payments.handlers.startPayment(DANA, wish);
    if (!begun.ok) throw new Error(`The payment was refused: ${begun.refusal.code}`);
    return begun.value.step?.clientSecret ?? '';
  }

  /** At the provider's own address, as a browser does. */
  async #giveCard(clientSecret: string, number: string): Promise<void> {
    const card = { clientSecret, number, expiryMonth: 12, expiryYear: 2039, cvc: '123' };
    const request = new Request(`http://sandbox.invalid${SIMULATED_PAYMENT_PATHS.confirm}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(card),
    });
    const answer = await this.#sandbox.fetch(request);
    if (!answer.ok) throw new Error(`The card was not taken: ${await answer.text()}`);
  }

  async #reportEnd(
    call: PlayedCall,
    end: Parameters<Parameters<Sandbox['edge']['cutWhatIsOver']>[0]>[1],
  ): Promise<void> {
    const report = { accountId: call.accountId, edgeId: EDGE_ID, happenedAgoMs: 0, ...end };
    await this.#sandbox.services.edge.ended(call.callId, report);
    if (this.#call?.callId === call.callId) this.#call = null;
  }

  async #workOnce(): Promise<void> {
    const { payments, rent, scheduler } = this.#sandbox.services;
    await scheduler.tick();
    for (const { name, work } of [...payments.works, ...rent.works]) if (DUE_SOON.includes(name)) await work();
  }

  #tellBalance(): void {
    this.#sandbox.services.elsewhere.balanceChanged({ accountId: ACCOUNT_ID, officeId: OFFICE_ID });
  }
}
