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

/** Secrets inside texts, for instance in the message of an error: JWTs, Authorization values, passwords in addresses. */
const SECRET_TEXT = /\beyJ[\w-]+\.[\w-]*\.[\w-]*|\bBearer +[^\s"',]+|(?<=\b[a-z][a-z+]*:\/\/[^\s/:@"]*:)[^\s"]+(?=@)/g;

export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { error: pino.stdSerializers.err },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The text with everything that looks like a secret taken out. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRET_TEXT, '[redacted]');
}
