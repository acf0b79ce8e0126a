/** Answers a REGISTER: digest first, then the binding, never longer than the credential lives. */
import { type Core, Grammar, type NameAddrHeader } from 'sip.js';
import type { Clock } from '../../../src/phone/ports.ts';
import { expiryOf, type PasswordOf, userOfUsername } from './digest-challenge.ts';
import type { Registrar } from './registrar.ts';
import type { SipConnection } from './sip-connection.ts';

const SHORTEST_REGISTRATION_SECONDS = 10;
const USUAL_REGISTRATION_SECONDS = 300;
const LONGEST_REGISTRATION_SECONDS = 3_600;

export interface RegisterContext {
  readonly passwordOf: PasswordOf;
  readonly registrar: Registrar;
  readonly clock: Clock;
  /** The same tab came back on another socket: its calls move over, and the old socket is of no use. */
  readonly onReturn: (connection: SipConnection, key: string) => void;
}

export function answerRegister(
  request: Core.IncomingRegisterRequest,
  { connection, context }: { readonly connection: SipConnection; readonly context: RegisterContext },
): void {
  const { message } = request;
  const authorization = message.getHeader('authorization');
  const { passwordOf, registrar } = context;
  const username = connection.challenge.verify({ method: 'REGISTER', authorization, passwordOf });
  if (username === null) {
    request.reject({ statusCode: 401, extraHeaders: [`WWW-Authenticate: ${connection.challenge.issue()}`] });
    return;
  }
  const user = userOfUsername(username);
  if (user === null || message.to.uri.user !== user || (connection.user !== null && connection.user !== user)) {
    request.reject({ statusCode: 403, reasonPhrase: 'These credentials are for another user' });
    return;
  }
  const contact = readContact(message);
  if (!contact) {
    request.reject({ statusCode: 400, reasonPhrase: 'Unreadable Contact' });
    return;
  }
  connection.user = user;
  if (contact.expiresSeconds === 0) {
    registrar.unbind(user, connection);
    request.accept({ statusCode: 200 });
    return;
  }
  bind(request, { username, user, contact, connection, context });
}

interface Registration {
  readonly username: string;
  readonly user: string;
  readonly contact: ContactOfRegister;
  readonly connection: SipConnection;
  readonly context: RegisterContext;
}

function bind(request: Core.IncomingRegisterRequest, registration: Registration): void {
  const { username, user, contact, connection, context } = registration;
  const { clock, registrar } = context;
  if (contact.expiresSeconds < SHORTEST_REGISTRATION_SECONDS) {
    request.reject({ statusCode: 423, extraHeaders: [`Min-Expires: ${SHORTEST_REGISTRATION_SECONDS}`] });
    return;
  }
  const credentialSeconds = (expiryOf(username) ?? 0) - Math.floor(clock.nowMs() / 1000);
  const seconds = Math.max(1, Math.min(contact.expiresSeconds, LONGEST_REGISTRATION_SECONDS, credentialSeconds));
  const expiresAtMs = clock.monotonicMs() + seconds * 1000;
  registrar.bind({ user, key: contact.key, contact: contact.header.uri, connection, expiresAtMs });
  context.onReturn(connection, contact.key);
  request.accept({
    statusCode: 200,
    extraHeaders: [
      `Contact: <${contact.header.uri}>;expires=${seconds}`,
      `Date: ${new Date(clock.nowMs()).toUTCString()}`,
    ],
  });
}

interface ContactOfRegister {
  readonly header: NameAddrHeader;
  readonly key: string;
  readonly expiresSeconds: number;
}

function readContact(message: Core.IncomingRequestMessage): ContactOfRegister | null {
  const raw = message.getHeader('contact') ?? '';
  const header = Grammar.nameAddrHeaderParse(raw);
  if (!header) return null;
  const instance = /;\s*\+sip\.instance="?<([^>"]{1,128})>/i.exec(raw)?.[1];
  const expires = Number(/;\s*expires=(\d{1,9})/i.exec(raw)?.[1] ?? message.getHeader('expires') ?? Number.NaN);
  return {
    header,
    key: instance ?? header.uri.toString(),
    expiresSeconds: Number.isSafeInteger(expires) && expires >= 0 ? expires : USUAL_REGISTRATION_SECONDS,
  };
}
