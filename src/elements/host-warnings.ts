/**
 * One clear line in the host page's console for each thing that is missing there (REQUIREMENTS.md 2.2.2). For its developers, so always in
 * English; loaded beside the connection, because no call waits for it.
 */
import type { Phone, PhoneSnapshot } from '../phone/phone-snapshot.ts';
import { fillText } from './messages.ts';

export interface HostedWidget extends HTMLElement {
  readonly gateUrl: string;
  readonly phone: Phone | null;
}

export const HOST_WARNINGS = {
  https: 'credit-phone: needs https (or localhost) for the microphone.',
  policy: 'credit-phone: Permissions-Policy of this page forbids the microphone.',
  csp: 'credit-phone: your Content-Security-Policy blocks {address}. Add it to connect-src.',
  token: 'credit-phone: the token ended or is not valid. Set a new one with el.token = ...',
  noToken: 'credit-phone: the token function gave no token. It has to return one, or a promise of one.',
  dup: 'credit-phone: two widgets on this page sign in as the same person and both ring. Keep one.',
} as const;

const told = new Set<string>();
const watched = new Set<HostedWidget>();

/** Looks at the page now, and listens for what it will do to this widget. */
export function watchHost(widget: HostedWidget): void {
  if (!isSecureContext) warn('https');
  if (isMicrophoneForbidden(document)) warn('policy');
  if (watched.has(widget)) return;
  if (watched.size === 0) document.addEventListener('securitypolicyviolation', onViolation);
  watched.add(widget);
  widget.addEventListener('credit-phone-ready', () => warnOfTwins(widget));
  widget.addEventListener('credit-phone-error', ({ detail }) => warnOfRefusal(detail.code));
  // What happened before this code was loaded.
  warnOfTwins(widget);
  warnOfRefusal(widget.phone?.snapshot.signInRefusal?.code ?? '');
}

export function warnOfNoToken(): void {
  warn('noToken');
}

function warn(name: keyof typeof HOST_WARNINGS, values: Readonly<Record<string, string>> = {}): void {
  const words = fillText(HOST_WARNINGS[name], values);
  if (told.has(words)) return;
  told.add(words);
  console.warn(words);
}

function warnOfRefusal(code: string): void {
  if (code.startsWith('token_')) warn('token');
}

function warnOfTwins(widget: HostedWidget): void {
  const personId = personOf(widget);
  if (personId === undefined) return;
  const isTwin = (other: HostedWidget) => other !== widget && other.gateUrl === widget.gateUrl;
  if (connected().some((other) => isTwin(other) && personOf(other) === personId)) warn('dup');
}

/** The gate's address is known; a socket is taken for ours when a widget waits for its line just then. */
function onViolation({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void {
  if (effectiveDirective !== 'connect-src' || !URL.canParse(blockedURI)) return;
  const { origin, protocol, host } = new URL(blockedURI);
  const isSocket = protocol === 'wss:' || protocol === 'ws:';
  const isOurs = isSocket
    ? connected().some(({ phone }) => isLineAwaited(phone?.snapshot))
    : connected().some(({ gateUrl }) => new URL(gateUrl, document.baseURI).origin === origin);
  if (isOurs) warn('csp', { address: `${protocol}//${host}` });
}

function isLineAwaited(snapshot: PhoneSnapshot | undefined): boolean {
  return snapshot?.lineStatus === 'connecting' || snapshot?.lineStatus === 'reconnecting';
}

function personOf({ phone }: HostedWidget): string | undefined {
  return phone?.snapshot.me?.personId;
}

function connected(): readonly HostedWidget[] {
  for (const widget of watched) if (!widget.isConnected) watched.delete(widget);
  return [...watched];
}

/** Chromium only, and not in TypeScript's DOM library. */
function isMicrophoneForbidden(page: Document): boolean {
  const policy = (page as { readonly featurePolicy?: { allowsFeature(feature: string): boolean } }).featurePolicy;
  return policy?.allowsFeature('microphone') === false;
}
