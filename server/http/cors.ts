/**
 * Cross-origin requests (WHATWG Fetch, "CORS protocol"): only from host pages on the list, never with cookies. A page that is not on
 * the list gets no header, so its browser keeps the answer from it.
 */
const ALLOWED_METHODS = 'GET, POST, PUT';
const ALLOWED_HEADERS = 'authorization, content-type, last-event-id, x-office, x-request-id';
const EXPOSED_HEADERS = 'x-request-id, retry-after, x-statement-rows';
const PREFLIGHT_SECONDS = 600;

export interface Cors {
  /** The whole answer to a preflight request; null when the request is none. */
  preflight(request: Request): Response | null;
  /** Headers for the answer to any other request. */
  headers(request: Request): Readonly<Record<string, string>>;
}

export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  const none = {};
  const headers = (request: Request): Readonly<Record<string, string>> => {
    if (allowed.size === 0) return none;
    const origin = request.headers.get('origin');
    // Also without a match the answer depends on the origin, which caches must know.
    if (origin === null || !allowed.has(origin)) return { vary: 'origin' };
    return { vary: 'origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS };
  };
  return {
    headers,
    preflight(request) {
      if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return null;
      const own = headers(request);
      const isAllowed = 'access-control-allow-origin' in own;
      return new Response(null, {
        status: 204,
        headers: {
          ...own,
          ...(isAllowed && {
            'access-control-allow-methods': ALLOWED_METHODS,
            'access-control-allow-headers': ALLOWED_HEADERS,
            'access-control-max-age': String(PREFLIGHT_SECONDS),
          }),
        },
      });
    },
  };
}
