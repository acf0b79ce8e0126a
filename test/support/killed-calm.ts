/** Nothing is under way any more: what is due was done, what was to be told was told, and the carrier has decided everything. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AlertRoom } from '../../server/alerts/alert-room.ts';
import { lookAtCredit } from '../../server/alerts/look-at-credit.ts';
import { creditsAfter } from '../../server/alerts/office-credits.ts';
import { OPEN_ORDER_STATES } from '../../server/numbers/order-states.ts';
import { policyInForce } from '../../server/policy/policies.ts';
import { readPolicies } from '../../server/policy/read-policies.ts';
import type { ServerClock } from '../../server/services.ts';
import type { Store } from '../../server/storage/store.ts';
import { KILLED_POLICY, type Outside } from './killed-home.ts';
import type { MovedServers } from './moved-servers.ts';

const LOOK_MS = 30;
const PATIENCE_MS = 120_000;
/** Longer than anything waits that belonged to a dead server (a mail: 15 minutes), or that a carrier could not answer. */
export const AFTERWARDS_MS = 20 * 60_000;
/** Orders that turn up late, are decided, are delivered and given back take some of those. */
const MOST_MOVES = 12;

interface Calmed {
  readonly store: Store;
  readonly servers: MovedServers;
  readonly outside: Pick<Outside, 'telnyx'>;
}

export async function calmDown({ store, servers, outside: { telnyx } }: Calmed): Promise<void> {
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    await untilNothingIsDue(store, servers);
    const waiting = await waitingForOthers(store);
    telnyx.arrive();
    const pending = telnyx.orders.filter(({ status }) => status === 'pending');
    for (const [index, { number }] of pending.entries()) telnyx.decide(number, index % 4 === 0 ? 'failure' : 'success');
    if (moves > 0 && waiting + pending.length === 0) return;
    servers.moveBy(AFTERWARDS_MS);
  }
  throw new Error('Somebody outside is asked again and again');
}

async function untilNothingIsDue(store: Store, servers: MovedServers): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const due = await dueNow(store, servers);
    if (Object.values(due).every((count) => count === 0)) return;
    servers.throwIfEnded();
    if (performance.now() > giveUpAtMs) throw new Error(`It is still due: ${JSON.stringify(due)}`);
    await delay(LOOK_MS);
  }
}

/** How much of each kind has to be done now. What makes mails and webhooks is counted before they are. */
async function dueNow({ db }: Store, clock: ServerClock): Promise<Readonly<Record<string, number>>> {
  const nowMs = clock.nowMs();
  const orders = await db.selectFrom('number_order').select('orderId').where('dueAtMs', '<=', nowMs).execute();
  const numbers = await db.selectFrom('number_owner').select('number').where('dueAtMs', '<=', nowMs).execute();
  const services = await db.selectFrom('service_charge').select('chargeId').where('dueAtMs', '<=', nowMs).execute();
  const untoldCount = await untold({ db }, clock);
  const mails = await db.selectFrom('mail').selectAll().where('dueAtMs', 'is not', null).execute();
  const hooks = await db.selectFrom('alert').selectAll().where('hookDueAtMs', 'is not', null).execute();
  const endpoints = await db.selectFrom('webhook_endpoint').select('url').execute();
  return {
    orders: orders.length,
    numbers: numbers.length,
    services: services.length,
    untold: untoldCount,
    // On its way, or to be sent at once; what was tried in vain has time.
    mails: mails.filter(({ state, dueAtMs }) => state === 'sending' || (dueAtMs ?? 0) <= nowMs).length,
    hooks: hooks.filter(({ hookProblem, hookDueAtMs }) => hookProblem === null || (hookDueAtMs ?? 0) <= nowMs).length,
    // What happened before it is known is never sent.
    endpoint: endpoints.length === 0 ? 1 : 0,
  };
}

/** What was tried in vain, or waits for the carrier: no look now would bring it further. */
async function waitingForOthers({ db }: Store): Promise<number> {
  const orders = db.selectFrom('number_order').select('orderId').where('state', 'in', OPEN_ORDER_STATES).execute();
  const returning = db.selectFrom('number_owner').select('number').where('state', '=', 'returning').execute();
  const mails = db.selectFrom('mail').select('mailId').where('dueAtMs', 'is not', null).execute();
  const hooks = db.selectFrom('alert').select('alertId').where('hookDueAtMs', 'is not', null).execute();
  const waiting = await Promise.all([orders, returning, mails, hooks]);
  return waiting.flat().length;
}

/** Offices of which one more look would write something: made with a store that writes nothing. */
async function untold(store: Pick<Store, 'db'>, clock: ServerClock): Promise<number> {
  let untoldCount = 0;
  const silent: Pick<Store, 'db' | 'writeRows'> = {
    db: store.db,
    writeRows: async () => {
      untoldCount += 1;
      return { applied: false, conflict: 'nothing is written here' };
    },
  };
  const unheard = () => undefined;
  // A look at credit asks for nothing else.
  const room = { store: silent, clock, policy: POLICY, balanceChanged: unheard, log: unheard } as unknown as AlertRoom;
  const credits = await creditsAfter(store, { last: null, limit: 1_000 });
  for (const credit of credits) await lookAtCredit(room, { credit, wasRefused: false });
  return untoldCount;
}

const POLICY = policyInForce(() => readPolicies(KILLED_POLICY));
