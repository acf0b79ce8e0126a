/**
 * Reads a rate deck from CSV (RFC 4180; comma, semicolon or tab). A deck is good as a whole or not at all: every bad cell is
 * reported with line, column, value and reason, and no rates come out unless the file is clean or the operator chose to skip.
 */
import { CsvError, parse } from 'csv-parse/sync';
import type { Rate } from '../../src/protocol/rate.ts';
import { createRowParser, RATE_DEFAULTS, type RateDefaults, type RowResult } from './parse-rate-row.ts';
import { type ColumnPlan, planColumns, type RateColumn } from './rate-columns.ts';

export interface BadCell {
  /** 1 is the first line of the file; a record over several lines is named by its last one. */
  readonly line: number;
  readonly column: string | null;
  /** null: what is wrong is no cell, but the file or its first line. */
  readonly value: string | null;
  readonly reason: string;
}

export interface ParsedRateDeck {
  /** Whether the rates may be used: no bad cell, or only rows that `skipBad` leaves out. */
  readonly isGood: boolean;
  /** Empty unless good. */
  readonly rates: readonly Rate[];
  readonly bad: readonly BadCell[];
  readonly rowCount: number;
  readonly skippedRowCount: number;
  readonly ignoredColumns: readonly string[];
}

export interface ParseOptions {
  readonly skipBad?: boolean;
  readonly defaults?: Partial<RateDefaults>;
  /** Which header a column has, where its own name and the synonyms do not fit: { price: 'interrate' }. */
  readonly columns?: Readonly<Partial<Record<RateColumn, string>>>;
  readonly onProgress?: (progress: { readonly rowCount: number; readonly share: number }) => void;
}

const PROGRESS_ROWS = 5000;
/** A file that is wrong from top to bottom need not be listed to its end. */
export const MAX_BAD_CELLS = 1000;

export function parseRateDeck(text: string, options: ParseOptions = {}): ParsedRateDeck {
  const reader = new DeckReader(options);
  const brokenAt = readRecords(text, reader, options.onProgress);
  return reader.finish(brokenAt);
}

/** Feeds the records to the reader; returns what breaks the file as CSV, null when nothing does. */
function readRecords(text: string, reader: DeckReader, onProgress: ParseOptions['onProgress']): BadCell | null {
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (record: string[], { lines, bytes }) => {
        reader.add(record, lines);
        if (onProgress && reader.rowCount > 0 && reader.rowCount % PROGRESS_ROWS === 0) {
          onProgress({ rowCount: reader.rowCount, share: Math.min(1, bytes / text.length) });
        }
        return null;
      },
    });
    return null;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      line: Number(error.lines ?? 0),
      column: null,
      value: null,
      reason: `not readable as CSV: ${error.message}`,
    };
  }
}

/** Of the first line that is no comment: what occurs most of ";", tab and ",". */
function delimiterOf(text: string): string {
  const header = /^(?:\uFEFF?#.*\r?\n|[ \t]*\r?\n)*(?<line>.*)/.exec(text)?.groups?.line ?? '';
  const outsideQuotes = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => outsideQuotes.split(delimiter).length;
  return [';', '\t'].reduce((best, candidate) => (count(candidate) > count(best) ? candidate : best), ',');
}

class DeckReader {
  rowCount = 0;
  #skippedRowCount = 0;
  #plan: ColumnPlan | null = null;
  #headerLength = 0;
  #parseRow: ((record: readonly string[]) => RowResult) | null = null;
  readonly #options: ParseOptions;
  readonly #rates: Rate[] = [];
  readonly #bad: BadCell[] = [];
  /** Line on which a rate id was seen first. */
  readonly #lineOf = new Map<string, number>();

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  add(record: readonly string[], line: number): void {
    if (this.#plan === null) {
      this.#readHeader(record, line);
      return;
    }
    this.rowCount += 1;
    const problems = this.#parseRow ? this.#addRow(record, { line, parseRow: this.#parseRow }) : [];
    if (problems.length === 0) return;
    this.#skippedRowCount += 1;
    if (this.#bad.length < MAX_BAD_CELLS) this.#bad.push(...problems);
  }

  finish(broken: BadCell | null): ParsedRateDeck {
    const hasHeader = this.#plan !== null && this.#parseRow !== null;
    if (this.#plan === null && !broken)
      this.#bad.push({ line: 1, column: null, value: null, reason: 'the file is empty' });
    if (broken) this.#bad.push(broken);
    const isWhole = hasHeader && !broken;
    const isGood = isWhole && (this.#skippedRowCount === 0 || this.#options.skipBad === true);
    return {
      isGood,
      rates: isGood ? this.#rates : [],
      bad: this.#bad,
      rowCount: this.rowCount,
      skippedRowCount: this.#skippedRowCount,
      ignoredColumns: this.#plan?.ignored ?? [],
    };
  }

  #readHeader(record: readonly string[], line: number): void {
    this.#plan = planColumns(record, this.#options.columns);
    this.#headerLength = record.length;
    for (const { header, reason } of this.#plan.problems) this.#bad.push({ line, column: header, value: null, reason });
    if (this.#plan.problems.length > 0) return;
    this.#parseRow = createRowParser(this.#plan.places, { ...RATE_DEFAULTS, ...this.#options.defaults });
  }

  #addRow(
    record: readonly string[],
    context: { readonly line: number; readonly parseRow: (record: readonly string[]) => RowResult },
  ): readonly BadCell[] {
    const { line } = context;
    if (record.length !== this.#headerLength) {
      const reason = `${record.length} cells, but the header has ${this.#headerLength}`;
      return [{ line, column: null, value: shown(record.join(',')), reason }];
    }
    const row = context.parseRow(record);
    if ('problems' in row) return row.problems.map((problem) => ({ line, ...problem, value: shown(problem.value) }));
    const twins: BadCell[] = [];
    for (const rate of row.rates) {
      const twin = this.#twin(rate, line);
      if (twin) twins.push(twin);
    }
    if (twins.length === 0) for (const rate of row.rates) this.#rates.push(rate);
    else this.#forget(row.rates, line);
    return twins;
  }

  /** A prefix has one price for each direction, licence and beginning. */
  #twin({ rateId, prefix }: Rate, line: number): BadCell | null {
    const firstLine = this.#lineOf.get(rateId);
    if (firstLine !== undefined) {
      return { line, column: 'prefix', value: prefix, reason: `has a price on line ${firstLine} already` };
    }
    this.#lineOf.set(rateId, line);
    return null;
  }

  /** A row that is left out has no price for its other prefixes either: a later row may have it. */
  #forget(rates: readonly Rate[], line: number): void {
    for (const { rateId } of rates) if (this.#lineOf.get(rateId) === line) this.#lineOf.delete(rateId);
  }
}

/** Enough of a cell to find it again. */
const MAX_SHOWN_CHARACTERS = 80;

function shown(value: string): string {
  return value.length > MAX_SHOWN_CHARACTERS ? `${value.slice(0, MAX_SHOWN_CHARACTERS)}…` : value;
}
