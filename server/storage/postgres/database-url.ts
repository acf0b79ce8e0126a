/** DATABASE_URL taken apart, and complained about without showing what is secret in it. */

export interface DatabaseUrl {
  readonly url: string;
  /** "PostgreSQL at db.example.com:5432/phone": for logs and complaints; never a password. */
  readonly place: string;
  /** What must never be shown; null when the URL has none. */
  readonly password: string | null;
}

const EXPECTED = 'expected postgres://user:password@host:5432/database';
const DEFAULT_PORT = '5432';

export function isDatabaseUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text);
}

/** The URL, or what is wrong with it, in words that continue a sentence and show nothing of it. */
export function parseDatabaseUrl(text: string): DatabaseUrl | { readonly wrong: string } {
  if (!isDatabaseUrl(text)) return { wrong: `does not begin with postgres:// or postgresql://; ${EXPECTED}` };
  const parsed = URL.parse(text);
  // "@" after the host means that an earlier sign ended what was meant as the password, which then stands where it would be shown.
  if (parsed === null || /[@#]/.test(`${parsed.pathname}${parsed.search}${parsed.hash}`)) {
    return { wrong: `cannot be read; ${EXPECTED}, with % codes for signs such as @ : / ? # in user and password` };
  }
  const host = parsed.searchParams.get('host') || decode(parsed.hostname) || 'localhost';
  const database = decode(parsed.pathname.slice(1));
  const port = parsed.searchParams.get('port') || parsed.port || DEFAULT_PORT;
  if (database === '') return { wrong: `names no database; ${EXPECTED}` };
  const password = parsed.searchParams.get('password') || decode(parsed.password);
  return { url: text, place: `PostgreSQL at ${host}:${port}/${database}`, password: password === '' ? null : password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
