/** What SQLite's result codes mean to the rest of the software. Codes: https://www.sqlite.org/rescode.html */
import { UnavailableError } from '../store.ts';

/** Primary result codes that are the world's fault, not an operation's: asking again later may succeed. */
const UNAVAILABLE_REASONS: Readonly<Record<number, string>> = {
  5: 'another process keeps it locked',
  6: 'it is locked',
  8: 'it cannot be written to',
  10: 'the disk reports an error',
  13: 'the disk is full',
  14: 'it cannot be opened; is there permission to write there?',
};

/** The same reason, as UnavailableError when it is not the operation's fault. */
export function translateSqliteError(reason: unknown): unknown {
  const code = primaryCodeOf(reason);
  const words = code === null ? undefined : UNAVAILABLE_REASONS[code];
  return words === undefined
    ? reason
    : new UnavailableError(`The data file is unavailable: ${words}`, { cause: reason });
}

/** Codes of the file system, met while its folder is made. */
const FOLDER_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission to write there',
  EPERM: 'there is no permission to write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file stands where its folder should be',
  ENOTDIR: 'a file stands where its folder should be',
};

/** One clear sentence for whoever starts the server. */
export function explainOpenError(path: string, reason: unknown): Error {
  return new Error(`The data file ${path} ${openSentence(reason)}`, { cause: reason });
}

function openSentence(reason: unknown): string {
  const code = primaryCodeOf(reason);
  if (code === 26) return 'is not a database of this software';
  if (code === 11) return 'is damaged: restore a backup';
  const words = code === null ? folderReasonOf(reason) : UNAVAILABLE_REASONS[code];
  if (words !== undefined) return `cannot be used: ${words}`;
  return reason instanceof Error ? reason.message : String(reason);
}

function folderReasonOf(reason: unknown): string | undefined {
  if (!(reason instanceof Error) || !('code' in reason) || typeof reason.code !== 'string') return undefined;
  return FOLDER_REASONS[reason.code];
}

/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY: that statement was undone, the transaction goes on. */
export function isUniqueViolation(reason: unknown): boolean {
  return reason instanceof Error && 'errcode' in reason && (reason.errcode === 2067 || reason.errcode === 1555);
}

/** null when it is no error of SQLite. */
function primaryCodeOf(reason: unknown): number | null {
  if (!(reason instanceof Error) || !('errcode' in reason) || typeof reason.errcode !== 'number') return null;
  return reason.errcode & 0xff;
}
