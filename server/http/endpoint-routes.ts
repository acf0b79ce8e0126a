/** Binds every row of protocol/endpoints.ts to its handler: identity, role, input, handler, answer. */
import type { Hono } from 'hono';
import { ENDPOINTS, type Endpoint, type EndpointName } from '../../src/protocol/endpoints.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import type { EndpointHandlers, HostIdentity, Identity } from '../services.ts';
import { answer, inTime, refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { type IdentityDependencies, identify, identifyHost } from './identify.ts';
import { readInput } from './read-input.ts';

export interface EndpointDependencies extends IdentityDependencies {
  readonly handlers: EndpointHandlers;
  /** Checks each answer against its schema; for tests. */
  readonly checkAnswers: boolean;
}

/** A handler as the route sees it: the input has been read by the endpoint's own schemas. */
export type Handler = (
  identity: Identity | HostIdentity,
  input: Record<string, unknown>,
) => Promise<OfficeOutcome<unknown>>;

export function bindEndpoints(app: Hono<{ Bindings: Exchange }>, dependencies: EndpointDependencies): void {
  // Object.keys gives string[]; the table's own keys are the names.
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) {
    // readInput makes exactly what this handler's own type asks for, which TypeScript cannot follow through the table.
    const handle = dependencies.handlers[name] as Handler;
    bindEndpoint(app, { name, endpoint: ENDPOINTS[name], handle, dependencies });
  }
}

export function bindEndpoint(
  app: Hono<{ Bindings: Exchange }>,
  bound: {
    readonly name: string;
    readonly endpoint: Omit<Endpoint, 'problems'>;
    readonly handle: Handler;
    readonly dependencies: Omit<EndpointDependencies, 'handlers'>;
  },
): void {
  const { name, endpoint, handle, dependencies } = bound;
  const schema = dependencies.checkAnswers ? endpoint.response : undefined;
  app.on(endpoint.method, endpoint.path, async (context: GateContext): Promise<Response> => {
    context.env.route = name;
    const { role } = endpoint;
    const identity =
      role === 'host' ? await identifyHost(context, dependencies) : await identify(context, { role, dependencies });
    if (!identity.ok) return refuse(context, identity.refusal);
    const input = await readInput(endpoint, {
      request: context.req.raw,
      parameters: context.req.param(),
      query: endpoint.query ? context.req.query() : {},
    });
    if (!input.ok) return refuse(context, input.code, { errors: input.errors });
    return answer(context, await inTime(handle(identity.value, input.value)), schema);
  });
}
