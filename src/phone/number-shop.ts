/**
 * The number shop. Whether a number can be bought is the server's word, row by row; when the credit changes the rows are asked for
 * again, so that the Buy button follows the credit without a reload (F-27).
 */
import type { NumberPage, NumberSearch, ShopNumber } from '../protocol/number.ts';
import type { Outcome, Refusal } from '../protocol/problem.ts';
import type { PhoneContext } from './phone-context.ts';
import type { ShopSnapshot } from './phone-snapshot.ts';
import type { Unsubscribe } from './ports.ts';
import { RepeatableIntent } from './repeatable-intent.ts';

/** Credit may change several times within one call; one new look at the shop is enough for all of them. */
const REFRESH_PAUSE_MS = 200;
/** How many pages are read again; who has scrolled further sees the rest when searching again. */
const MAX_REFRESHED_PAGES = 5;

type FullShop = Extract<ShopSnapshot, { state: 'full' }>;

export class NumberShop {
  readonly #context: PhoneContext;
  readonly #buying: RepeatableIntent;
  #search: NumberSearch = {};
  #nextCursor: string | null = null;
  #pages = 0;
  /** Counts searches: the answer to an older one is dropped. */
  #searchIndex = 0;
  #isReadingMore = false;
  #cancelRefresh: Unsubscribe = () => undefined;

  constructor(context: PhoneContext) {
    this.#context = context;
    this.#buying = new RepeatableIntent(context.newId);
  }

  async search(search: NumberSearch): Promise<void> {
    this.#search = search;
    const index = ++this.#searchIndex;
    this.#isReadingMore = false;
    this.#show({ state: 'loading' });
    const outcome = await this.#context.gate.searchNumbers(search);
    if (index !== this.#searchIndex) return;
    if (outcome.ok) this.#fill({ numbers: [], page: outcome.value });
    else this.#show({ state: 'failed', refusal: outcome.refusal });
  }

  async searchMore(): Promise<void> {
    const shop = this.#full();
    if (shop === null || this.#nextCursor === null || this.#isReadingMore) return;
    this.#isReadingMore = true;
    const index = this.#searchIndex;
    const outcome = await this.#context.gate.searchNumbers({ ...this.#search, cursor: this.#nextCursor });
    if (index !== this.#searchIndex) return;
    this.#isReadingMore = false;
    const numbers = this.#full()?.numbers ?? [];
    if (outcome.ok) this.#fill({ numbers, page: outcome.value });
    else this.#change({ refusal: outcome.refusal });
  }

  async buy(number: string): Promise<void> {
    const shop = this.#full();
    if (shop === null || shop.buying !== null) return;
    this.#change({ buying: number, bought: null, refusal: null });
    const offer = shop.numbers.find((row) => row.number === number)?.offer ?? null;
    const outcome = await this.#context.gate.buyNumber(number, {
      purchaseId: this.#buying.idFor(number),
      ...(offer === null ? {} : { offer }),
    });
    this.#buying.hear(outcome);
    this.#change({ buying: null });
    if (!outcome.ok) {
      this.#change({ refusal: outcome.refusal });
      return this.#learnRefusal(number, outcome.refusal);
    }
    this.take(outcome.value.number);
    if (outcome.value.state === 'bought') this.#change({ bought: number });
  }

  /** A number changed hands; one that was being ordered may be there now. */
  take(number: ShopNumber): void {
    const shop = this.#full();
    if (shop === null) return;
    const before = shop.numbers.find((row) => row.number === number.number);
    const numbers = shop.numbers.map((row) => (row === before ? number : row));
    const isDelivered = before?.status === 'ordering' && number.status === 'owned';
    this.#change(isDelivered ? { numbers, bought: number.number } : { numbers });
  }

  /** The credit has changed, and with it what can be bought. */
  refreshSoon(): void {
    this.#cancelRefresh();
    if (this.#full() === null) return;
    this.#cancelRefresh = this.#context.clock.after(REFRESH_PAUSE_MS, () => void this.#refresh());
  }

  close(): void {
    this.#cancelRefresh();
    this.#searchIndex += 1;
  }

  async #refresh(): Promise<void> {
    const index = this.#searchIndex;
    let cursor: string | null = null;
    for (let page = 0; page < Math.min(this.#pages, MAX_REFRESHED_PAGES); page += 1) {
      const outcome: Outcome<NumberPage> = await this.#context.gate.searchNumbers({
        ...this.#search,
        ...(cursor === null ? {} : { cursor }),
      });
      if (!outcome.ok || index !== this.#searchIndex) return;
      for (const number of outcome.value.numbers) this.take(number);
      cursor = outcome.value.nextCursor;
      if (cursor === null) return;
    }
  }

  /** Somebody else was faster, or the credit is gone: the row says so before the server's events arrive. */
  #learnRefusal(number: string, refusal: Refusal): void {
    if (refusal.code === 'unavailable') return;
    const row = this.#full()?.numbers.find((shown) => shown.number === number);
    if (row !== undefined) this.take({ ...row, refusal });
  }

  #fill(found: { readonly numbers: readonly ShopNumber[]; readonly page: NumberPage }): void {
    const { numbers, page } = found;
    this.#nextCursor = page.nextCursor;
    this.#pages = numbers.length === 0 ? 1 : this.#pages + 1;
    const rows = { numbers: [...numbers, ...page.numbers], isMoreThere: page.nextCursor !== null };
    this.#show({ state: 'full', buying: null, bought: null, refusal: null, ...this.#full(), ...rows });
  }

  #full(): FullShop | null {
    const { shop } = this.#context.store.snapshot;
    return shop.state === 'full' ? shop : null;
  }

  #change(change: Partial<Omit<FullShop, 'state'>>): void {
    const shop = this.#full();
    if (shop !== null) this.#show({ ...shop, ...change });
  }

  #show(shop: ShopSnapshot): void {
    this.#context.store.update({ shop });
  }
}
