/** The billing room: card, payments and auto-recharge of the office. Loaded for those who manage credit, never for a call. */
import type { Me } from '../protocol/account.ts';
import type { PaymentSettings } from '../protocol/payment.ts';
import type { PaymentOutcome } from '../protocol/payment-problem.ts';
import { assertNever } from './assert-never.ts';
import type { BillingRefusal, BillingSnapshot, BillingWish, Checkout } from './billing-snapshot.ts';
import { CheckoutDesk } from './checkout.ts';
import { PaymentIntent } from './payment-intent.ts';
import type { IntentStore, PaymentGate } from './payment-ports.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';

/** Several events belong to one payment; one look is enough for all of them. */
const REFRESH_PAUSE_MS = 200;
/** A server without payments, or one that is older than they are. */
const OFF: readonly string[] = ['payments_off', 'not_found', 'method_not_allowed', 'role_forbidden'];

export interface BillingParts {
  readonly gate: PaymentGate;
  readonly intents: IntentStore;
  readonly me: Me;
  /** A payment of this widget has succeeded. */
  readonly onCredited: () => void;
}

type OpenBilling = Extract<BillingSnapshot, { state: 'open' }>;

export class Billing {
  readonly #context: PhoneContext;
  readonly #parts: BillingParts;
  readonly #checkout: CheckoutDesk;
  #settings: PaymentSettings | null = null;
  #cancelRefresh: Unsubscribe = () => undefined;
  #loading: Promise<void> | null = null;

  constructor(context: PhoneContext, parts: BillingParts) {
    this.#context = context;
    this.#parts = parts;
    this.#checkout = new CheckoutDesk(context, {
      gate: parts.gate,
      intent: new PaymentIntent(parts.intents, parts.me.personId),
      settings: () => this.#openSettings(),
      show: (checkout) => this.#showCheckout(checkout),
      onChanged: () => void this.#load(),
    });
  }

  wish(wish: BillingWish): void {
    if (wish.type === 'open') void this.open();
    else if (this.#settings !== null) void this.#carryOut(wish);
  }

  /** Asks for everything; with what is there already it stays on the screen until the new is known. */
  async open(): Promise<void> {
    if (this.#settings === null) this.#show({ state: 'loading' });
    await this.#load();
    if (this.#settings !== null) await this.#checkout.resume();
  }

  /** A `payment` event of the stream. */
  hear(content: unknown): void {
    const payment = this.#parts.gate.readPaymentEvent(content);
    if (payment === null) this.#context.log('The event stream has a payment that this widget does not know.');
    else this.#checkout.hear(payment);
    this.refreshSoon();
  }

  /** Another balance may be another "coming", or another card after a payment elsewhere. */
  refreshSoon(): void {
    this.#cancelRefresh();
    this.#cancelRefresh = this.#context.clock.after(REFRESH_PAUSE_MS, () => void this.#load());
  }

  close(): void {
    this.#cancelRefresh();
    this.#checkout.close();
  }

  async #carryOut(wish: Exclude<BillingWish, { readonly type: 'open' }>): Promise<void> {
    switch (wish.type) {
      case 'review':
        this.#checkout.review(wish.plan);
        break;
      case 'pay':
        await this.#checkout.pay();
        break;
      case 'change_card':
        this.#change({ refusal: await this.#checkout.changeCard() });
        break;
      case 'give_test_card':
        await this.#checkout.giveTestCard(wish.card);
        break;
      case 'answer_bank':
        await this.#checkout.answerBank(wish.isConfirmed);
        break;
      case 'provider_done':
        await this.#checkout.providerDone();
        break;
      case 'leave':
        await this.#checkout.leave();
        break;
      case 'remove_card':
        await this.#save(() => this.#parts.gate.removeCard());
        break;
      case 'save_auto_recharge':
        await this.#save(() => this.#parts.gate.saveAutoRecharge(wish.settings));
        break;
      default:
        assertNever(wish);
    }
  }

  async #save(ask: () => Promise<PaymentOutcome<PaymentSettings>>): Promise<void> {
    if (this.#now()?.isSaving) return;
    this.#change({ isSaving: true, refusal: null });
    const outcome = await ask();
    if (outcome.ok) this.#take(outcome.value);
    this.#change({ isSaving: false, refusal: outcome.ok ? null : outcome.refusal });
  }

  /** One at a time: whoever asks meanwhile gets the same answer. */
  #load(): Promise<void> {
    this.#loading ??= this.#ask().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #ask(): Promise<void> {
    const outcome = await this.#parts.gate.settings();
    if (outcome.ok) this.#take(outcome.value);
    else this.#fail(outcome.refusal);
  }

  #take(settings: PaymentSettings): void {
    const now = this.#now();
    this.#settings = settings.provider === null ? null : settings;
    if (this.#settings === null) this.#show({ state: 'off' });
    else if (now !== null) this.#change({ settings });
    else this.#show({ state: 'open', settings, checkout: { step: 'none' }, isSaving: false, refusal: null });
  }

  #fail(refusal: BillingRefusal): void {
    this.#context.log('The payment settings are not known.', { code: refusal.code });
    if (this.#settings !== null) return;
    this.#show(OFF.includes(refusal.code) ? { state: 'off' } : { state: 'failed', refusal });
  }

  #openSettings(): PaymentSettings {
    if (this.#settings === null) throw new Error('Nobody can pay before the settings are known.');
    return this.#settings;
  }

  #showCheckout(checkout: Checkout): void {
    this.#change({ checkout });
    if (checkout.step === 'done' && checkout.plan !== null) this.#parts.onCredited();
  }

  #now(): OpenBilling | null {
    const { billing } = this.#context.store.snapshot;
    return billing.state === 'open' ? billing : null;
  }

  #change(change: Partial<Omit<OpenBilling, 'state'>>): void {
    const now = this.#now();
    if (now !== null) this.#show({ ...now, ...change });
  }

  #show(billing: BillingSnapshot): void {
    this.#context.store.update({ billing });
  }
}
