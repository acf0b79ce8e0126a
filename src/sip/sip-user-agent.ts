/** SIP.js's user agent with every option said: its defaults log passwords' hashes, ask a foreign STUN server and follow REFERs. */
import { type Core, type Invitation, type Session, SIPExtension, UserAgent, type Web } from 'sip.js';
import type { LineCredentials } from '../protocol/account.ts';
import type { LineLog } from './line-log.ts';
import type { MediaSession } from './media-session.ts';

const CONNECT_WITHIN_SECONDS = 5;
/** The phone and the edge decide how long it rings; this only ends what both forgot. */
const NO_ANSWER_SECONDS = 180;
const LONGEST_LOG_CHARACTERS = 200;

export interface SipUserAgentOptions {
  readonly credentials: LineCredentials;
  readonly instanceId: string;
  readonly mediaOf: (session: Session) => MediaSession;
  readonly onInvite: (invitation: Invitation) => void;
  readonly onDisconnect: () => void;
  readonly log: LineLog;
}

export function createUserAgent(options: SipUserAgentOptions): UserAgent {
  const { credentials, log } = options;
  const uri = UserAgent.makeURI(credentials.sipUri);
  if (uri === undefined) throw new Error('The gate gave a SIP address that is none.');
  const userAgent = new UserAgent({
    uri,
    authorizationUsername: credentials.username,
    authorizationPassword: credentials.password,
    contactParams: { transport: 'ws' },
    instanceId: options.instanceId,
    instanceIdAlwaysAdded: false,
    userAgentString: 'credit-phone',
    transportOptions: {
      server: credentials.webSocketUrl,
      connectionTimeout: CONNECT_WITHIN_SECONDS,
      // socket-watch.ts keeps alive and notices silence; SIP.js only sends.
      keepAliveInterval: 0,
      traceSip: false,
    },
    sessionDescriptionHandlerFactory: (session) => options.mediaOf(session),
    sessionDescriptionHandlerFactoryOptions: {},
    sipExtension100rel: SIPExtension.Unsupported,
    sipExtensionReplaces: SIPExtension.Unsupported,
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: NO_ANSWER_SECONDS,
    allowLegacyNotifications: false,
    hackIpInContact: false,
    hackViaTcp: false,
    forceRport: false,
    gracefulShutdown: false,
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: 'warn',
    // Called for every level whatever logLevel says; only these two carry no SIP.
    logConnector: (level, category, _label, content) => {
      if (level === 'warn' || level === 'error') log(`${category}: ${content.slice(0, LONGEST_LOG_CHARACTERS)}`);
    },
    delegate: {
      onInvite: options.onInvite,
      onDisconnect: options.onDisconnect,
      onReferRequest: (request) => request.reject({ statusCode: 603 }),
    },
  });
  guardAgainstThrows(userAgent, log);
  return userAgent;
}

/** SIP.js throws on some requests (PRACK within a call): the far side must not be able to put errors into the host page. */
function guardAgainstThrows(userAgent: UserAgent, log: LineLog): void {
  const { transport } = userAgent;
  const deliver = transport.onMessage;
  transport.onMessage = (message) => {
    try {
      deliver?.(message);
    } catch (error) {
      log('a SIP message was dropped', { error: String(error) });
    }
  };
}

/** The socket below; null while there is none. */
export function webSocketOf(userAgent: UserAgent): WebSocket | null {
  // No transportConstructor was given, so it is SIP.js's own WebSocket transport.
  return (userAgent.transport as Web.Transport).ws ?? null;
}

/**
 * Ends every request that waits for an answer from a dead socket, as a transport error does (RFC 3261 section 8.1.3.1: treated as 503).
 * SIP.js would let them wait 32 s, and a call whose re-INVITE waits cannot send another.
 */
export function failPendingRequests(userAgent: UserAgent): void {
  for (const client of [...userAgent.userAgentCore.userAgentClients.values()]) {
    const transaction: Core.ClientTransaction = client.transaction;
    const state: string = transaction.state;
    if (state !== 'Calling' && state !== 'Trying' && state !== 'Proceeding') continue;
    // biome-ignore lint/complexity/useLiteralKeys: protected in SIP.js, and the only way that also ends the transaction.
    transaction['onTransportError'](new Error('The socket is gone.'));
  }
}

/** Asks the server anything, so that it answers. */
export function sendOptions(userAgent: UserAgent): void {
  const core = userAgent.userAgentCore;
  const { uri } = userAgent.configuration;
  core.request(core.makeOutgoingRequestMessage('OPTIONS', uri, uri, uri, {}));
}
