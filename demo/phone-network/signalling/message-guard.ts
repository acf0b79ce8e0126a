/**
 * What reaches sip.js. A user agent library trusts its peer more than a server may: some requests make its core throw, an offer of
 * nonsense is answered with 200, and REFER or UPDATE would open ways around the meter. Everything outside the methods that this
 * network needs is answered here, and every body that claims to be an offer is looked at first.
 */
import { Core, Grammar, type URI } from 'sip.js';
import { isUsableOffer } from '../media/session-description.ts';

/** Longest message that is looked at, in bytes; an INVITE of a browser has about 3 kB. */
export const MAX_MESSAGE_BYTES = 16_384;
/** RFC 5626 section 3.5.1: a ping is a double CRLF, the pong a single one. */
const PONG = '\r\n';
const METHODS = ['REGISTER', 'INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO', 'OPTIONS'];
const OUT_OF_DIALOG_METHODS = ['REGISTER', 'INVITE', 'ACK', 'CANCEL', 'OPTIONS', 'BYE'];

export type GuardVerdict =
  | { readonly verdict: 'pass'; readonly text: string; readonly callId: string; readonly requestUri: URI | null }
  | { readonly verdict: 'reply'; readonly text: string }
  | { readonly verdict: 'drop' };

const DROP: GuardVerdict = { verdict: 'drop' };
const silentLogger = new Core.LoggerFactory();
silentLogger.builtinEnabled = false;
const logger = silentLogger.getLogger('guard');

/** Never throws: whatever cannot be read is dropped. */
export function guardMessage(received: string): GuardVerdict {
  if (/^[\r\n]*$/.test(received)) return received.startsWith('\r\n\r\n') ? { verdict: 'reply', text: PONG } : DROP;
  if (Buffer.byteLength(received) > MAX_MESSAGE_BYTES) return DROP;
  const text = withoutStarContact(received);
  const message = parse(text);
  if (!message?.callId || !hasMandatoryHeaders(message)) return DROP;
  if (!(message instanceof Core.IncomingRequestMessage)) {
    return { verdict: 'pass', text, callId: message.callId, requestUri: null };
  }
  return guardRequest(message, text);
}

function guardRequest(request: Core.IncomingRequestMessage, text: string): GuardVerdict {
  const uri = request.ruri;
  if (!uri) return DROP;
  const isInDialog = Boolean(request.toTag);
  if (request.method !== 'ACK') {
    if (!METHODS.includes(request.method)) return reply(request, 501, 'Not Implemented');
    if (!isInDialog && !OUT_OF_DIALOG_METHODS.includes(request.method)) {
      return reply(request, 481, 'Call/Transaction Does Not Exist');
    }
  }
  if (request.method === 'INVITE') {
    if (!hasContact(request)) return reply(request, 400, 'Missing or unreadable Contact');
    if (!isOffer(request)) return reply(request, 488, 'Not Acceptable Here');
  }
  return { verdict: 'pass', text, callId: request.callId, requestUri: uri };
}

/** An INVITE without an offer would make the server offer first; no browser needs it, so nobody gets it. */
function isOffer(request: Core.IncomingRequestMessage): boolean {
  const contentType = request.getHeader('content-type') ?? '';
  return /^application\/sdp\b/i.test(contentType) && isUsableOffer(request.body);
}

function hasContact(request: Core.IncomingRequestMessage): boolean {
  const contact = request.getHeader('contact');
  return contact !== undefined && Grammar.nameAddrHeaderParse(contact) !== undefined;
}

function hasMandatoryHeaders(message: Core.IncomingRequestMessage | Core.IncomingResponseMessage): boolean {
  const areThere = ['from', 'to', 'call-id', 'cseq', 'via'].every((name) => message.hasHeader(name));
  return areThere && Boolean(message.from && message.to && message.via && message.viaBranch) && message.cseq >= 0;
}

function parse(text: string): Core.IncomingRequestMessage | Core.IncomingResponseMessage | null {
  try {
    return Core.Parser.parseMessage(text, logger) ?? null;
  } catch {
    // The grammar throws on some texts instead of refusing them.
    return null;
  }
}

/** sip.js cannot read the `Contact: *` that its own Registerer sends to unregister everything. */
function withoutStarContact(text: string): string {
  if (!text.startsWith('REGISTER ')) return text;
  return text.replace(/^(Contact|m):[ \t]*\*[ \t]*(?=\r?$)/im, 'Contact: <sip:all@all.invalid>;expires=0');
}

/** RFC 3261 section 8.2.6: the answer of a stateless server. */
function reply(request: Core.IncomingRequestMessage, statusCode: number, reasonPhrase: string): GuardVerdict {
  try {
    const answer = Core.constructOutgoingResponse(request, { statusCode, reasonPhrase });
    return { verdict: 'reply', text: answer.message };
  } catch {
    return DROP;
  }
}
