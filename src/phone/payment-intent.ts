/**
 * One payment that somebody wants, with one id for all attempts, kept for the life of the window: a double click, a lost answer and a
 * reload in the middle all ask for the same payment again.
 */
import type { StartPayment } from '../protocol/payment.ts';
import type { PaymentPlan, WantedRecharge } from './billing-snapshot.ts';
import type { IntentStore } from './payment-ports.ts';

/** What is asked of the server, and what is wanted along with it afterwards. */
export type KeptIntent = StartPayment & Pick<PaymentPlan, 'autoRecharge'>;

export class PaymentIntent {
  readonly #store: IntentStore;
  readonly #personId: string;
  #wanted: KeptIntent | null;

  constructor(store: IntentStore, personId: string) {
    this.#store = store;
    this.#personId = personId;
    this.#wanted = readIntent(store.read(personId));
  }

  /** What is wanted and not decided yet; after a reload what was wanted before it. */
  get wanted(): KeptIntent | null {
    return this.#wanted;
  }

  /** The request for this plan: word for word the one before while the same plan is undecided. */
  requestFor(plan: PaymentPlan, fresh: Pick<StartPayment, 'paymentId' | 'currency' | 'lastPaymentId'>): StartPayment {
    const wanted = this.#wanted !== null && isSamePlan(this.#wanted, plan) ? this.#wanted : { ...plan, ...fresh };
    if (wanted !== this.#wanted) this.#keep(wanted);
    const { autoRecharge: _afterwards, ...request } = wanted;
    return request;
  }

  /** The server has decided: the same plan is another payment from now on. */
  forget(): void {
    this.#wanted = null;
    this.#store.write(this.#personId, null);
  }

  #keep(wanted: KeptIntent): void {
    this.#wanted = wanted;
    this.#store.write(this.#personId, JSON.stringify(wanted));
  }
}

function isSamePlan(a: PaymentPlan, b: PaymentPlan): boolean {
  const isSamePayment = a.amountMicros === b.amountMicros && a.payWith === b.payWith && a.keepsCard === b.keepsCard;
  return isSamePayment && isSameRecharge(a.autoRecharge, b.autoRecharge);
}

function isSameRecharge(a: WantedRecharge | undefined, b: WantedRecharge | undefined): boolean {
  return (
    a?.thresholdMicros === b?.thresholdMicros &&
    a?.amountMicros === b?.amountMicros &&
    a?.monthlyLimitMicros === b?.monthlyLimitMicros
  );
}

/** Written by this very class, in this browser: what does not look like it is forgotten. The server checks every word of it again. */
function readIntent(text: string | null): KeptIntent | null {
  try {
    const read: unknown = JSON.parse(text ?? 'null');
    const isIntent = typeof read === 'object' && read !== null && 'paymentId' in read && 'amountMicros' in read;
    // The two members tell our own writing from anything else that could stand there.
    return isIntent ? (read as KeptIntent) : null;
  } catch {
    return null;
  }
}
