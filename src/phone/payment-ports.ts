/** What the billing room needs from the world; ports.ts has what every phone needs. */
import type { Balance } from '../protocol/account.ts';
import type { InvoicePage } from '../protocol/invoice.ts';
import type { OfficeList } from '../protocol/office.ts';
import type {
  CardSetup,
  Payment,
  PaymentPage,
  PaymentProgress,
  PaymentSettings,
  SaveAutoRecharge,
  StartPayment,
} from '../protocol/payment.ts';
import type { PaymentOutcome } from '../protocol/payment-problem.ts';
import type { SimulatedAnswer, SimulatedConfirm } from '../protocol/simulated-payment.ts';

/** The payment addresses of the server. Whatever may charge a card carries an id of ours and is safe to repeat. */
export interface PaymentGate {
  /** The same addresses for another office of the account, for the role company (D-13); null for the office of the token. */
  ofOffice(officeId: string | null): PaymentGate;
  /** Offices whose credit this person manages. */
  offices(): Promise<PaymentOutcome<OfficeList>>;
  balance(): Promise<PaymentOutcome<Balance>>;
  settings(): Promise<PaymentOutcome<PaymentSettings>>;
  saveAutoRecharge(settings: SaveAutoRecharge): Promise<PaymentOutcome<PaymentSettings>>;
  removeCard(): Promise<PaymentOutcome<PaymentSettings>>;
  startCardSetup(setupId: string): Promise<PaymentOutcome<CardSetup>>;
  finishCardSetup(setupId: string): Promise<PaymentOutcome<CardSetup>>;
  startPayment(payment: StartPayment): Promise<PaymentOutcome<PaymentProgress>>;
  payment(paymentId: string): Promise<PaymentOutcome<PaymentProgress>>;
  /** Asks the provider how the payment stands. */
  finishPayment(paymentId: string): Promise<PaymentOutcome<PaymentProgress>>;
  cancelPayment(paymentId: string): Promise<PaymentOutcome<PaymentProgress>>;
  /** Newest first; null is the first page. */
  payments(cursor: string | null): Promise<PaymentOutcome<PaymentPage>>;
  invoices(cursor: string | null): Promise<PaymentOutcome<InvoicePage>>;
  /** The PDF of this name goes to the person's downloads. */
  savePaper(name: string): Promise<PaymentOutcome<null>>;
  /** The simulated provider's own addresses, in place of Stripe.js. */
  giveTestCard(card: SimulatedConfirm): Promise<PaymentOutcome<SimulatedAnswer>>;
  answerBank(answer: {
    readonly clientSecret: string;
    readonly isConfirmed: boolean;
  }): Promise<PaymentOutcome<SimulatedAnswer>>;
  /** A `payment` event of the stream; null when it is none that this widget knows. */
  readPaymentEvent(content: unknown): Payment | null;
}

/** Outlives a reload of the page, not the window: what somebody has begun to pay. */
export interface IntentStore {
  read(personId: string): string | null;
  /** Null forgets it. */
  write(personId: string, text: string | null): void;
}
