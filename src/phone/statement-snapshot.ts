/** What is shown of an office's statements, and what may be asked. For roles billing and company only. */
import type { Micros } from '../protocol/money.ts';
import type { Rate } from '../protocol/rate.ts';
import type {
  ExplainedLine,
  StatementFilter,
  StatementForecast,
  StatementLine,
  StatementMonths,
  StatementQuery,
  StatementSummary,
} from '../protocol/statement.ts';
import type { BillingRefusal } from './billing-snapshot.ts';

/** Which lines of the chosen month, in which order. */
export type UsageQuery = Omit<StatementFilter, 'month' | 'from' | 'to'> & Pick<StatementQuery, 'sort' | 'direction'>;

/** Why one line costs what it costs. */
export interface UsageWhy {
  readonly sequence: number;
  /** Null until it is known. */
  readonly explained: ExplainedLine | null;
  readonly refusal: BillingRefusal | null;
}

export interface UsageDetails {
  readonly query: UsageQuery;
  readonly lines: readonly StatementLine[];
  /** Null where the server does not count. */
  readonly lineCount: number | null;
  readonly isMoreThere: boolean;
  readonly isLoading: boolean;
  readonly refusal: BillingRefusal | null;
  readonly why: UsageWhy | null;
}

/** The file of a month. */
export type UsageSaving =
  | { readonly state: 'none' }
  | { readonly state: 'busy'; readonly rows: number; readonly allRows: number | null }
  /** What is in the file. */
  | { readonly state: 'done'; readonly rows: number; readonly spentMicros: Micros }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly refusal: BillingRefusal };

export type UsageSnapshot =
  /** 'off': this server keeps no statements. */
  | { readonly state: 'unopened' | 'loading' | 'off' }
  | { readonly state: 'failed'; readonly refusal: BillingRefusal }
  | {
      readonly state: 'full';
      readonly months: StatementMonths['months'];
      /** The running month, which may have no lines yet. */
      readonly currentMonth: string;
      /** The month that is shown. */
      readonly month: string;
      /** Null until the month that was just chosen is known. */
      readonly summary: StatementSummary | null;
      readonly details: UsageDetails | null;
      readonly saving: UsageSaving;
      /** Why the month that was chosen, or what is new, can't be shown. */
      readonly refusal: BillingRefusal | null;
    };

/** The table of call rates (F-08). */
export interface RatesSnapshot {
  /** Words of a destination, or the digits that a prefix begins with; '' is everything. */
  readonly search: string;
  /** When they were asked for: a price that depends on the time of day is that of this moment. */
  readonly atMs: number;
  readonly rates: readonly Rate[];
  readonly isMoreThere: boolean;
  readonly isLoading: boolean;
  /** Why the rates, or more of them, can't be shown. */
  readonly refusal: BillingRefusal | null;
}

export interface StatementSnapshot {
  /** The last seven days, and how long the credit lasts; null until it is known. */
  readonly forecast: StatementForecast | null;
  readonly usage: UsageSnapshot;
  /** Only while somebody looks at them. */
  readonly rates?: RatesSnapshot | null;
}

export type StatementWish =
  /** Again, too. */
  | { readonly type: 'open' }
  | { readonly type: 'choose_month'; readonly month: string }
  /** Null shows none. */
  | { readonly type: 'show_lines'; readonly query: UsageQuery | null }
  | { readonly type: 'more_lines' }
  /** Null explains none. */
  | { readonly type: 'explain'; readonly sequence: number | null }
  /** All lines of the month that fit. */
  | { readonly type: 'save'; readonly query: UsageQuery }
  | { readonly type: 'stop_saving' }
  /** Call rates instead of the usage; null goes back to it. */
  | { readonly type: 'show_rates'; readonly search: string | null }
  | { readonly type: 'more_rates' };
