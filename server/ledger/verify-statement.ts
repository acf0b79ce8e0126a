/**
 * Checks an exported statement without any store (issue 5, "Provable ledger"): who has been given one can prove later what was in it,
 * with this file's few imports and nothing else. CSV by RFC 4180 in UTF-8, with STATEMENT_COLUMNS among its columns.
 *
 * What it cannot know: whether the file is the whole statement. A later statement goes on from the closing link of an earlier one.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { StatementCheck, type StatementReport } from './statement-check.ts';
import { planStatement, readStatementRow, type StatementPlan } from './statement-row.ts';

/** Characters of one row: every text that the ledger takes, in many more columns than a statement has. */
export const MAX_ROW_CHARACTERS = 65_536;

/** A file that is no statement, or none up to its end: a sentence that goes on from the file's name. */
export class NoStatementError extends Error {
  override readonly name = 'NoStatementError';
}

export interface VerifyOptions {
  /** Bytes of the file; after each piece of it. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Rejects with NoStatementError, or with the system's error when the file cannot be read. Memory does not follow the file's size. */
export async function verifyStatement(path: string, options: VerifyOptions = {}): Promise<StatementReport> {
  const handle = await open(path);
  try {
    return await verifyFile(handle, options);
  } catch (reason) {
    throw reason instanceof CsvError ? new NoStatementError(csvWords(reason), { cause: reason }) : reason;
  } finally {
    await handle.close();
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function verifyFile(
  handle: FileHandle,
  { onProgress = () => undefined }: VerifyOptions,
): Promise<StatementReport> {
  const { size: total } = await handle.stat();
  let done = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of handle.createReadStream({ autoClose: false })) {
      yield piece;
      done += piece.length;
      onProgress({ done, total });
    }
  }
  const check = new StatementCheck();
  const parser = parse({ bom: true, info: true, max_record_size: MAX_ROW_CHARACTERS, skip_empty_lines: true });
  let plan: StatementPlan | null = null;
  await pipeline(pieces, parser, async (records: AsyncIterable<CsvRecord>) => {
    for await (const { record, info } of records) {
      if (plan === null) plan = planOf(record);
      else addRow(check, { line: info.lines, row: readStatementRow(record, plan) });
    }
  });
  if (plan === null) throw new NoStatementError('is empty');
  return check.report();
}

function planOf(header: readonly string[]): StatementPlan {
  const plan = planStatement(header);
  if ('wrong' in plan) throw new NoStatementError(`is no statement: ${plan.wrong}`);
  return plan;
}

function addRow(
  check: StatementCheck,
  { line, row }: { readonly line: number; readonly row: Parameters<StatementCheck['add']>[1] },
): void {
  try {
    check.add(line, row);
  } catch (reason) {
    if (reason instanceof RangeError) throw new NoStatementError(`has ${reason.message}`);
    throw reason;
  }
}

function csvWords({ code, lines, message }: CsvError): string {
  const line = typeof lines === 'number' ? ` at line ${lines}` : '';
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `is no statement: there is a row of more than ${MAX_ROW_CHARACTERS} characters${line}`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return `ends in the middle of a row: a quotation mark is not closed${line}`;
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return `has a row with more or fewer cells than its first line${line}: it ends in the middle, or was changed`;
    default:
      return `is not CSV (RFC 4180): ${message}`;
  }
}
