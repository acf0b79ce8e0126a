/** What the billing room needs from the world; ports.ts has what every phone needs. */
import type { Balance } from '../protocol/account.ts';
import type { CardCheck } from '../protocol/card-check.ts';
import type { InvoicePage } from '../protocol/invoice.ts';
import type { Micros } from '../protocol/money.ts';
import type { OfficeList } from '../protocol/office.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type {
  CardSetup,
  Payment,
  PaymentPage,
  PaymentProgress,
  PaymentSettings,
  SaveAutoRecharge,
  StartPayment,
} from '../protocol/payment.ts';
import type { SimulatedAnswer, SimulatedConfirm } from '../protocol/simulated-payment.ts';
import type { GateEvent, Unsubscribe } from './ports.ts';

/** The payment addresses of the server. Whatever may charge a card carries an id of ours and is safe to repeat. */
export interface PaymentGate {
  /** The same addresses for another office of the account, for the role company (D-13); null for the office of the token. */
  ofOffice(officeId: string | null): PaymentGate;
  /** Offices whose credit this person manages. */
  offices(): Promise<OfficeOutcome<OfficeList>>;
  balance(): Promise<OfficeOutcome<Balance>>;
  /** Tells what happens at the office of these addresses, beginning with its balance, until unsubscribed. */
  follow(listener: (event: GateEvent) => void): Unsubscribe;
  settings(): Promise<OfficeOutcome<PaymentSettings>>;
  saveAutoRecharge(settings: SaveAutoRecharge): Promise<OfficeOutcome<PaymentSettings>>;
  removeCard(): Promise<OfficeOutcome<PaymentSettings>>;
  startCardSetup(setupId: string): Promise<OfficeOutcome<CardSetup>>;
  finishCardSetup(setupId: string): Promise<OfficeOutcome<CardSetup>>;
  /** Charges a small amount that is given back; one that is open already is shown instead of a second one. */
  startCardCheck(checkId: string): Promise<OfficeOutcome<CardCheck>>;
  guessCardCheck(guess: { readonly checkId: string; readonly amountMicros: Micros }): Promise<OfficeOutcome<CardCheck>>;
  cardCheck(checkId: string): Promise<OfficeOutcome<CardCheck>>;
  startPayment(payment: StartPayment): Promise<OfficeOutcome<PaymentProgress>>;
  payment(paymentId: string): Promise<OfficeOutcome<PaymentProgress>>;
  /** Asks the provider how the payment stands. */
  finishPayment(paymentId: string): Promise<OfficeOutcome<PaymentProgress>>;
  cancelPayment(paymentId: string): Promise<OfficeOutcome<PaymentProgress>>;
  /** Newest first; null is the first page. */
  payments(cursor: string | null): Promise<OfficeOutcome<PaymentPage>>;
  invoices(cursor: string | null): Promise<OfficeOutcome<InvoicePage>>;
  /** The PDF of this name goes to the person's downloads. */
  savePaper(name: string): Promise<OfficeOutcome<null>>;
  /** The simulated provider's own addresses, in place of Stripe.js. */
  giveTestCard(card: SimulatedConfirm): Promise<OfficeOutcome<SimulatedAnswer>>;
  answerBank(answer: {
    readonly clientSecret: string;
    readonly isConfirmed: boolean;
  }): Promise<OfficeOutcome<SimulatedAnswer>>;
  /** A `payment` event of the stream; null when it is none that this widget knows. */
  readPaymentEvent(content: unknown): Payment | null;
}

/** Outlives a reload of the page, not the window: what somebody has begun to pay. */
export interface IntentStore {
  read(personId: string): string | null;
  /** Null forgets it. */
  write(personId: string, text: string | null): void;
}
