/**
 * From a plan to credit: starts one payment (or one card set-up), leads through what the provider wants of the person, and never says
 * "paid" before the server has. The server's word arrives as answer or as event, whichever is first.
 */

import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type {
  Card,
  CardSetup,
  Payment,
  PaymentProgress,
  PaymentSettings,
  PaymentStep,
  SaveAutoRecharge,
} from '../protocol/payment.ts';
import { refusal } from '../protocol/problem.ts';
import type { BillingRefusal, Checkout, PaymentPlan, TypedCard, WantedRecharge } from './billing-snapshot.ts';
import { CardConfirmation } from './card-confirmation.ts';
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

/** What a card is saved for: nothing else, a payment that waits for it to be confirmed, or auto-recharge. */
type SavedFor = { readonly plan: PaymentPlan } | { readonly autoRecharge: SaveAutoRecharge } | null;

/** What is at the provider: a payment, a card that is only saved, or the small charge that confirms one. */
type Work =
  | { readonly kind: 'payment'; readonly plan: PaymentPlan; readonly payment: Payment }
  | { readonly kind: 'setup'; readonly setup: CardSetup; readonly savedFor: SavedFor }
  | { readonly kind: 'check' };

export class CheckoutDesk {
  /** The card check that comes between an amount and its review. */
  readonly confirmation: CardConfirmation;
  readonly #context: PhoneContext;
  readonly #parts: CheckoutParts;
  #now: Checkout = { step: 'none' };
  #work: Work | null = null;
  #askedCount = 0;
  #cancelAsking: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, parts: CheckoutParts) {
    this.#context = context;
    this.#parts = parts;
    this.confirmation = new CardConfirmation({
      gate: parts.gate,
      newId: () => context.newId(),
      show: (step) => this.#show(step),
      lookLater: () => this.#askLater(),
      onConfirmed: (plan) => this.#confirmed(plan),
    });
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
    else this.#showReview(plan, null);
  }

  /** What will be paid; a card that must be confirmed is confirmed first (D-23). */
  review(plan: PaymentPlan): void {
    const { isCardUnconfirmed, cardCheckId = null, card } = this.#parts.settings();
    if (isCardUnconfirmed === true && plan.payWith !== 'invoice')
      void this.#confirm({ plan, card, checkId: cardCheckId });
    else this.#showReview(plan, null);
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
    const { card, cardCheckId = null } = settings();
    // The account was told to confirm its cards since the screen was drawn.
    if (outcome.refusal.code === 'card_unconfirmed') void this.#confirm({ plan, card, checkId: cardCheckId });
    else this.#showReview(plan, outcome.refusal);
    onChanged();
  }

  /** Saves another card without paying; while a card is being confirmed, the one that is confirmed instead. */
  async changeCard(): Promise<BillingRefusal | null> {
    const now = this.#now;
    if (now.step === 'none') return await this.#setUp(null);
    if (now.step !== 'confirm_card' || now.isBusy) return null;
    const no = await this.#setUp({ plan: now.plan });
    if (no !== null) this.#show({ ...now, refusal: no });
    return null;
  }

  /** Auto-recharge that was filled in before there was a card: stored with it (S-14). */
  async saveCardFor(autoRecharge: SaveAutoRecharge): Promise<BillingRefusal | null> {
    return this.#now.step === 'none' ? await this.#setUp({ autoRecharge }) : null;
  }

  async #setUp(savedFor: SavedFor): Promise<BillingRefusal | null> {
    const outcome = await this.#parts.gate.startCardSetup(this.#context.newId());
    if (outcome.ok) this.#takeSetup(outcome.value, savedFor);
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
    if (work.kind === 'check') await this.confirmation.look();
    else if (work.kind === 'setup')
      this.#heard(await gate.finishCardSetup(work.setup.setupId), (it) => this.#takeSetup(it, work.savedFor));
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
      if (plan.autoRecharge !== undefined) void this.#turnOn(agreedTo(plan.autoRecharge));
    } else if (payment.status === 'canceled') this.#settle({ step: 'none' });
    else if (payment.status === 'failed' && step === null)
      this.#settle({ step: 'failed', plan, failure: payment.failure });
    else this.#goOn(step, { plan, failure: payment.failure });
  }

  #takeSetup(setup: CardSetup, savedFor: SavedFor): void {
    this.#work = { kind: 'setup', setup, savedFor };
    if (setup.status === 'succeeded') this.#saved(setup.card, savedFor);
    else if (setup.status === 'failed' && setup.step === null)
      this.#settle({ step: 'failed', plan: null, failure: setup.failure });
    else this.#goOn(setup.step, { plan: null, failure: setup.failure });
  }

  #saved(card: Card | null, savedFor: SavedFor): void {
    if (savedFor !== null && 'plan' in savedFor) {
      void this.#confirm({ plan: savedFor.plan, card, checkId: null });
      this.#parts.onChanged();
      return;
    }
    this.#settle({ step: 'done', plan: null, card });
    if (savedFor !== null) void this.#turnOn(savedFor.autoRecharge);
  }

  /** Auto-recharge that was confirmed along with what is done now. */
  async #turnOn(settings: SaveAutoRecharge): Promise<void> {
    const done = this.#now;
    const outcome = await this.#parts.gate.saveAutoRecharge(settings);
    this.#parts.onChanged();
    if (done !== this.#now || done.step !== 'done') return;
    this.#show({ ...done, autoRecharge: outcome.ok ? 'on' : outcome.refusal });
  }

  async #confirm(asked: Parameters<CardConfirmation['open']>[0]): Promise<void> {
    this.#work = { kind: 'check' };
    await this.confirmation.open(asked);
  }

  #confirmed(plan: PaymentPlan): void {
    // A new card was saved to be confirmed: it is the saved one now.
    this.#showReview({ ...plan, payWith: 'saved_card', keepsCard: false }, null);
    this.#parts.onChanged();
  }

  #showReview(plan: PaymentPlan, refusal: BillingRefusal | null): void {
    this.#work = null;
    this.#show({ step: 'review', plan, isBusy: false, refusal });
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
    this.confirmation.leave();
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

function planOf({ amountMicros, payWith, keepsCard, autoRecharge }: PaymentPlan): PaymentPlan {
  return { amountMicros, payWith, keepsCard, ...(autoRecharge === undefined ? {} : { autoRecharge }) };
}

/** The review says what is agreed to; "Pay" confirms it. */
function agreedTo(wanted: WantedRecharge): SaveAutoRecharge {
  return { ...wanted, isOn: true, hasConsented: true };
}

/** False when nobody knows whether it was done. */
function isDecided({ code }: BillingRefusal): boolean {
  return code !== 'unavailable' && code !== 'internal' && code !== 'rate_limited';
}
