/**
 * Environment variables, read once at start. SETTINGS is the one table of them: the table in server/README.md is generated from it,
 * and every complaint names the variable, what was wrong and what is expected.
 */
import { randomBytes } from 'node:crypto';
import { ALERT_ROWS, type AlertSettings, alertComplaints } from './alert-settings.ts';
import { CARRIER_ROWS, type CarrierSettings } from './carrier-settings.ts';
import {
  list,
  MIN_SECRET_LENGTH,
  number,
  type Parsed,
  row,
  type Setting,
  type SettingRow,
  secret,
  text,
} from './setting.ts';
import { parseDatabaseUrl } from './storage/postgres/database-url.ts';
import { stripeComplaints } from './stripe-complaints.ts';

export { MIN_SECRET_LENGTH, type Setting } from './setting.ts';

const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface Config extends AlertSettings, CarrierSettings {
  readonly isDemo: boolean;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** PostgreSQL for all data; null: the SQLite file `dataFile`. Holds a password. */
  readonly databaseUrl: string | null;
  readonly dataFile: string;
  /** HS256 shared secret; null when only `jwksUrl` is trusted. At least one of the two is there. */
  readonly tokenSecret: string | null;
  /** https address or path of a JSON Web Key Set (RFC 7517). */
  readonly jwksUrl: string | null;
  readonly tokenAudience: string;
  readonly tokenIssuer: string;
  readonly tokenMaxSeconds: number;
  /** What a SIP edge shows to the server, and the server to the edge. */
  readonly edgeSecret: string;
  /** Edge id -> base address for commands. An address that begins with "/" is on this very server. */
  readonly edges: Readonly<Record<string, string>>;
  readonly sipSecret: string;
  readonly grantSecret: string;
  readonly sipDomain: string;
  /** wss address of the SIP edge; a path such as "/sip" is on this very server. */
  readonly sipWebSocketUrl: string;
  readonly iceServers: readonly IceServer[];
  readonly corsOrigins: readonly string[];
  /** Payments by Stripe when all three are set. */
  readonly stripeSecretKey: string | null;
  readonly stripeWebhookSecret: string | null;
  readonly stripePublishableKey: string | null;
  /** True: real cards are charged, so the key must be a live one; false: it must be a test key. */
  readonly isProduction: boolean;
  readonly policyFile: string | null;
  /** Where browsers find this server; null: made from host and port. */
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  /** Bearer token for /metrics; "public" needs none; null answers not_found. */
  readonly metricsToken: string | null;
  /** How many proxies of ours stand in front (X-Forwarded-For is believed for that many hops). */
  readonly trustedProxies: number;
  readonly personRequestsPerSecond: number;
  readonly hostRequestsPerSecond: number;
  readonly addressRequestsPerSecond: number;
}

/** A setting is wrong; `sentences` are for the person who starts the server. */
export class ConfigError extends Error {
  readonly sentences: readonly string[];

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'ConfigError';
    this.sentences = sentences;
  }
}

function origins(value: string): Parsed<readonly string[]> {
  const given = list(value);
  return given.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin)
    ? { value: given }
    : { expected: 'origins such as https://app.example.com, separated by commas, without a path' };
}

function edges(value: string): Parsed<Readonly<Record<string, string>>> {
  const pairs = list(value).map((part) => /^([a-z0-9-]{1,32})=(\/.*|https?:\/\/.+)$/.exec(part));
  const entries = pairs.flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2].replace(/\/$/, '')]] : []));
  return entries.length === pairs.length
    ? { value: Object.fromEntries(entries) }
    : { expected: 'pairs such as edge-1=http://10.0.0.5:9080, separated by commas' };
}

function iceServers(value: string): Parsed<readonly IceServer[]> {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed) && parsed.every((one) => Array.isArray(one?.urls))) return { value: parsed };
  } catch {
    // The sentence below says what is expected.
  }
  return { expected: 'a JSON list such as [{"urls":["turn:turn.example.com"],"username":"a","credential":"b"}]' };
}

function databaseUrl(value: string): Parsed<string> {
  const parsed = parseDatabaseUrl(value);
  return 'wrong' in parsed ? { expected: parsed.expected } : { value };
}

function logLevel(value: string): Parsed<LogLevel> {
  const level = LOG_LEVELS.find((one) => one === value);
  return level ? { value: level } : { expected: `one of ${LOG_LEVELS.join(', ')}` };
}

function requests(whose: string, setting: Pick<Setting, 'name' | 'byDefault'>) {
  return row({ ...setting, what: `Requests a second ${whose}, before 429.` }, number(1, 1_000_000));
}

const ROWS = {
  port: row({ name: 'PORT', byDefault: '8080', what: 'Port to listen on; 0 takes a free one.' }, number(0, 65_535)),
  host: row({ name: 'HOST', byDefault: '127.0.0.1', what: 'Address to listen on; 0.0.0.0 for all.' }, text),
  databaseUrl: row(
    {
      name: 'DATABASE_URL',
      isOptional: true,
      isSecret: true,
      what: 'PostgreSQL (15 or newer) with all data, for any number of servers: postgres://user:password@host:5432/database. Unset, the data is in DATA_FILE.',
    },
    databaseUrl,
  ),
  dataFile: row(
    {
      name: 'DATA_FILE',
      byDefault: '.data/credit-phone.sqlite',
      what: 'The SQLite file with all data, for one server; made when missing. Not used with DATABASE_URL.',
    },
    text,
  ),
  tokenSecret: row(
    {
      name: 'TOKEN_SECRET',
      isOptional: true,
      isSecret: true,
      what: 'Shared secret with which the host application signs access tokens (HS256). This or JWKS_URL must be set.',
    },
    secret,
  ),
  jwksUrl: row(
    {
      name: 'JWKS_URL',
      isOptional: true,
      what: "Address or file of the host's public keys (JSON Web Key Set) for tokens signed with EdDSA, RS256 or ES256.",
    },
    text,
  ),
  tokenAudience: row(
    { name: 'TOKEN_AUDIENCE', byDefault: 'credit-phone', what: 'The aud claim that tokens must carry.' },
    text,
  ),
  tokenIssuer: row({ name: 'TOKEN_ISSUER', what: 'The iss claim that tokens must carry: who signs them.' }, text),
  tokenMaxSeconds: row(
    { name: 'TOKEN_MAX_SECONDS', byDefault: '3600', what: 'The longest lifetime of a token that is accepted.' },
    number(60, 86_400),
  ),
  edgeSecret: row(
    { name: 'EDGE_SECRET', isSecret: true, what: 'Bearer secret between this server and the SIP edges, both ways.' },
    secret,
  ),
  edges: row(
    { name: 'EDGES', byDefault: '', what: 'SIP edges and where they take commands: edge-1=http://10.0.0.5:9080,...' },
    edges,
  ),
  sipSecret: row(
    { name: 'SIP_SECRET', isSecret: true, what: 'Key of the short-lived SIP passwords; the edge has the same one.' },
    secret,
  ),
  grantSecret: row({ name: 'GRANT_SECRET', isSecret: true, what: 'Key with which call grants are signed.' }, secret),
  sipDomain: row(
    { name: 'SIP_DOMAIN', byDefault: 'phone.invalid', what: 'Domain of the SIP addresses of the widgets.' },
    text,
  ),
  sipWebSocketUrl: row(
    {
      name: 'SIP_WEBSOCKET_URL',
      byDefault: '/sip',
      what: 'Where widgets connect by SIP: a wss address, or a path on this server.',
    },
    text,
  ),
  iceServers: row(
    {
      name: 'ICE_SERVERS',
      byDefault: '[]',
      isSecret: true,
      what: 'STUN and TURN servers for the widgets, as a JSON list.',
    },
    iceServers,
  ),
  corsOrigins: row(
    {
      name: 'CORS_ORIGINS',
      byDefault: '',
      what: 'Origins of host pages that may call this server; none but its own by default.',
    },
    origins,
  ),
  publicUrl: row(
    {
      name: 'PUBLIC_URL',
      isOptional: true,
      what: 'Where browsers find this server, for instance https://phone.example.com, when it is behind a proxy.',
    },
    (value) =>
      URL.canParse(value) && new URL(value).origin === value
        ? { value }
        : { expected: 'an origin such as https://phone.example.com, without a path' },
  ),
  policyFile: row(
    {
      name: 'POLICY_FILE',
      isOptional: true,
      what: 'JSON file with the policy (limits, caps, leases) of this server alone, whatever "policy set" says; without it, what was set for all servers, or the built-in default.',
    },
    text,
  ),
  stripeSecretKey: row(
    {
      name: 'STRIPE_SECRET_KEY',
      isOptional: true,
      isSecret: true,
      what: 'Secret or restricted key of the Stripe account that takes payments; with the two below it switches payments by card on.',
    },
    (value) =>
      /^(sk|rk)_(test|live)_\w+$/.test(value) ? { value } : { expected: 'a key that begins with sk_test_ or sk_live_' },
  ),
  stripeWebhookSecret: row(
    {
      name: 'STRIPE_WEBHOOK_SECRET',
      isOptional: true,
      isSecret: true,
      what: 'Signing secret of the webhook endpoint at /v1/webhooks/stripe; two, separated by a comma, while it is changed.',
    },
    (value) =>
      list(value).every((one) => /^whsec_\w+$/.test(one))
        ? { value }
        : { expected: 'a secret that begins with whsec_' },
  ),
  stripePublishableKey: row(
    {
      name: 'STRIPE_PUBLISHABLE_KEY',
      isOptional: true,
      what: 'Publishable key of the same Stripe account, for the card form in the browser.',
    },
    (value) =>
      /^pk_(test|live)_\w+$/.test(value) ? { value } : { expected: 'a key that begins with pk_test_ or pk_live_' },
  ),
  ...CARRIER_ROWS,
  ...ALERT_ROWS,
  isProduction: row(
    {
      name: 'NODE_ENV',
      byDefault: 'development',
      what: 'With production real cards are charged, so a test key of Stripe is refused; with anything else a live key is.',
    },
    (value) => ({ value: value === 'production' }),
  ),
  logLevel: row(
    { name: 'LOG_LEVEL', byDefault: 'info', what: `How much is logged: ${LOG_LEVELS.join(', ')}.` },
    logLevel,
  ),
  metricsToken: row(
    {
      name: 'METRICS_TOKEN',
      isOptional: true,
      isSecret: true,
      what: 'Bearer token for /metrics; "public" asks for none; unset, /metrics is not there.',
    },
    (value) => (value === 'public' ? { value } : secret(value)),
  ),
  trustedProxies: row(
    {
      name: 'TRUSTED_PROXIES',
      byDefault: '0',
      what: 'Number of own proxies in front whose X-Forwarded-For is believed.',
    },
    number(0, 5),
  ),
  personRequestsPerSecond: requests('of one signed-in person', { name: 'PERSON_REQUESTS_PER_SECOND', byDefault: '20' }),
  hostRequestsPerSecond: requests("of the host's backend (role host)", {
    name: 'HOST_REQUESTS_PER_SECOND',
    byDefault: '200',
  }),
  addressRequestsPerSecond: requests('from one IP address', { name: 'ADDRESS_REQUESTS_PER_SECOND', byDefault: '400' }),
};

/** Every environment variable, in the order of server/README.md. */
export const SETTINGS: readonly Setting[] = Object.values(ROWS);

/** What the demo uses where nothing is set: secrets of this run only, so that a copied demo is never an open door. */
function demoDefault(setting: Setting): string | undefined {
  if (setting.isOptional && setting.name !== ROWS.tokenSecret.name) return undefined;
  if (setting.isSecret && setting.byDefault === null) return randomBytes(MIN_SECRET_LENGTH).toString('base64url');
  if (setting.name === ROWS.tokenIssuer.name) return 'credit-phone-demo';
  return undefined;
}

/** Reads the configuration. Throws ConfigError with one sentence for each thing that is wrong. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  options: { readonly isDemo?: boolean } = {},
): Config {
  const isDemo = options.isDemo ?? false;
  const wrong: string[] = [];
  const read = <T>(setting: SettingRow<T>): T | null => {
    const given = environment[setting.name] || (isDemo ? demoDefault(setting) : undefined) || setting.byDefault;
    if (given === null || given === undefined) {
      if (!setting.isOptional) wrong.push(`${setting.name} is not set. ${setting.what}`);
      return null;
    }
    const parsed = setting.parse(given);
    if (parsed.value !== undefined) return parsed.value;
    const shown = setting.isSecret ? `has ${given.length} characters` : `is "${given}"`;
    wrong.push(`${setting.name} ${shown}; expected ${parsed.expected}.`);
    return null;
  };
  const values = Object.fromEntries(Object.entries(ROWS).map(([key, setting]) => [key, read<unknown>(setting)]));
  if (values.tokenSecret === null && values.jwksUrl === null && !wrong.some((one) => one.startsWith('TOKEN_SECRET'))) {
    wrong.push(`Neither TOKEN_SECRET nor JWKS_URL is set. ${ROWS.tokenSecret.what}`);
  }
  wrong.push(...alertComplaints(values, isDemo), ...stripeComplaints(values));
  if (wrong.length > 0) throw new ConfigError(wrong);
  // Every row was read without a complaint, so each value has the type of its row.
  return { isDemo, ...values } as unknown as Config;
}
