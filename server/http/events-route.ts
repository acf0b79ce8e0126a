/** GET /v1/events: the stream of one widget. The token comes in the Authorization header, as everywhere, never in the address. */
import type { Hono } from 'hono';
import { EVENTS_PATH } from '../../src/protocol/endpoints.ts';
import { granted, type Outcome, refusal, refused } from '../../src/protocol/problem.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { EventStreams } from '../events/event-streams.ts';
import type { EndpointHandlers, Identity, OfficeEvent, ServerClock } from '../services.ts';
import { refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { type IdentityDependencies, identifyPerson, seesEverybody } from './identify.ts';

/** Offices that one stream of a company admin may follow. */
const MAX_OFFICES = 50;
/** Ids of ours are shorter than this. */
const MAX_EVENT_ID_LENGTH = 64;
const RUNNING = new Set(['authorized', 'ringing', 'answered']);

export interface EventsDependencies extends IdentityDependencies {
  readonly hub: EventHub;
  readonly streams: EventStreams;
  readonly handlers: Pick<EndpointHandlers, 'balance' | 'calls'>;
  readonly visibleEvent: (identity: Identity, event: OfficeEvent) => OfficeEvent;
  readonly clock: ServerClock;
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx and its like hold answers back until a buffer is full unless they are told not to.
  'x-accel-buffering': 'no',
};

export function bindEvents(app: Hono<{ Bindings: Exchange }>, dependencies: EventsDependencies): void {
  app.get(EVENTS_PATH, async (context: GateContext) => {
    context.env.route = 'events';
    const verified = await identifyPerson(context, dependencies);
    if (!verified.ok) return refuse(context, verified.refusal);
    const { identity, expiresAtMs } = verified.value;
    const offices = await selectOffices(identity, { wanted: wantedOffices(context), dependencies });
    if (!offices.ok) return refuse(context, offices.refusal);
    if (context.req.raw.method === 'HEAD') return new Response(null, { headers: STREAM_HEADERS });
    const stream = dependencies.streams.open({
      hub: dependencies.hub,
      identity: offices.value[0] ?? identity,
      officeIds: offices.value.map((one) => one.officeId),
      lastEventId: context.req.raw.headers.get('last-event-id')?.slice(0, MAX_EVENT_ID_LENGTH) || null,
      seesEverybody: seesEverybody(identity),
      expiresInMs: Math.max(0, expiresAtMs - dependencies.clock.nowMs()),
      snapshot: () => snapshot(offices.value, dependencies.handlers),
      visibleEvent: dependencies.visibleEvent,
    });
    return new Response(stream.body, { headers: STREAM_HEADERS });
  });
}

/** One office by the X-Office header or ?office=; several for a company admin, separated by commas. */
function wantedOffices(context: GateContext): readonly (string | null)[] {
  const text = context.req.raw.headers.get('x-office') ?? context.req.query('office');
  return text ? [...new Set(text.split(','))] : [null];
}

async function selectOffices(
  identity: Identity,
  options: { readonly wanted: readonly (string | null)[]; readonly dependencies: IdentityDependencies },
): Promise<Outcome<readonly Identity[]>> {
  if (options.wanted.length > MAX_OFFICES) return refused(refusal('request_invalid'));
  const chosen: Identity[] = [];
  for (const officeId of options.wanted) {
    const one = await options.dependencies.offices.choose(identity, officeId);
    if (!one.ok) return one;
    chosen.push(one.value);
  }
  return granted(chosen);
}

/** The balance of each office and the person's own running calls. */
async function snapshot(
  identities: readonly Identity[],
  handlers: EventsDependencies['handlers'],
): Promise<readonly OfficeEvent[]> {
  const events: OfficeEvent[] = [];
  for (const identity of identities) {
    const [balance, calls] = await Promise.all([handlers.balance(identity, {}), handlers.calls(identity, {})]);
    if (balance.ok) events.push({ type: 'balance', balance: balance.value });
    if (!calls.ok) continue;
    const own = calls.value.calls.filter((call) => call.agentId === identity.personId && RUNNING.has(call.status));
    events.push(...own.map((call): OfficeEvent => ({ type: 'call', call })));
  }
  return events;
}
