/** What belongs to one office at the billing room: its addresses, what is being paid, what was paid. Another office is another desk. */
import type { Payment, PaymentSettings } from '../protocol/payment.ts';
import type { Checkout, PaymentListSnapshot } from './billing-snapshot.ts';
import { CheckoutDesk } from './checkout.ts';
import { PaymentIntent } from './payment-intent.ts';
import { PaymentList } from './payment-list.ts';
import type { IntentStore, PaymentGate } from './payment-ports.ts';
import type { PhoneContext } from './phone-context.ts';

export interface BillingDesk {
  /** Null: the phone's own office. */
  readonly officeId: string | null;
  readonly gate: PaymentGate;
  readonly checkout: CheckoutDesk;
  readonly payments: PaymentList;
  /** A payment of this office was begun before the page was loaded again. */
  readonly isInterrupted: boolean;
  close(): void;
}

export interface BillingDeskParts {
  readonly gate: PaymentGate;
  readonly intents: IntentStore;
  readonly personId: string;
  readonly officeId: string | null;
  readonly settings: () => PaymentSettings;
  readonly show: (checkout: Checkout) => void;
  readonly showList: (list: PaymentListSnapshot) => void;
  readonly onPaid: (payment: Payment) => void;
  readonly onChanged: () => void;
}

export function openDesk(context: PhoneContext, parts: BillingDeskParts): BillingDesk {
  const { intents, personId, officeId, settings, show, showList, onPaid, onChanged } = parts;
  const gate = officeId === null ? parts.gate : parts.gate.ofOffice(officeId);
  // What was begun for one office must never be taken up for another.
  const intent = new PaymentIntent(intents, officeId === null ? personId : `${personId} ${officeId}`);
  const checkout = new CheckoutDesk(context, { gate, intent, settings, show, onPaid, onChanged });
  const payments = new PaymentList(context, { gate, show: showList });
  return {
    officeId,
    gate,
    checkout,
    payments,
    isInterrupted: intent.wanted !== null,
    close() {
      checkout.close();
      payments.close();
    },
  };
}
