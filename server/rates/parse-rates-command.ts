/** A dry run of an import: what is wrong with a rate deck, line by line. */

import { type ParsedRateDeck, parseRateDeck } from './parse-rate-deck.ts';
import { RATE_COLUMNS, type RateColumn } from './rate-columns.ts';
import { createRateProgress } from './rate-progress.ts';

export interface ParseRatesOptions {
  readonly skipBad?: boolean;
  /** "price=interrate". */
  readonly column?: readonly string[];
  readonly print: (line: string) => void;
}

/** Returns the exit code: 1 when the deck would not be imported. */
export function parseRatesCommand(text: string, options: ParseRatesOptions): number {
  const progress = createRateProgress();
  const deck = parseRateDeck(text, {
    skipBad: options.skipBad ?? false,
    columns: namedColumns(options.column ?? []),
    onProgress: progress.update,
  });
  progress.stop();
  for (const line of reportLines(deck)) options.print(line);
  return deck.isGood ? 0 : 1;
}

/** Of a deck that is refused. Rows that are left out of one that is imported are listed in full. */
const MAX_LISTED_BAD_CELLS = 20;

/** What an operator has to know about a parsed deck, one line each, the sum last. */
export function reportLines(deck: ParsedRateDeck): string[] {
  const listed = deck.isGood ? deck.bad : deck.bad.slice(0, MAX_LISTED_BAD_CELLS);
  const others = deck.bad.length - listed.length;
  const bad = listed.map(({ line, column, value, reason }) => {
    const cell = column === null ? '' : `, column ${column}`;
    return `line ${line}${cell}: ${value === null ? '' : `${JSON.stringify(value)} `}${reason}`;
  });
  if (others > 0) bad.push(`and ${others} more`);
  const ignored = deck.ignoredColumns.length > 0 ? [`columns not used: ${deck.ignoredColumns.join(', ')}`] : [];
  const rows = `${deck.rowCount} rows, ${deck.rates.length} rates, ${deck.skippedRowCount} bad rows`;
  const verdict = !deck.isGood
    ? 'not importable'
    : deck.skippedRowCount > 0
      ? 'importable without the bad rows'
      : 'good';
  return [...bad, ...ignored, `${rows}: ${verdict}`];
}

function namedColumns(pairs: readonly string[]): Partial<Record<RateColumn, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', header = ''] = pair.split('=', 2);
      const column = RATE_COLUMNS.find((candidate) => candidate === name);
      if (column === undefined || header === '')
        throw new Error(`--column ${pair}: write one of ${RATE_COLUMNS.join(', ')} = a header`);
      return [column, header];
    }),
  );
}
