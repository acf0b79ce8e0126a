/** One row for each fault that was tried: what `npm run test:faults` prints. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { FaultVerdict } from './fault-verdict.ts';

/** More rounds find rarer faults; `npm test` has time for the fewest. */
export function faultRounds(least: number): number {
  const wanted = Number(process.env.FAULT_ROUNDS ?? '');
  return Number.isInteger(wanted) && wanted > 0 ? Math.max(wanted, least) : least;
}

export interface FaultRow {
  readonly fault: string;
  readonly rounds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** The longest time that a caller waited for one answer, asking again all the while; null where it was not measured. */
  readonly longestOutageMs: number | null;
}

export function faultRow(
  row: Omit<FaultRow, 'lost' | 'doubled'> & { readonly verdicts: readonly FaultVerdict[] },
): FaultRow {
  const { verdicts, ...rest } = row;
  const lost = verdicts.reduce((sum, verdict) => sum + verdict.lost.length, 0);
  return { ...rest, lost, doubled: verdicts.reduce((sum, verdict) => sum + verdict.wrongWallets.length, 0) };
}

/** Kept for the table where one is wanted (FAULT_TABLE names a file), printed otherwise. */
export function report(row: FaultRow): void {
  const file = process.env.FAULT_TABLE;
  if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
  else process.stdout.write(`${faultTable([row])}\n`);
}

export function readFaultRows(file: string): readonly FaultRow[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  // Written by `report` above.
  return lines.map((line) => JSON.parse(line) as FaultRow);
}

const HEAD = ['fault', 'rounds', 'acknowledged', 'lost', 'doubled', 'longest outage'];

export function faultTable(rows: readonly FaultRow[]): string {
  const cells = rows.map((row) => [
    row.fault,
    String(row.rounds),
    row.acknowledged.toLocaleString('en-US'),
    String(row.lost),
    String(row.doubled),
    row.longestOutageMs === null ? '-' : `${(row.longestOutageMs / 1_000).toFixed(2)} s`,
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(HEAD), ...cells.map(line)].join('\n');
}
