/** Addresses that are not there, and methods that an address does not know (RFC 9110 sections 15.5.5 and 15.5.6). */
import type { Hono } from 'hono';
import { refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';

/** Call it after all routes are bound. */
export function bindUnmatched(app: Hono<{ Bindings: Exchange }>): void {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (method === 'ALL') continue;
    const methods = methodsByPath.get(path) ?? new Set(['OPTIONS']);
    methodsByPath.set(path, methods.add(method));
    if (method === 'GET') methods.add('HEAD');
  }
  for (const [path, methods] of methodsByPath) {
    const allow = [...methods].sort().join(', ');
    app.all(path, (context: GateContext) =>
      context.req.raw.method === 'OPTIONS'
        ? new Response(null, { status: 204, headers: { allow } })
        : refuse(context, 'method_not_allowed', { headers: { allow } }),
    );
  }
  app.notFound((context: GateContext) => refuse(context, 'not_found'));
}
