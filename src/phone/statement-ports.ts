/** What the statements need from the world; payment-ports.ts has what paying needs. */
import type { Micros } from '../protocol/money.ts';
import type { OfficeOutcome } from '../protocol/office-problem.ts';
import type { Rate } from '../protocol/rate.ts';
import type {
  ExplainedLine,
  StatementFilter,
  StatementForecast,
  StatementLinePage,
  StatementMonths,
  StatementQuery,
  StatementSummary,
} from '../protocol/statement.ts';

export interface SavedStatement {
  /** Without the header row. */
  readonly rows: number;
  /** What these rows took from the credit; never negative. */
  readonly spentMicros: Micros;
}

export interface WantedStatement {
  readonly filter: StatementFilter;
  /** Of the file that it becomes. */
  readonly name: string;
  /** How many rows there will be, as far as is known: large files may be written to the disk while they arrive. */
  readonly expectedRows: number | null;
  /** Stops it; what has arrived is thrown away. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly rows: number; readonly allRows: number | null }) => void;
}

export interface RatePage {
  readonly rates: readonly Rate[];
  readonly nextCursor: string | null;
}

/** The statement addresses of the server. They only read. */
export interface StatementGate {
  /** The same addresses for another office of the account (D-13); null for the office of the token. */
  ofOffice(officeId: string | null): StatementGate;
  months(): Promise<OfficeOutcome<StatementMonths>>;
  summary(month: string): Promise<OfficeOutcome<StatementSummary>>;
  lines(query: StatementQuery): Promise<OfficeOutcome<StatementLinePage>>;
  explain(sequence: number): Promise<OfficeOutcome<ExplainedLine>>;
  /** The account's table of rates; `search` is part of a destination's name, or digits that a prefix begins with. */
  rates(query: { readonly search: string; readonly cursor: string | null }): Promise<OfficeOutcome<RatePage>>;
  forecast(): Promise<OfficeOutcome<StatementForecast>>;
  /** Hands the file to the browser, and tells what is in it; null when it was stopped. */
  save(wanted: WantedStatement): Promise<OfficeOutcome<SavedStatement | null>>;
}
