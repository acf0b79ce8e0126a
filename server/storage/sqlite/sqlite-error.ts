/** What SQLite's result codes mean to the rest of the software. Codes: https://www.sqlite.org/rescode.html */
import { UnavailableError } from '../store.ts';

/** Primary result codes that are the world's fault, not an operation's: asking again later may succeed. */
const UNAVAILABLE_REASONS: Readonly<Record<number, string>> = {
  5: 'another process keeps it locked',
  6: 'it is locked',
  8: 'it cannot be written to',
  10: 'the disk reports an error',
  13: 'the disk is full',
  14: 'its file cannot be opened',
};

/** The same reason, as UnavailableError when it is not the operation's fault. */
export function translateSqliteError(reason: unknown): unknown {
  const code = primaryCodeOf(reason);
  const words = code === null ? undefined : UNAVAILABLE_REASONS[code];
  return words === undefined
    ? reason
    : new UnavailableError(`The data file is unavailable: ${words}`, { cause: reason });
}

/** One clear sentence for whoever starts the server. */
export function explainOpenError(path: string, reason: unknown): Error {
  return new Error(`The data file ${path} ${openSentence(reason)}`, { cause: reason });
}

function openSentence(reason: unknown): string {
  const code = primaryCodeOf(reason);
  if (code === 26) return 'is not a database of this software';
  if (code === 11) return 'is damaged: restore a backup';
  const words = code === null ? undefined : UNAVAILABLE_REASONS[code];
  if (words !== undefined) return `cannot be used: ${words}`;
  return reason instanceof Error ? reason.message : String(reason);
}

/** null when it is no error of SQLite. */
function primaryCodeOf(reason: unknown): number | null {
  if (!(reason instanceof Error) || !('errcode' in reason) || typeof reason.errcode !== 'number') return null;
  return reason.errcode & 0xff;
}
