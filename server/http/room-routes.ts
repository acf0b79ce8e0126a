/** Binds the tables of addresses beside endpoints.ts: those of payments, numbers, services, statements, alerts. */
import type { Hono } from 'hono';
import type { Endpoint } from '../../src/protocol/endpoints.ts';
import type { OfficeEndpoint } from '../../src/protocol/office-endpoint.ts';
import type { HandlersOf } from '../services.ts';
import { bindEndpoint, type EndpointDependencies, type Handler } from './endpoint-routes.ts';
import type { Exchange } from './exchange.ts';

/** A table of addresses and what answers at them. */
export interface EndpointRoom {
  readonly endpoints: Readonly<Record<string, Omit<Endpoint, 'problems'>>>;
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** The one way to make a room: here the compiler sees that each address has its handler. */
export function endpointRoom<Table extends Readonly<Record<string, OfficeEndpoint>>>(
  endpoints: Table,
  handlers: HandlersOf<Table>,
): EndpointRoom {
  // readInput makes exactly what each handler's own type asks for, which TypeScript cannot follow through the table.
  return { endpoints, handlers: handlers as unknown as EndpointRoom['handlers'] };
}

export function bindRooms(
  app: Hono<{ Bindings: Exchange }>,
  { rooms, ...dependencies }: Omit<EndpointDependencies, 'handlers'> & { readonly rooms: readonly EndpointRoom[] },
): void {
  for (const { endpoints, handlers } of rooms) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const handle = handlers[name];
      if (!handle) throw new Error(`No handler for ${name}`);
      bindEndpoint(app, { name, endpoint, handle, dependencies });
    }
  }
}
