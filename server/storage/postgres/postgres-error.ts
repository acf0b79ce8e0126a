/**
 * What errors of PostgreSQL and of the way to it mean to the rest of the software, in plain words. Never with a password: what is
 * given on is made here, the driver's own errors (which may carry the whole connection) stay behind.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
import pg from 'pg';
import { UnavailableError } from '../store.ts';
import type { DatabaseUrl } from './database-url.ts';

/** The world's fault, not an operation's: asking again later may succeed. */
const UNAVAILABLE_REASONS: Readonly<Record<string, string>> = {
  // Node, on the way there.
  ECONNREFUSED: 'nobody answers at that port (connection refused)',
  ENOTFOUND: 'no host of that name is known',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'the host does not answer in time',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network of the host',
  ENOENT: 'there is no such socket',
  EACCES: 'there is no permission to use its socket',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  // PostgreSQL.
  '28P01': 'it refuses this user with this password',
  '28000': 'it does not let this user in from here (see its pg_hba.conf; it may ask for TLS: sslmode)',
  '3D000': 'there is no database of that name',
  '42501': 'this user has no right to do what is needed',
  '53100': 'its disk is full',
  '53200': 'it has no memory left',
  '53300': 'it has no connection left (max_connections)',
  '57P01': 'it is being shut down, or an administrator ended the connection',
  '57P02': 'it has crashed and starts again',
  '57P03': 'it is starting up or shutting down',
  '57P04': 'the database was dropped',
  '57P05': 'it ended a connection that was idle',
  '57014': 'a statement took too long',
  '55P03': 'a lock was not to be had in time',
  '25P03': 'it ended a transaction that was idle',
  '25006': 'it takes no writes: it is a standby, or set to read only',
  '58000': 'its system reports an error',
  '58030': 'its disk reports an error',
};

/** Errors of the driver have no code, only these words. */
const UNAVAILABLE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect/, 'all connections to it are busy'],
  [/connection timeout|timeout expired/, 'the host does not answer in time'],
  [/Query read timeout/, 'it did not answer in time'],
  [/Connection terminated|not queryable|Connection ended/, 'the connection was lost'],
  [/does not support SSL/, 'it does not speak TLS, and sslmode asks for it'],
  [/client password must be/, 'it asks for a password, and the address has none'],
  [/Cannot use a pool after calling end/, 'the store is closed'],
];

const TLS_CODE = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH)/;

/** Transactions that lost against another one and were rolled back whole: the same again succeeds. */
const LOST_RACES = new Set(['40001', '40P01', '23505']);

/** What no waiting mends: somebody has to put right an address, a right, a password, a certificate. */
const MISTAKES = new Set(['28P01', '28000', '3D000', '42501', 'EACCES']);
const MISTAKE_WORDS = /does not support SSL|client password must be/;

export type Translate = (reason: unknown) => unknown;

/** The returned function gives UnavailableError with place and cause when it is not the statement's fault; else the same reason. */
export function errorTranslator({ place, password }: Pick<DatabaseUrl, 'place' | 'password'>): Translate {
  return (reason) => {
    const words = wordsOf(reason);
    if (words === null) return reason;
    return new UnavailableError(`${place} is unavailable: ${words}`, { cause: withoutSecrets(reason, password) });
  };
}

/** True for what trying again will not help against, until somebody has put it right. */
export function isMistake(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  const code = codeOf(reason);
  return isFileOfUrl(reason) || MISTAKES.has(code) || TLS_CODE.test(code) || MISTAKE_WORDS.test(reason.message);
}

/** The driver has waited in vain: nothing was said, good or bad. */
export function isUnanswered(reason: unknown): boolean {
  return reason instanceof Error && /^(Query read timeout|timeout expired)$/.test(reason.message);
}

export function isLostRace(reason: unknown): boolean {
  return reason instanceof pg.DatabaseError && LOST_RACES.has(reason.code ?? '');
}

/** The connection cannot be trusted after this: it is broken, out of step, or leads to a server that takes no writes. */
export function endsConnection(reason: unknown): boolean {
  return !(reason instanceof pg.DatabaseError) || /^(25006|25P0|57P|08|58|XX)/.test(reason.code ?? '');
}

/** null when it is the statement's fault. */
function wordsOf(reason: unknown): string | null {
  if (!(reason instanceof Error) || reason instanceof UnavailableError) return null;
  const code = codeOf(reason);
  if (isFileOfUrl(reason)) return 'a file that its address names (sslrootcert, sslcert, sslkey) cannot be read';
  const known = UNAVAILABLE_REASONS[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return `its TLS certificate is not trusted (${code})`;
  if (code.startsWith('08')) return 'the connection was lost';
  return UNAVAILABLE_WORDS.find(([pattern]) => pattern.test(reason.message))?.[1] ?? null;
}

/** The driver opens no other files than those of the URL; sockets are not opened but connected to. */
function isFileOfUrl(reason: Error): boolean {
  return 'syscall' in reason && reason.syscall === 'open';
}

function codeOf(reason: Error): string {
  return 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
}

/** For logs: the words and code of an error, and nothing else of what it carries. */
function withoutSecrets(reason: unknown, password: string | null): Error {
  const words = reason instanceof Error ? reason.message || reason.name : String(reason);
  const hidden = password === null ? [] : [password, encodeURIComponent(password)];
  const cause = new Error(hidden.reduce((text, secret) => text.replaceAll(secret, '***'), words));
  return Object.assign(cause, reason instanceof Error ? { code: codeOf(reason) } : {});
}
