/**
 * From a plan to credit: starts one payment (or one card set-up), leads through what the provider wants of the person, and never says
 * "paid" before the server has. The server's word arrives as answer or as event, whichever is first.
 */

import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { CardSetup, Payment, PaymentProgress, PaymentSettings, PaymentStep } from '../protocol/payment.ts';
import { refusal } from '../protocol/problem.ts';
import type { BillingRefusal, Checkout, PaymentPlan, TypedCard } from './billing-snapshot.ts';
import type { PaymentIntent } from './payment-intent.ts';
import type { PaymentGate } from './payment-ports.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';
import { type ReconnectPolicy, retryDelayMs } from './reconnect-policy.ts';

/** Events usually say how a payment went on; this asks when they do not. */
const ASK_FOR_NEWS: ReconnectPolicy = { firstDelayMs: 2_000, maxDelayMs: 30_000, giveUpAfterMs: null };

export interface CheckoutParts {
  readonly gate: PaymentGate;
  readonly intent: PaymentIntent;
  readonly settings: () => PaymentSettings;
  readonly show: (checkout: Checkout) => void;
  readonly onPaid: (payment: Payment) => void;
  /** Credit, card or the list of payments are other ones now. */
  readonly onChanged: () => void;
}

/** What is at the provider: a payment, or a card that is only saved. */
type Work =
  | { readonly kind: 'payment'; readonly plan: PaymentPlan; readonly payment: Payment }
  | { readonly kind: 'setup'; readonly setup: CardSetup };

export class CheckoutDesk {
  readonly #context: PhoneContext;
  readonly #parts: CheckoutParts;
  #now: Checkout = { step: 'none' };
  #work: Work | null = null;
  #askedCount = 0;
  #cancelAsking: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, parts: CheckoutParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** A payment that was begun before the page was loaded again. */
  async resume(): Promise<void> {
    const { gate, intent } = this.#parts;
    const { wanted } = intent;
    if (wanted === null || this.#now.step !== 'none') return;
    const plan = planOf(wanted);
    const outcome = await gate.payment(wanted.paymentId);
    if (outcome.ok) this.#take(plan, outcome.value);
    // It never arrived, or nobody knows: the person decides, and the id stays the same.
    else this.#show({ step: 'review', plan, isBusy: false, refusal: null });
  }

  review(plan: PaymentPlan): void {
    this.#work = null;
    this.#show({ step: 'review', plan, isBusy: false, refusal: null });
  }

  async pay(): Promise<void> {
    if (this.#now.step !== 'review' || this.#now.isBusy) return;
    const { plan } = this.#now;
    const { gate, intent, settings, onChanged } = this.#parts;
    this.#show({ step: 'review', plan, isBusy: true, refusal: null });
    const { currency, lastPaymentId } = settings();
    const request = intent.requestFor(plan, { paymentId: this.#context.newId(), currency, lastPaymentId });
    const outcome = await gate.startPayment(request);
    if (outcome.ok) {
      this.#take(plan, outcome.value);
      return;
    }
    if (isDecided(outcome.refusal)) intent.forget();
    this.#show({ step: 'review', plan, isBusy: false, refusal: outcome.refusal });
    onChanged();
  }

  /** Saves another card without paying. */
  async changeCard(): Promise<BillingRefusal | null> {
    if (this.#now.step !== 'none') return null;
    const outcome = await this.#parts.gate.startCardSetup(this.#context.newId());
    if (outcome.ok) this.#takeSetup(outcome.value);
    return outcome.ok ? null : outcome.refusal;
  }

  /** The simulated provider's form. */
  async giveTestCard(card: TypedCard): Promise<void> {
    const now = this.#now;
    if (now.step !== 'card' || now.isBusy) return;
    this.#show({ ...now, isBusy: true, failure: null, refusal: null });
    const answer = await this.#parts.gate.giveTestCard({ ...card, clientSecret: now.clientSecret });
    await this.#afterProvider(answer);
    if (answer.ok && answer.value.status === 'failed') this.#refuseCard();
  }

  /** The provider did not take the card, and the server has no failure to tell: it was no test card. */
  #refuseCard(): void {
    const now = this.#now;
    if (now.step === 'card' && now.failure === null) this.#show({ ...now, refusal: refusal('request_invalid') });
  }

  /** The simulated bank's question. */
  async answerBank(isConfirmed: boolean): Promise<void> {
    const now = this.#now;
    if (now.step !== 'authenticate' || now.isBusy) return;
    this.#show({ ...now, isBusy: true, failure: null, refusal: null });
    await this.#afterProvider(await this.#parts.gate.answerBank({ isConfirmed, clientSecret: now.clientSecret }));
  }

  /** The provider has heard the person; what came of it is the server's to say. */
  async providerDone(): Promise<void> {
    const work = this.#work;
    if (work === null) return;
    const { gate } = this.#parts;
    if (work.kind === 'setup') this.#heard(await gate.finishCardSetup(work.setup.setupId), (it) => this.#takeSetup(it));
    else this.#heard(await gate.finishPayment(work.payment.paymentId), (it) => this.#take(work.plan, it));
  }

  async leave(): Promise<void> {
    const work = this.#work;
    const isOpen = this.#now.step === 'card' || this.#now.step === 'authenticate';
    this.#close();
    if (!isOpen || work?.kind !== 'payment') return;
    this.#parts.intent.forget();
    const outcome = await this.#parts.gate.cancelPayment(work.payment.paymentId);
    // It had succeeded meanwhile: that is told, not hidden.
    if (outcome.ok && outcome.value.payment.status === 'succeeded') this.#take(work.plan, outcome.value);
    this.#parts.onChanged();
  }

  /** News of any payment of the office. */
  hear(payment: Payment): void {
    const work = this.#work;
    if (work?.kind !== 'payment' || work.payment.paymentId !== payment.paymentId) return;
    const needsStep = payment.status === 'card_needed' || payment.status === 'requires_action';
    if (needsStep) void this.#ask();
    else this.#take(work.plan, { payment, step: null });
  }

  close(): void {
    this.#cancelAsking();
  }

  /** A refusal of the provider's own address leaves the step as it was; everything else is asked of the server. */
  async #afterProvider(answer: OfficeOutcome<unknown>): Promise<void> {
    if (answer.ok || !isDecided(answer.refusal)) await this.providerDone();
    else this.#refuse(answer.refusal);
  }

  #heard<T>(outcome: OfficeOutcome<T>, take: (value: T) => void): void {
    if (outcome.ok) take(outcome.value);
    else this.#refuse(outcome.refusal);
  }

  #refuse(refusal: BillingRefusal): void {
    const now = this.#now;
    if (now.step === 'card' || now.step === 'authenticate') this.#show({ ...now, isBusy: false, refusal });
    else this.#askLater();
  }

  #take(plan: PaymentPlan, { payment, step }: PaymentProgress): void {
    const known = this.#work?.kind === 'payment' ? this.#work.payment : null;
    // Answers and events overtake each other.
    if (known?.paymentId === payment.paymentId && payment.version < known.version) return;
    this.#work = { kind: 'payment', plan, payment };
    if (payment.status === 'succeeded') {
      this.#settle({ step: 'done', plan, card: payment.card });
      this.#parts.onPaid(payment);
    } else if (payment.status === 'canceled') this.#settle({ step: 'none' });
    else if (payment.status === 'failed' && step === null)
      this.#settle({ step: 'failed', plan, failure: payment.failure });
    else this.#goOn(step, { plan, failure: payment.failure });
  }

  #takeSetup(setup: CardSetup): void {
    this.#work = { kind: 'setup', setup };
    if (setup.status === 'succeeded') this.#settle({ step: 'done', plan: null, card: setup.card });
    else if (setup.status === 'failed' && setup.step === null)
      this.#settle({ step: 'failed', plan: null, failure: setup.failure });
    else this.#goOn(setup.step, { plan: null, failure: setup.failure });
  }

  /** Not over: somebody has to do something, or the bank works on it. */
  #goOn(step: PaymentStep | null, facts: Pick<Extract<Checkout, { step: 'card' }>, 'plan' | 'failure'>): void {
    if (step === null) {
      this.#show({ step: 'pending', plan: facts.plan });
      this.#askLater();
    } else {
      this.#show({ step: step.kind, clientSecret: step.clientSecret, isBusy: false, refusal: null, ...facts });
    }
  }

  #settle(checkout: Checkout): void {
    if (this.#work?.kind === 'payment') this.#parts.intent.forget();
    this.#work = null;
    this.#show(checkout);
    this.#parts.onChanged();
  }

  #close(): void {
    this.#work = null;
    this.#show({ step: 'none' });
  }

  #askLater(): void {
    const { clock, random } = this.#context;
    const moment = { attempt: this.#askedCount++, elapsedMs: 0, random: random() };
    const delayMs = retryDelayMs(ASK_FOR_NEWS, moment) ?? 0;
    this.#cancelAsking();
    this.#cancelAsking = clock.after(delayMs, () => void this.providerDone());
  }

  async #ask(): Promise<void> {
    const work = this.#work;
    if (work?.kind !== 'payment') return;
    this.#heard(await this.#parts.gate.payment(work.payment.paymentId), (it) => this.#take(work.plan, it));
  }

  #show(checkout: Checkout): void {
    this.#cancelAsking();
    if (checkout.step !== 'pending') this.#askedCount = 0;
    this.#now = checkout;
    this.#parts.show(checkout);
  }
}

function planOf({ amountMicros, payWith, keepsCard }: PaymentPlan): PaymentPlan {
  return { amountMicros, payWith, keepsCard };
}

/** False when nobody knows whether it was done. */
function isDecided({ code }: BillingRefusal): boolean {
  return code !== 'unavailable' && code !== 'internal' && code !== 'rate_limited';
}
