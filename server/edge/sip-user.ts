/**
 * The SIP user of a person: what the widget registers as and what the edge calls `callerUser`, `calledUser` and `routeToUser`.
 * Person ids come from host pages (e-mail addresses, "auth0|12", ...) and are unique within an account only, so the SIP user is
 * `<account>.<person>` with everything but letters, digits, "-" and "_" written as "~" and two hex digits for each UTF-8 byte. All
 * of it is allowed unescaped in a SIP URI (RFC 3261 section 25.1) and in a URL path, and it reads back to exactly one person.
 */
export interface SipPerson {
  readonly accountId: string;
  readonly personId: string;
}

/** SIP users longer than this cannot be admitted by an edge (edge-contract.ts). */
export const MAX_SIP_USER_LENGTH = 128;

export function sipUserOf(person: SipPerson): string {
  return `${escaped(person.accountId)}.${escaped(person.personId)}`;
}

/** Null when the text was not made by sipUserOf. */
export function personOfSipUser(sipUser: string): SipPerson | null {
  const [account, person, ...rest] = sipUser.split('.');
  if (account === undefined || person === undefined || rest.length > 0) return null;
  const accountId = unescaped(account);
  const personId = unescaped(person);
  if (!accountId || !personId) return null;
  return sipUserOf({ accountId, personId }) === sipUser ? { accountId, personId } : null;
}

function escaped(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return bytes
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(character) ? character : `~${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

function unescaped(text: string): string | null {
  if (!/^(?:[A-Za-z0-9_-]|~[0-9a-f]{2})*$/.test(text)) return null;
  const bytes = [...text.matchAll(/~([0-9a-f]{2})|(.)/g)].map(([, hex, character = '']) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
