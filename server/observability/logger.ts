/** Structured logs (pino: JSON lines, redaction built in) that never hold a secret: whoever reads logs must not be able to call. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../config.ts';

export type { Logger } from 'pino';

/** Names under which secrets travel, at the top or one or two levels down. */
const SECRET_NAMES = [
  'authorization',
  'Authorization',
  'grant',
  'password',
  'token',
  'secret',
  'credential',
  'tokenSecret',
  'edgeSecret',
  'sipSecret',
  'grantSecret',
  'metricsToken',
];
const REDACTED_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Tokens inside texts, for instance in the message of an error: JWTs and Authorization values. */
const SECRET_TEXT = /\beyJ[\w-]+\.[\w-]*\.[\w-]*|\bBearer +[^\s"',]+/g;

export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: (line: string) => line.replace(SECRET_TEXT, '[redacted]') },
  };
  return destination ? pino(options, destination) : pino(options);
}
