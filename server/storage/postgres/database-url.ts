/** DATABASE_URL taken apart, and complained about without showing what is secret in it. */

export interface DatabaseUrl {
  readonly url: string;
  /** "PostgreSQL at db.example.com:5432/phone": for logs and complaints; never a password. */
  readonly place: string;
  /** What must never be shown; null when the URL has none. */
  readonly password: string | null;
}

export interface WrongDatabaseUrl {
  /** Continues a sentence: "does not begin with ...; expected ...". Shows nothing of the URL. */
  readonly wrong: string;
  readonly expected: string;
}

const FORM = 'postgres://user:password@host:5432/database';
const DEFAULT_PORT = '5432';

export function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text);
}

export function parseDatabaseUrl(text: string): DatabaseUrl | WrongDatabaseUrl {
  if (!isDatabaseUrl(text)) return wrongUrl('does not begin with postgres:// or postgresql://', FORM);
  const parsed = URL.parse(text);
  // "@" after the host means that an earlier sign ended what was meant as the password, which then stands where it would be shown.
  if (parsed === null || /[@#]/.test(`${parsed.pathname}${parsed.search}${parsed.hash}`)) {
    return wrongUrl('cannot be read', `${FORM} with % codes for signs such as @ : / ? # in user and password`);
  }
  const database = decode(parsed.pathname.slice(1));
  if (database === '') return wrongUrl('names no database', FORM);
  const { searchParams } = parsed;
  const host = searchParams.get('host') || decode(parsed.hostname) || 'localhost';
  const port = searchParams.get('port') || parsed.port || DEFAULT_PORT;
  const password = searchParams.get('password') || decode(parsed.password) || null;
  return { url: text, place: `PostgreSQL at ${host}:${port}/${database}`, password };
}

function wrongUrl(wrong: string, expected: string): WrongDatabaseUrl {
  return { wrong: `${wrong}; expected ${expected}`, expected };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
