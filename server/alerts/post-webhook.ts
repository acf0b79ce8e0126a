/**
 * One request to the host, by node's own client: it follows no redirect, and the address that was checked is the one that is connected to,
 * so that a name which answers differently the second time (DNS rebinding) gains nothing.
 */
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** True allows addresses of private networks, and http. */
  readonly mayBePrivate: boolean;
  readonly timeoutMs: number;
}

export type WebhookReply =
  | { readonly status: number }
  /** Nothing that could be an answer came. */
  | { readonly problem: string };

/** Never throws. What the host answers beyond its status is not read. */
export function postWebhook({ url, headers, body, mayBePrivate, timeoutMs }: WebhookRequest): Promise<WebhookReply> {
  const target = new URL(url);
  const problem = mayBePrivate ? null : whyNot(target);
  if (problem !== null) return Promise.resolve({ problem });
  return new Promise((resolve) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(target, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      // A connection of its own: none that was made before the address was checked.
      agent: false,
      lookup: mayBePrivate ? dnsLookup : publicLookup,
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('response', (response) => {
      response.on('error', () => undefined);
      resolve({ status: response.statusCode ?? 0 });
      response.destroy();
    });
    // Also after the answer, when nobody waits for it any more.
    request.on('error', (error) =>
      resolve({ problem: error.name === 'AbortError' ? 'no answer in time' : error.message }),
    );
    request.end(body);
  });
}

/** Names are checked when they are looked up; an address that stands in the URL is looked up by nobody. */
function whyNot({ protocol, hostname }: URL): string | null {
  if (protocol !== 'https:') return 'it is not https';
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host) ? 'its address is in a private network' : null;
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** One private address among public ones is enough to refuse: which of them is taken is not ours to say. */
export function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error) callback(error, []);
    else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      callback(new Error('its address is in a private network'), []);
    } else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
