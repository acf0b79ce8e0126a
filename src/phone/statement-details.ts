/** The lines behind a figure: page by page, in the order that was asked for, each explained on request. */
import { STATEMENT_PAGE_SIZE, type StatementLine, type StatementLinePage } from '../protocol/statement.ts';
import type { StatementGate } from './statement-ports.ts';
import type { UsageDetails, UsageQuery } from './statement-snapshot.ts';

/** A page may be empty and yet have a next one; this many are asked for before somebody has to ask for more. */
const MAX_EMPTY_PAGES = 20;

export interface StatementDetailsParts {
  readonly gate: StatementGate;
  readonly month: string;
  readonly query: UsageQuery;
  readonly show: (details: UsageDetails) => void;
}

export class StatementDetails {
  readonly #parts: StatementDetailsParts;
  #now: UsageDetails;
  #nextCursor: string | null = null;

  constructor(parts: StatementDetailsParts) {
    this.#parts = parts;
    const empty = { lines: [], lineCount: null, isMoreThere: false, isLoading: false, refusal: null, why: null };
    this.#now = { query: parts.query, ...empty };
  }

  get query(): UsageQuery {
    return this.#parts.query;
  }

  /** The first page; later pages that are shown already stay as they are. */
  async load(): Promise<void> {
    if (this.#now.isLoading) return;
    this.#change({ isLoading: true, refusal: null });
    const outcome = await this.#find(null);
    if (outcome.ok) this.#takeFirst(outcome.value);
    this.#change({ isLoading: false, refusal: outcome.ok ? null : outcome.refusal });
  }

  async more(): Promise<void> {
    if (this.#now.isLoading || this.#nextCursor === null) return;
    this.#change({ isLoading: true, refusal: null });
    const outcome = await this.#find(this.#nextCursor);
    if (outcome.ok) {
      this.#nextCursor = outcome.value.nextCursor;
      this.#change({ lines: [...this.#now.lines, ...outcome.value.lines], isMoreThere: this.#nextCursor !== null });
    }
    this.#change({ isLoading: false, refusal: outcome.ok ? null : outcome.refusal });
  }

  /** Null explains none. */
  async explain(sequence: number | null): Promise<void> {
    this.#change({ why: sequence === null ? null : { sequence, explained: null, refusal: null } });
    if (sequence === null) return;
    const outcome = await this.#parts.gate.explain(sequence);
    if (this.#now.why?.sequence !== sequence) return;
    this.#change({
      why: outcome.ok
        ? { sequence, explained: outcome.value, refusal: null }
        : { sequence, explained: null, refusal: outcome.refusal },
    });
  }

  async #find(cursor: string | null): ReturnType<StatementGate['lines']> {
    const { gate, month, query } = this.#parts;
    let from = cursor;
    for (let page = 0; ; page += 1) {
      const outcome = await gate.lines({ ...query, month, ...(from === null ? {} : { cursor: from }) });
      const isLast = !outcome.ok || outcome.value.lines.length > 0 || outcome.value.nextCursor === null;
      if (isLast || page === MAX_EMPTY_PAGES) return outcome;
      from = outcome.value.nextCursor;
    }
  }

  #takeFirst({ lines, lineCount, nextCursor }: StatementLinePage): void {
    const newer = this.#newer(lines);
    if (newer === null) this.#nextCursor = nextCursor;
    this.#change({
      lines: newer === null ? lines : [...newer, ...this.#now.lines],
      lineCount,
      isMoreThere: this.#nextCursor !== null,
    });
  }

  /** What of the first page goes above the lines that are shown; null when that page takes their place. */
  #newer(first: readonly StatementLine[]): readonly StatementLine[] | null {
    const { lines } = this.#now;
    if (lines.length <= STATEMENT_PAGE_SIZE) return null;
    const { sort = 'time', direction = 'desc' } = this.query;
    // In another order nobody knows where new lines belong; they appear when the list is opened again.
    if (sort !== 'time' || direction !== 'desc') return [];
    const newest = lines[0]?.sequence ?? 0;
    const newer = first.filter(({ sequence }) => sequence > newest);
    // More than a page has come, and what lies between is not known.
    return newer.length === first.length ? null : newer;
  }

  #change(change: Partial<UsageDetails>): void {
    this.#now = { ...this.#now, ...change };
    this.#parts.show(this.#now);
  }
}
