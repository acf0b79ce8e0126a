/** The IP address that a request came from, for limits. */

/**
 * With n trusted proxies, the n-th last entry of X-Forwarded-For: each proxy appends who it talks to, and what stands further left can
 * be written by anybody.
 */
export function clientAddress(
  request: Request,
  transport: { readonly peerAddress: string | null; readonly trustedProxies: number },
): string {
  const peer = transport.peerAddress ?? 'unknown';
  if (transport.trustedProxies === 0) return peer;
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  return hops.at(-transport.trustedProxies) || peer;
}
