/** Payments of the office and their papers, page by page; news of a payment changes its row. Older news than what is shown is dropped. */
import type { Invoice } from '../protocol/invoice.ts';
import type { Payment } from '../protocol/payment.ts';
import type { BillingRefusal, PaymentListSnapshot } from './billing-snapshot.ts';
import type { PaymentGate } from './payment-ports.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';

/** The server numbers papers once a second; a receipt is looked for a little later than its payment. */
const RECEIPT_PAUSE_MS = 3_000;
/** Pages of papers that one look may ask for. */
const MAX_PAPER_PAGES = 4;

type FullList = Extract<PaymentListSnapshot, { state: 'full' }>;

export interface PaymentListParts {
  readonly gate: PaymentGate;
  readonly show: (list: PaymentListSnapshot) => void;
}

export class PaymentList {
  readonly #context: PhoneContext;
  readonly #parts: PaymentListParts;
  #now: PaymentListSnapshot = { state: 'unopened' };
  #nextCursor: string | null = null;
  #loading: Promise<void> | null = null;
  #cancelLook: Unsubscribe = () => undefined;

  constructor(context: PhoneContext, parts: PaymentListParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** What is there already stays on the screen until the new is known. One at a time. */
  open(): Promise<void> {
    if (this.#now.state !== 'full') this.#show({ state: 'loading' });
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async more(): Promise<void> {
    const before = this.#full;
    if (before === null || before.isLoadingMore || this.#nextCursor === null) return;
    this.#change({ isLoadingMore: true, refusal: null });
    const outcome = await this.#parts.gate.payments(this.#nextCursor);
    if (outcome.ok) {
      this.#nextCursor = outcome.value.nextCursor;
      this.#merge(outcome.value.payments);
      await this.#findPapers();
    }
    this.#change({ isLoadingMore: false, refusal: outcome.ok ? null : outcome.refusal });
  }

  /** Hands the PDF to the browser. */
  async savePaper(name: string): Promise<void> {
    if (this.#full === null || this.#full.savingPaper !== null) return;
    this.#change({ savingPaper: name, refusal: null });
    const outcome = await this.#parts.gate.savePaper(name);
    this.#change({ savingPaper: null, refusal: outcome.ok ? null : outcome.refusal });
  }

  /** A payment of this office began, moved on or was given back. */
  hear(payment: Payment): void {
    if (this.#full === null) return;
    this.#merge([payment]);
    this.#cancelLook();
    this.#cancelLook = this.#context.clock.after(RECEIPT_PAUSE_MS, () => void this.#findPapers());
  }

  close(): void {
    this.#cancelLook();
  }

  async #load(): Promise<void> {
    const outcome = await this.#parts.gate.payments(null);
    if (!outcome.ok) {
      this.#fail(outcome.refusal);
      return;
    }
    const isFirst = this.#full === null;
    if (isFirst) this.#nextCursor = outcome.value.nextCursor;
    this.#merge(outcome.value.payments);
    await this.#findPapers();
  }

  #fail(refusal: BillingRefusal): void {
    if (this.#full === null) this.#show({ state: 'failed', refusal });
    else this.#change({ refusal });
  }

  #merge(news: readonly Payment[]): void {
    const known = new Map(this.#full?.payments.map((payment) => [payment.paymentId, payment]));
    for (const payment of news) {
      const before = known.get(payment.paymentId);
      if (before === undefined || before.version <= payment.version) known.set(payment.paymentId, payment);
    }
    const payments = [...known.values()].sort(newestFirst);
    const before = this.#full ?? { papers: [], isLoadingMore: false, savingPaper: null, refusal: null };
    this.#show({ ...before, state: 'full', payments, isMoreThere: this.#nextCursor !== null });
  }

  /** Papers newest first, until they are older than the oldest payment that is shown. A list without them is still a list. */
  async #findPapers(): Promise<void> {
    if (this.#full === null) return;
    // Invoices of services there are without any payment: the newest page of them.
    const oldestMs = this.#full.payments.at(-1)?.createdAtMs ?? Number.POSITIVE_INFINITY;
    const papers: Invoice[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MAX_PAPER_PAGES; page += 1) {
      const outcome = await this.#parts.gate.invoices(cursor);
      if (!outcome.ok) {
        this.#context.log('The receipts are not known.', { code: outcome.refusal.code });
        return;
      }
      papers.push(...outcome.value.invoices);
      cursor = outcome.value.nextCursor;
      if (cursor === null || (papers.at(-1)?.issuedAtMs ?? 0) < oldestMs) break;
    }
    this.#change({ papers });
  }

  get #full(): FullList | null {
    return this.#now.state === 'full' ? this.#now : null;
  }

  #change(change: Partial<Omit<FullList, 'state'>>): void {
    if (this.#full !== null) this.#show({ ...this.#full, ...change });
  }

  #show(list: PaymentListSnapshot): void {
    this.#now = list;
    this.#parts.show(list);
  }
}

function newestFirst(a: Payment, b: Payment): number {
  return b.createdAtMs - a.createdAtMs || (a.paymentId < b.paymentId ? 1 : -1);
}
