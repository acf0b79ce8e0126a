/**
 * The payment addresses, played by a test: a wallet's payments by the documented test cards, with answers that can be lost or held back.
 */
import type { IntentStore, PaymentGate } from '../../src/phone/payment-ports.ts';
import type { GateEvent } from '../../src/phone/ports.ts';
import type { Balance } from '../../src/protocol/account.ts';
import type { Invoice } from '../../src/protocol/invoice.ts';
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { OfficeName } from '../../src/protocol/office.ts';
import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import {
  type Card,
  type CardSetup,
  type Payment,
  type PaymentFailureKind,
  type PaymentProgress,
  type PaymentSettings,
  paymentEventSchema,
  type StartPayment,
} from '../../src/protocol/payment.ts';
import { granted, refusal, refused } from '../../src/protocol/problem.ts';
import type { SimulatedConfirm } from '../../src/protocol/simulated-payment.ts';
import { samplePaymentSettings, VISA } from './payment-samples.ts';
import { FakeCardChecks } from './phone-fake-card-checks.ts';

const FAILS: Readonly<Record<string, PaymentFailureKind>> = {
  '4000000000000002': 'declined',
  '4000000000009995': 'insufficient_funds',
};
const ASKS = '4000002500003155';

interface Account {
  readonly request: StartPayment;
  payment: Payment;
  cardNumber: string | null;
}

export class FakePaymentGate implements PaymentGate {
  readonly log: string[] = [];
  /** Answers that the server gives and nobody hears. */
  lostAnswers = 0;
  /** The bank leaves the next payments undecided until `decide`. */
  isBankSlow = false;
  shownSettings: PaymentSettings = samplePaymentSettings();
  /** The office of its payments. */
  officeId = 'office-1';
  shownOffices: readonly OfficeName[] = [];
  shownBalance: Balance | null = null;
  /** By office, for the role company. */
  readonly others = new Map<string, FakePaymentGate>();
  /** Payments that were there before, newest first, and in what pages they come. */
  earlier: readonly Payment[] = [];
  pageSize = 2;
  papers: readonly Invoice[] = [];
  readonly saved: string[] = [];
  readonly checks = new FakeCardChecks();
  readonly #payments = new Map<string, Account>();
  readonly #setups = new Map<string, CardSetup>();

  /** What was charged, payment by payment. */
  get chargedMicros(): readonly number[] {
    return [...this.#payments.values()]
      .filter(({ payment }) => payment.status === 'succeeded')
      .map(({ payment }) => payment.amountMicros);
  }

  get paymentIds(): readonly string[] {
    return [...this.#payments.keys()];
  }

  ofOffice: PaymentGate['ofOffice'] = (officeId) => {
    const other = officeId === null ? this : this.others.get(officeId);
    if (other === undefined) throw new Error(`Nobody plays the office ${officeId}.`);
    return other;
  };

  offices: PaymentGate['offices'] = async () => this.#answer('offices', { offices: [...this.shownOffices] });

  balance: PaymentGate['balance'] = async () =>
    this.shownBalance === null ? refused(refusal('unavailable')) : this.#answer('balance', this.shownBalance);

  /** What the streams of this office say; one listener for each that is open. */
  readonly listeners = new Set<(event: GateEvent) => void>();

  follow: PaymentGate['follow'] = (listener) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  payments: PaymentGate['payments'] = async (cursor) => {
    const all = [...[...this.#payments.values()].map(({ payment }) => payment).reverse(), ...this.earlier];
    return this.#answer(`payments ${cursor}`, pageOf(all, { cursor, size: this.pageSize }, 'payments'));
  };

  invoices: PaymentGate['invoices'] = async (cursor) =>
    this.#answer(`invoices ${cursor}`, pageOf(this.papers, { cursor, size: this.pageSize }, 'invoices'));

  savePaper: PaymentGate['savePaper'] = async (name) => {
    const answer = await this.#answer('savePaper', null);
    if (answer.ok) this.saved.push(name);
    return answer;
  };

  settings: PaymentGate['settings'] = async () => this.#answer('settings', this.shownSettings);

  saveAutoRecharge: PaymentGate['saveAutoRecharge'] = async ({ hasConsented, ...wanted }) => {
    if (wanted.isOn && !hasConsented) return refused(refusal('request_invalid'));
    this.shownSettings = { ...this.shownSettings, autoRecharge: { ...this.shownSettings.autoRecharge, ...wanted } };
    return this.#answer('saveAutoRecharge', this.shownSettings);
  };

  removeCard: PaymentGate['removeCard'] = async () => {
    this.shownSettings = { ...this.shownSettings, card: null };
    return this.#answer('removeCard', this.shownSettings);
  };

  startCardSetup: PaymentGate['startCardSetup'] = async (setupId) =>
    this.#answer(`startCardSetup`, this.#setup(setupId, { status: 'card_needed' }));

  finishCardSetup: PaymentGate['finishCardSetup'] = async (setupId) =>
    this.#answer('finishCardSetup', this.#setups.get(setupId) ?? this.#setup(setupId, { status: 'failed' }));

  startCardCheck: PaymentGate['startCardCheck'] = async (checkId) => {
    const { card } = this.shownSettings;
    if (card === null) return { ok: false, refusal: officeRefusal('card_missing') };
    return this.#answer('startCardCheck', this.checks.start(checkId, card));
  };

  guessCardCheck: PaymentGate['guessCardCheck'] = async ({ checkId, amountMicros }) => {
    const check = this.checks.guess(checkId, amountMicros);
    if (check.status === 'confirmed') this.shownSettings = { ...this.shownSettings, isCardUnconfirmed: false };
    return this.#answer('guessCardCheck', check);
  };

  cardCheck: PaymentGate['cardCheck'] = async (checkId) => this.#answer('cardCheck', this.checks.find(checkId));

  startPayment: PaymentGate['startPayment'] = async (request) => {
    if (this.shownSettings.isCardUnconfirmed === true) return { ok: false, refusal: officeRefusal('card_unconfirmed') };
    const known = this.#payments.get(request.paymentId);
    if (known === undefined) this.#open(request);
    return this.#answer(`startPayment ${request.paymentId}`, this.#progress(request.paymentId));
  };

  payment: PaymentGate['payment'] = async (paymentId) =>
    this.#payments.has(paymentId)
      ? this.#answer(`payment ${paymentId}`, this.#progress(paymentId))
      : { ok: false, refusal: officeRefusal('payment_unknown') };

  finishPayment: PaymentGate['finishPayment'] = async (paymentId) =>
    this.#answer(`finishPayment ${paymentId}`, this.#progress(paymentId));

  cancelPayment: PaymentGate['cancelPayment'] = async (paymentId) => {
    const account = this.#account(paymentId);
    if (account.payment.status !== 'succeeded') this.#change(account, { status: 'canceled' });
    return this.#answer(`cancelPayment ${paymentId}`, this.#progress(paymentId));
  };

  giveTestCard: PaymentGate['giveTestCard'] = async (card) => {
    if (card.number.startsWith('9'))
      return this.#answer('giveTestCard', { status: 'failed', message: 'No test card.' });
    const id = card.clientSecret.replace('secret-', '');
    const setup = this.#setups.get(id);
    if (setup !== undefined) this.#setup(id, { status: 'succeeded', card: cardOf(card) });
    else this.#charge(this.#account(id), card.number);
    return this.#answer('giveTestCard', { status: 'processing', message: null });
  };

  answerBank: PaymentGate['answerBank'] = async ({ clientSecret, isConfirmed }) => {
    const id = clientSecret.replace('secret-', '');
    if (this.checks.ids.includes(id)) {
      this.checks.decide(id, isConfirmed ? 'waiting' : 'failed');
      return this.#answer('answerBank', { status: 'processing', message: null });
    }
    const account = this.#account(id);
    if (isConfirmed) this.#change(account, { status: 'succeeded' });
    else this.#change(account, { status: 'failed', failure: { kind: 'authentication_failed', retry: 'authenticate' } });
    return this.#answer('answerBank', { status: 'processing', message: null });
  };

  readPaymentEvent: PaymentGate['readPaymentEvent'] = (content) => {
    const read = paymentEventSchema.safeParse(content);
    return read.success ? read.data.payment : null;
  };

  /** The bank has made up its mind; what the stream would say of it. */
  decide(paymentId: string, status: 'succeeded' | 'failed'): { readonly type: 'payment'; readonly payment: Payment } {
    const account = this.#account(paymentId);
    this.#change(account, {
      status,
      failure: status === 'failed' ? { kind: 'declined', retry: 'new_card' } : null,
    });
    return { type: 'payment', payment: account.payment };
  }

  #open(request: StartPayment): void {
    const payment: Payment = {
      paymentId: request.paymentId,
      officeId: this.officeId,
      kind: 'top_up',
      status: 'card_needed',
      amountMicros: request.amountMicros,
      currency: request.currency,
      byName: 'Dana',
      card: null,
      failure: null,
      returnedMicros: ZERO_MICROS,
      availableMicros: null,
      createdAtMs: 0,
      changedAtMs: 0,
      version: 1,
    };
    const account: Account = { request, payment, cardNumber: null };
    this.#payments.set(request.paymentId, account);
    if (request.payWith === 'invoice') this.#change(account, { status: 'succeeded' });
    if (request.payWith === 'saved_card')
      this.#charge(account, `400000000000${this.shownSettings.card?.last4 ?? '0000'}`);
  }

  #charge(account: Account, number: string): void {
    const kind = FAILS[number];
    const card = { ...VISA, last4: number.slice(-4) };
    if (this.isBankSlow) this.#change(account, { status: 'pending', card });
    else if (kind !== undefined)
      this.#change(account, { status: 'failed', card, failure: { kind, retry: 'new_card' } });
    else if (number === ASKS) this.#change(account, { status: 'requires_action', card });
    else this.#change(account, { status: 'succeeded', card });
    if (account.payment.status === 'succeeded' && account.request.keepsCard)
      this.shownSettings = { ...this.shownSettings, card };
  }

  #change(account: Account, change: Partial<Payment>): void {
    account.payment = { ...account.payment, failure: null, ...change, version: account.payment.version + 1 };
  }

  #progress(paymentId: string): PaymentProgress {
    const { payment } = this.#account(paymentId);
    const clientSecret = `secret-${paymentId}`;
    if (payment.status === 'card_needed') return { payment, step: { kind: 'card', clientSecret } };
    if (payment.status === 'requires_action') return { payment, step: { kind: 'authenticate', clientSecret } };
    return { payment, step: null };
  }

  #account(paymentId: string): Account {
    const account = this.#payments.get(paymentId);
    if (account === undefined) throw new Error(`There is no payment ${paymentId}.`);
    return account;
  }

  #setup(setupId: string, facts: Pick<CardSetup, 'status'> & { readonly card?: Card }): CardSetup {
    const isOpen = facts.status === 'card_needed';
    const setup: CardSetup = {
      setupId,
      step: isOpen ? { kind: 'card', clientSecret: `secret-${setupId}` } : null,
      card: null,
      failure: null,
      ...facts,
    };
    this.#setups.set(setupId, setup);
    if (setup.card !== null) this.shownSettings = { ...this.shownSettings, card: setup.card };
    return setup;
  }

  async #answer<T>(said: string, value: T): Promise<OfficeOutcome<T>> {
    this.log.push(said);
    if (this.lostAnswers === 0) return granted(value);
    this.lostAnswers -= 1;
    return refused(refusal('unavailable'));
  }
}

function pageOf<Item, Name extends string>(
  all: readonly Item[],
  { cursor, size }: { readonly cursor: string | null; readonly size: number },
  name: Name,
): Record<Name, Item[]> & { nextCursor: string | null } {
  const from = Number(cursor ?? 0);
  const items = { [name]: all.slice(from, from + size) };
  // The one member that the line above has made.
  return { ...(items as Record<Name, Item[]>), nextCursor: from + size < all.length ? String(from + size) : null };
}

function cardOf({ number, expiryMonth, expiryYear }: SimulatedConfirm): Card {
  return { brand: 'visa', last4: number.slice(-4), expiryMonth, expiryYear };
}

/** A window's storage: what is written stays for the next page. */
export function fakeIntents(): IntentStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    read: (personId) => kept.get(personId) ?? null,
    write: (personId, text) => void (text === null ? kept.delete(personId) : kept.set(personId, text)),
  };
}

/** $25. */
export const TWENTY_FIVE = micros(25_000_000);
