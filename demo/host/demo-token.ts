/**
 * What a host application's backend does: sign a short-lived token that says who is at the page. The demo does it for whoever is
 * chosen, without a password. Never do that with a server that costs money.
 */
import { SignJWT } from 'jose';
import { ACCOUNT_ID, type Person } from './people.ts';

const LIFETIME_SECONDS = 600;

export function signDemoToken(
  person: Person,
  issuer: { readonly secret: string; readonly issuer: string; readonly audience: string },
): Promise<string> {
  // What admins get by mail is in the demo's mailbox.
  const email = `${person.personId}@harbour-trading.invalid`;
  return new SignJWT({ name: person.name, account: ACCOUNT_ID, office: person.officeId, role: person.role, email })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(person.personId)
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(new TextEncoder().encode(issuer.secret));
}
