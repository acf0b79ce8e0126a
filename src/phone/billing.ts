/** The billing room: card, payments and auto-recharge of an office. Loaded for those who manage credit, never for a call. */
import type { Balance, Me } from '../protocol/account.ts';
import type { Micros } from '../protocol/money.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { Payment, PaymentSettings, SaveAutoRecharge } from '../protocol/payment.ts';
import { assertNever } from './assert-never.ts';
import { type BillingDesk, openDesk } from './billing-desk.ts';
import type { AskedRequest, BillingRefusal, BillingSnapshot, BillingWish, PaymentPlan } from './billing-snapshot.ts';
import type { IntentStore, PaymentGate } from './payment-ports.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';

/** Several events belong to one payment; one look is enough for all of them. */
const REFRESH_PAUSE_MS = 200;
/** Another office that is shown has a stream of its own; it is asked for beside that, should the stream not get through. */
const OTHER_OFFICE_PAUSE_MS = 15_000;
/** A server without payments, or one that is older than they are. */
const OFF: readonly string[] = ['payments_off', 'not_found', 'method_not_allowed', 'role_forbidden'];
/** Payments that are remembered as told: enough for any page that stays open. */
const MAX_TOLD = 1_000;

export interface BillingParts {
  readonly gate: PaymentGate;
  readonly intents: IntentStore;
  readonly me: Me;
  /** A payment of this widget has succeeded. */
  readonly onCredited: () => void;
  /** It was made for this request of an agent. */
  readonly onGranted: (requestId: string, addedMicros: Micros) => void;
}

type OpenBilling = Extract<BillingSnapshot, { state: 'open' }>;

export class Billing {
  readonly #context: PhoneContext;
  readonly #parts: BillingParts;
  readonly #told = new Set<string>();
  #desk: BillingDesk;
  #settings: PaymentSettings | null = null;
  #answering: string | null;
  #lastPaid: Payment | null = null;
  #cancelRefresh: Unsubscribe = () => undefined;
  #unfollow: Unsubscribe = () => undefined;
  #loading: Promise<void> | null = null;

  constructor(context: PhoneContext, parts: BillingParts) {
    this.#context = context;
    this.#parts = parts;
    this.#desk = this.#sitDown(null);
    // Only together with the payment that a reload has interrupted; otherwise nobody is answering anything.
    this.#answering = this.#desk.isInterrupted ? parts.intents.read(this.#answeringKey) : null;
  }

  wish(wish: BillingWish): void {
    if (wish.type === 'open') void this.open();
    else if (wish.type === 'choose_office') void this.#choose(wish.officeId);
    else if (wish.type === 'answer_request') this.#beginAnswer(wish.asked);
    else if (wish.type === 'grant_request') void this.#grantAtOnce(wish.asked, wish.plan);
    else if (this.#settings !== null) void this.#carryOut(wish);
  }

  /** Asks for everything; with what is there already it stays on the screen until the new is known. */
  async open(): Promise<void> {
    if (this.#settings === null) this.#show({ state: 'loading' });
    const desk = this.#desk;
    await this.#load();
    await this.#learnOffices();
    if (this.#settings !== null && desk === this.#desk) await desk.checkout.resume();
  }

  /** A `payment` event of the stream. */
  hear(content: unknown): void {
    const payment = this.#parts.gate.readPaymentEvent(content);
    if (payment === null) this.#context.log('The event stream has a payment that this widget does not know.');
    else this.#take(payment);
    this.refreshSoon();
  }

  /** Another balance may be another "coming", or another card after a payment elsewhere. */
  refreshSoon(delayMs = REFRESH_PAUSE_MS): void {
    this.#cancelRefresh();
    this.#cancelRefresh = this.#context.clock.after(delayMs, () => void this.#load());
  }

  close(): void {
    this.#cancelRefresh();
    this.#unfollow();
    this.#desk.close();
  }

  #take(payment: Payment): void {
    if (payment.officeId === this.#officeId) {
      this.#desk.checkout.hear(payment);
      this.#desk.payments.hear(payment);
    }
    // What went back later is a change of a payment that was done before.
    if (payment.status === 'succeeded' && payment.returnedMicros === 0) this.#tell(payment);
  }

  async #carryOut(
    wish: Exclude<BillingWish, { readonly type: 'open' | 'choose_office' | 'answer_request' | 'grant_request' }>,
  ): Promise<void> {
    switch (wish.type) {
      case 'review':
        this.#desk.checkout.review(wish.plan);
        break;
      case 'pay':
        await this.#desk.checkout.pay();
        break;
      case 'charge_check':
        await this.#desk.checkout.confirmation.charge();
        break;
      case 'guess_check':
        await this.#desk.checkout.confirmation.guess(wish.amountMicros);
        break;
      case 'change_card':
        this.#change({ refusal: await this.#desk.checkout.changeCard() });
        break;
      case 'give_test_card':
        await this.#desk.checkout.giveTestCard(wish.card);
        break;
      case 'answer_bank':
        await this.#desk.checkout.answerBank(wish.isConfirmed);
        break;
      case 'provider_done':
        await this.#desk.checkout.providerDone();
        break;
      case 'leave':
        await this.#desk.checkout.leave();
        break;
      case 'list_payments':
        await this.#desk.payments.open();
        break;
      case 'more_payments':
        await this.#desk.payments.more();
        break;
      case 'save_paper':
        await this.#desk.payments.savePaper(wish.name);
        break;
      case 'remove_card':
        await this.#save((gate) => gate.removeCard());
        break;
      case 'save_auto_recharge':
        await this.#saveRecharge(wish.settings);
        break;
      default:
        assertNever(wish);
    }
  }

  /** Without a card there is nothing to recharge from: the card is asked for, and the settings are stored with it (S-14). */
  async #saveRecharge(settings: SaveAutoRecharge): Promise<void> {
    if (settings.isOn && this.#openSettings().card === null)
      this.#change({ refusal: await this.#desk.checkout.saveCardFor(settings) });
    else await this.#save((gate) => gate.saveAutoRecharge(settings));
  }

  async #save(ask: (gate: PaymentGate) => Promise<OfficeOutcome<PaymentSettings>>): Promise<void> {
    if (this.#now()?.isSaving) return;
    this.#change({ isSaving: true, refusal: null });
    const outcome = await ask(this.#desk.gate);
    if (outcome.ok) this.#takeSettings(outcome.value);
    this.#change({ isSaving: false, refusal: outcome.ok ? null : outcome.refusal });
  }

  /** One at a time: whoever asks meanwhile gets the same answer. */
  #load(): Promise<void> {
    if (this.#loading !== null) return this.#loading;
    const loading = this.#ask().finally(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    this.#loading = loading;
    return loading;
  }

  /** What is on its way already may be from before the change. */
  async #loadAgain(): Promise<void> {
    await this.#loading;
    await this.#load();
  }

  async #ask(): Promise<void> {
    const desk = this.#desk;
    const [outcome] = await Promise.all([desk.gate.settings(), this.#loadOtherBalance(desk)]);
    if (desk !== this.#desk) return;
    if (outcome.ok) this.#takeSettings(outcome.value);
    else this.#fail(outcome.refusal);
    if (desk.officeId !== null) this.refreshSoon(OTHER_OFFICE_PAUSE_MS);
  }

  async #loadOtherBalance(desk: BillingDesk): Promise<void> {
    if (desk.officeId === null) return;
    const outcome = await desk.gate.balance();
    if (outcome.ok) this.#takeOtherBalance(desk, outcome.value);
    else this.#context.log("The other office's credit is not known.", { code: outcome.refusal.code });
  }

  /** Answers and events overtake each other: an older balance than the one that is shown is dropped. */
  #takeOtherBalance(desk: BillingDesk, balance: Balance): void {
    const { offices } = this.#context.store.snapshot;
    const { other } = offices;
    const isOther = desk === this.#desk && other !== null && other.officeId === balance.officeId;
    if (!isOther || (other.balance !== null && other.balance.version > balance.version)) return;
    this.#context.store.update({ offices: { ...offices, other: { ...other, balance } } });
  }

  /** Another office's own stream: its credit and its payments, as soon as they change (D-13). */
  #follow(desk: BillingDesk): Unsubscribe {
    return desk.gate.follow((event) => {
      if (desk !== this.#desk) return;
      if (event.type === 'payment') this.hear(event.content);
      else if (event.type === 'server' && event.event.type === 'balance') {
        this.#takeOtherBalance(desk, event.event.balance);
        this.refreshSoon();
      } else if (event.type === 'server' && event.event.type === 'resync') this.refreshSoon();
    });
  }

  async #learnOffices(): Promise<void> {
    const { me, gate } = this.#parts;
    const { offices } = this.#context.store.snapshot;
    if (me.role !== 'company' || offices.choices.length > 0) return;
    const outcome = await gate.offices();
    if (outcome.ok) this.#context.store.update({ offices: { ...offices, choices: outcome.value.offices } });
    else this.#context.log('The offices are not known.', { code: outcome.refusal.code });
  }

  /** Not while something is being paid or saved: that belongs to the office that is shown. */
  async #choose(officeId: string): Promise<void> {
    const { choices } = this.#context.store.snapshot.offices;
    const chosen = choices.find((office) => office.officeId === officeId);
    const now = this.#now();
    const isBusy = now !== null && (now.isSaving || now.checkout.step !== 'none');
    if (chosen === undefined || isBusy || officeId === this.#officeId) return;
    const isOwn = officeId === this.#parts.me.office.officeId;
    this.close();
    this.#answer(null);
    this.#desk = this.#sitDown(isOwn ? null : officeId);
    this.#settings = null;
    this.#loading = null;
    this.#context.store.update({
      offices: { choices, other: isOwn ? null : { ...chosen, balance: null } },
      billing: { state: 'loading' },
    });
    if (!isOwn) this.#unfollow = this.#follow(this.#desk);
    await this.open();
  }

  #sitDown(officeId: string | null): BillingDesk {
    const { gate, intents, me } = this.#parts;
    const desk = openDesk(this.#context, {
      gate,
      intents,
      personId: me.personId,
      officeId,
      settings: () => this.#openSettings(),
      // An answer for an office that is not shown any more is not shown either.
      show: (checkout) => (desk === this.#desk ? this.#change({ checkout }) : undefined),
      showList: (list) => (desk === this.#desk ? this.#change({ list }) : undefined),
      onPaid: (payment) => this.#paid(payment),
      onChanged: () => void (desk === this.#desk ? this.#loadAgain() : undefined),
    });
    return desk;
  }

  /** Credit of another office than the agent's own would be no answer. */
  #beginAnswer(asked: AskedRequest | null): void {
    if (asked !== null) void this.#choose(asked.officeId);
    this.#answer(asked?.officeId === this.#officeId ? asked.requestId : null);
  }

  /** One click: the amount and the card stood on the button. Nothing happens while something else is being paid. */
  async #grantAtOnce(asked: AskedRequest, plan: PaymentPlan): Promise<void> {
    const isHere = asked.officeId === this.#officeId;
    if (!isHere || this.#now()?.checkout.step !== 'none') return;
    this.#answer(asked.requestId);
    this.#desk.checkout.review(plan);
    await this.#desk.checkout.pay();
  }

  #answer(requestId: string | null): void {
    this.#answering = requestId;
    this.#parts.intents.write(this.#answeringKey, requestId);
    this.#change({ answering: requestId });
  }

  get #answeringKey(): string {
    return `${this.#parts.me.personId} answers`;
  }

  #paid(payment: Payment): void {
    const { onCredited, onGranted } = this.#parts;
    this.#desk.payments.hear(payment);
    this.#tell(payment);
    onCredited();
    if (this.#answering === null) return;
    onGranted(this.#answering, payment.amountMicros);
    this.#answer(null);
  }

  /** Once for each payment, whether the answer or the stream is first. */
  #tell(payment: Payment): void {
    if (this.#told.has(payment.paymentId)) return;
    const [oldest] = this.#told;
    if (this.#told.size >= MAX_TOLD && oldest !== undefined) this.#told.delete(oldest);
    this.#told.add(payment.paymentId);
    this.#lastPaid = payment;
    this.#change({ lastPaid: payment });
  }

  get #officeId(): string {
    return this.#desk.officeId ?? this.#parts.me.office.officeId;
  }

  #takeSettings(settings: PaymentSettings): void {
    const now = this.#now();
    this.#settings = settings.provider === null ? null : settings;
    if (this.#settings === null) this.#show({ state: 'off' });
    else if (now !== null) this.#change({ settings });
    else
      this.#show({
        state: 'open',
        settings,
        checkout: { step: 'none' },
        list: { state: 'unopened' },
        answering: this.#answering,
        lastPaid: this.#lastPaid,
        isSaving: false,
        refusal: null,
      });
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
