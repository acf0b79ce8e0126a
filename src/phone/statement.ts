/**
 * The statements of the office that the billing room shows: where the credit went, month by month, and how long it lasts. Loaded for those
 * who manage credit, when the Credit tab is opened.
 */
import type { BillingRefusal } from './billing-snapshot.ts';
import type { PhoneContext } from './phone-context.ts';
import type { Unsubscribe } from './ports.ts';
import { StatementDetails } from './statement-details.ts';
import type { StatementGate } from './statement-ports.ts';
import { StatementSaving } from './statement-saving.ts';
import type { StatementWish, UsageQuery, UsageSnapshot } from './statement-snapshot.ts';

/** Calls that end together are one look. */
const REFRESH_PAUSE_MS = 1_000;
/** A server that keeps no statements, or one that is older than they are. */
const OFF: readonly string[] = ['not_found', 'method_not_allowed', 'role_forbidden'];

type FullUsage = Extract<UsageSnapshot, { state: 'full' }>;

export class Statement {
  readonly #context: PhoneContext;
  readonly #gate: StatementGate;
  readonly #officeId: string;
  readonly #unsubscribe: Unsubscribe;
  #details: StatementDetails | null = null;
  #saving: StatementSaving | null = null;
  #loading: Promise<void> | null = null;
  #cancelRefresh: Unsubscribe | null = null;
  #isClosed = false;
  #balanceMicros: number | null = null;

  /** `officeId` names files only; the gate is that of the office. */
  constructor(context: PhoneContext, parts: { readonly gate: StatementGate; readonly officeId: string }) {
    this.#context = context;
    this.#gate = parts.gate;
    this.#officeId = parts.officeId;
    this.#balanceMicros = this.#shownBalance;
    this.#unsubscribe = context.store.subscribe(() => this.#followBalance());
  }

  wish(wish: StatementWish): void {
    switch (wish.type) {
      case 'open':
        void this.#open();
        break;
      case 'choose_month':
        void this.#chooseMonth(wish.month);
        break;
      case 'show_lines':
        this.#showLines(wish.query);
        break;
      case 'more_lines':
        void this.#details?.more();
        break;
      case 'explain':
        void this.#details?.explain(wish.sequence);
        break;
      case 'save':
        this.#save(wish.query);
        break;
      case 'stop_saving':
        this.#saving?.stop();
        break;
    }
  }

  /** Another office is shown now: nothing of this one may appear any more. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelRefresh?.();
    this.#saving?.stop();
  }

  /** What is there stays on the screen until the new is known. One at a time. */
  #open(): Promise<void> {
    if (this.#full === null) this.#show({ state: 'loading' });
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const [months] = await Promise.all([this.#gate.months(), this.#loadForecast()]);
    if (!months.ok) return this.#fail(months.refusal);
    const now = this.#full;
    const { currentMonth } = months.value;
    const known = { months: months.value.months, currentMonth };
    // Who looks at the running month goes on to the next one with it.
    const isRunning = now === null || now.month === now.currentMonth;
    if (now === null)
      this.#show({
        state: 'full',
        ...known,
        month: currentMonth,
        summary: null,
        details: null,
        saving: { state: 'none' },
        refusal: null,
      });
    else this.#change({ ...known, ...(isRunning ? { month: currentMonth } : {}) });
    await Promise.all([this.#loadSummary(), this.#details?.load()]);
  }

  async #loadForecast(): Promise<void> {
    const outcome = await this.#gate.forecast();
    if (this.#isClosed) return;
    const { store, log } = this.#context;
    if (outcome.ok) store.update({ statement: { ...store.snapshot.statement, forecast: outcome.value } });
    else log('How long the credit lasts is not known.', { code: outcome.refusal.code });
  }

  async #loadSummary(): Promise<void> {
    const month = this.#full?.month;
    if (month === undefined) return;
    const outcome = await this.#gate.summary(month);
    if (this.#full?.month !== month) return;
    if (outcome.ok) this.#change({ summary: outcome.value, refusal: null });
    else this.#change({ refusal: outcome.refusal });
  }

  async #chooseMonth(month: string): Promise<void> {
    const now = this.#full;
    if (now === null || now.month === month) return;
    this.#details = null;
    this.#forgetFile();
    this.#change({ month, summary: null, details: null, refusal: null });
    await this.#loadSummary();
  }

  #showLines(query: UsageQuery | null): void {
    const now = this.#full;
    if (now === null) return;
    this.#forgetFile();
    if (query === null) {
      this.#details = null;
      this.#change({ details: null });
      return;
    }
    const details = new StatementDetails({
      gate: this.#gate,
      month: now.month,
      query,
      // Lines that nobody looks at any more are not shown either.
      show: (shown) => (details === this.#details ? this.#change({ details: shown }) : undefined),
    });
    this.#details = details;
    void details.load();
  }

  #save(query: UsageQuery): void {
    const now = this.#full;
    if (now === null || now.saving.state === 'busy') return;
    const { sort: _sort, direction: _direction, ...filter } = query;
    const isWhole = Object.keys(filter).length === 0;
    const saving = new StatementSaving({
      gate: this.#gate,
      log: this.#context.log,
      show: (shown) => (saving === this.#saving ? this.#change({ saving: shown }) : undefined),
    });
    this.#saving = saving;
    void saving.save({
      filter: { ...filter, month: now.month },
      name: `credit-usage-${this.#officeId}-${now.month}${isWhole ? '' : '-part'}.csv`,
      expectedRows: isWhole ? (now.summary?.lineCount ?? null) : (now.details?.lineCount ?? null),
    });
  }

  /** What was said of a file that has been saved; one that is being saved is still told of. */
  #forgetFile(): void {
    if (this.#full?.saving.state !== 'busy') this.#change({ saving: { state: 'none' } });
  }

  /** A call was charged, credit came: the figures follow without a reload. */
  #followBalance(): void {
    const balanceMicros = this.#shownBalance;
    if (balanceMicros === null || balanceMicros === this.#balanceMicros) return;
    const isFirst = this.#balanceMicros === null;
    this.#balanceMicros = balanceMicros;
    if (isFirst || this.#full === null || this.#cancelRefresh !== null) return;
    this.#cancelRefresh = this.#context.clock.after(REFRESH_PAUSE_MS, () => {
      this.#cancelRefresh = null;
      void this.#open();
    });
  }

  get #shownBalance(): number | null {
    const { balance, offices } = this.#context.store.snapshot;
    return (offices.other === null ? balance : offices.other.balance)?.balanceMicros ?? null;
  }

  #fail(refusal: BillingRefusal): void {
    this.#context.log('The statements are not known.', { code: refusal.code });
    if (this.#full !== null) this.#change({ refusal });
    else this.#show(OFF.includes(refusal.code) ? { state: 'off' } : { state: 'failed', refusal });
  }

  get #full(): FullUsage | null {
    const { usage } = this.#context.store.snapshot.statement;
    return usage.state === 'full' && !this.#isClosed ? usage : null;
  }

  #change(change: Partial<Omit<FullUsage, 'state'>>): void {
    if (this.#full !== null) this.#show({ ...this.#full, ...change });
  }

  #show(usage: UsageSnapshot): void {
    if (this.#isClosed) return;
    const { store } = this.#context;
    store.update({ statement: { ...store.snapshot.statement, usage } });
  }
}
