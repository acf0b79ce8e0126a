/**
 * Tells the host of each alert, at least once, with the same id in every attempt.
 *
 *   waiting ──► 2xx ──► sent
 *      ▲  └───► 410 ──► off      the host wants no more: nothing is sent until the operator resumes
 *      ├──────► anything else, or no answer in ten seconds: again, ever more seldom
 *      └──────► three days are over ──► dead, and the operator is told
 *
 * While it is being sent its due mark lies in the future, so that of many servers one sends it; when that one dies, another sends it then.
 */
import type { AlertWebhook } from '../../src/protocol/alert.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { AlertRow, WebhookEndpointRow } from '../storage/rows.ts';
import type { AlertRoom } from './alert-room.ts';
import { alertOf, readAlert } from './open-alert.ts';
import { postWebhook, type WebhookReply } from './post-webhook.ts';
import { webhookHeaders, webhookId } from './webhook-signature.ts';

export interface WebhookTarget {
  readonly url: string;
  /** One, or two while the secret is changed. */
  readonly keys: readonly Buffer[];
  /** True allows addresses of private networks, and http. */
  readonly mayBePrivate: boolean;
  /** For an answer that does not come; 10 s when left out. */
  readonly timeoutMs?: number;
}

const MINUTE_MS = 60 * MILLISECONDS_PER_SECOND;
const HOUR_MS = 60 * MINUTE_MS;
const TIMEOUT_MS = 10 * MILLISECONDS_PER_SECOND;
/** Longer than any attempt. */
const SENDING_MS = MINUTE_MS;
const RETRY_MS = [5_000, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS] as const;
const LONGEST_RETRY_MS = 6 * HOUR_MS;
export const WEBHOOK_GIVEN_UP_AFTER_MS = 72 * HOUR_MS;
const MAX_AT_ONCE = 10;
const MAX_ROUNDS = 10;

export async function sendWebhooks(room: AlertRoom, target: WebhookTarget | null): Promise<void> {
  if (target === null) return;
  const endpoint = await endpointOf(room, target);
  const due = await room.store.db
    .selectFrom('alert')
    .selectAll()
    .where('hookDueAtMs', 'is not', null)
    .where('hookDueAtMs', '<=', room.clock.nowMs())
    .orderBy('hookDueAtMs')
    .limit(MAX_AT_ONCE)
    .execute();
  await Promise.all(due.map((row) => sendOne(room, { row, target, endpoint })));
}

interface Sending {
  readonly row: AlertRow;
  readonly target: WebhookTarget;
  readonly endpoint: WebhookEndpointRow;
}

async function sendOne(room: AlertRoom, { row, target, endpoint }: Sending): Promise<void> {
  const nowMs = room.clock.nowMs();
  if (row.atMs < endpoint.sinceMs) return await finish(room, row, { hookState: 'skipped', hookProblem: null });
  if (endpoint.offAtMs !== null)
    return await finish(room, row, { hookState: 'off', hookProblem: 'the host wants no more' });
  if (nowMs - row.atMs > WEBHOOK_GIVEN_UP_AFTER_MS) {
    await finish(room, row, { hookState: 'dead', hookProblem: row.hookProblem ?? 'it is too old' });
    room.log('the host could not be told of an alert for three days; it is given up', factsOf(row));
    return;
  }
  const attempt = { hookAttempts: row.hookAttempts + 1, hookDueAtMs: nowMs + SENDING_MS };
  const sending = { ...row, ...attempt, version: row.version + 1 };
  // Not written: another server does it.
  if (!(await room.store.writeRows([{ table: 'alert', mode: 'next_version', row: sending }])).applied) return;
  await settle(room, { row: sending, target, endpoint }, await post(room, { row: sending, target }));
}

async function post(room: AlertRoom, { row, target }: Pick<Sending, 'row' | 'target'>): Promise<WebhookReply> {
  const { accountId, alertId, officeId, atMs } = row;
  const payload: AlertWebhook = {
    type: 'credit-phone.alert',
    timestamp: new Date(atMs).toISOString(),
    data: { accountId, alertId, officeId, facts: alertOf(row).facts },
  };
  const body = JSON.stringify(payload);
  const atSeconds = Math.floor(room.clock.nowMs() / MILLISECONDS_PER_SECOND);
  return await postWebhook({
    url: target.url,
    headers: webhookHeaders({ id: webhookId(row), atSeconds, body }, target.keys),
    body,
    mayBePrivate: target.mayBePrivate,
    timeoutMs: target.timeoutMs ?? TIMEOUT_MS,
  });
}

async function settle(room: AlertRoom, { row, target, endpoint }: Sending, reply: WebhookReply): Promise<void> {
  const status = 'status' in reply ? reply.status : 0;
  if (status >= 200 && status < 300) return await finish(room, row, { hookState: 'sent', hookProblem: null });
  if (status === GONE) {
    await switchOff(room, endpoint);
    room.log('the host answered 410 Gone to a webhook: no more are sent until the operator resumes', {
      url: target.url,
    });
    return await finish(room, row, { hookState: 'off', hookProblem: 'the host wants no more' });
  }
  const hookProblem = ('problem' in reply ? reply.problem : `it answered ${status}`).slice(0, MAX_PROBLEM_LENGTH);
  const waitMs = RETRY_MS[row.hookAttempts - 1] ?? LONGEST_RETRY_MS;
  await change(room, row, { hookProblem, hookDueAtMs: room.clock.nowMs() + waitMs });
}

const GONE = 410;
const MAX_PROBLEM_LENGTH = 200;

function finish(
  room: AlertRoom,
  row: AlertRow,
  end: { readonly hookState: 'sent' | 'skipped' | 'off' | 'dead'; readonly hookProblem: string | null },
): Promise<void> {
  return change(room, row, { ...end, hookDueAtMs: null });
}

/** The alert may have been shown or put away meanwhile; nobody else writes what is changed here while it is being sent. */
async function change(room: AlertRoom, row: AlertRow, how: Partial<AlertRow>): Promise<void> {
  let now: AlertRow | null = row;
  for (let round = 0; round < MAX_ROUNDS && now?.hookAttempts === row.hookAttempts; round += 1) {
    const next = { ...now, ...how, version: now.version + 1 };
    if ((await room.store.writeRows([{ table: 'alert', mode: 'next_version', row: next }])).applied) return;
    now = await readAlert(room.store, row);
  }
}

/**
 * Made in the first round, not with the first alert: what the host was told in other ways before is not poured out, and what happens from
 * then on is told, however long servers are down before the first of it could be sent.
 */
async function endpointOf(room: AlertRoom, { url }: WebhookTarget): Promise<WebhookEndpointRow> {
  const known = await readEndpoint(room, url);
  if (known) return known;
  const row = { url, sinceMs: room.clock.nowMs() - FIRST_MS, offAtMs: null, version: 1 };
  await room.store.writeRows([{ table: 'webhook_endpoint', mode: 'insert', row }]);
  return (await readEndpoint(room, url)) ?? row;
}

/** What happened while the server started is told. */
const FIRST_MS = 5 * MINUTE_MS;

async function readEndpoint(room: Pick<AlertRoom, 'store'>, url: string): Promise<WebhookEndpointRow | null> {
  const row = await room.store.db.selectFrom('webhook_endpoint').selectAll().where('url', '=', url).executeTakeFirst();
  return row ?? null;
}

async function switchOff(room: AlertRoom, { url }: WebhookEndpointRow): Promise<void> {
  const now = await readEndpoint(room, url);
  if (now === null || now.offAtMs !== null) return;
  const row = { ...now, offAtMs: room.clock.nowMs(), version: now.version + 1 };
  await room.store.writeRows([{ table: 'webhook_endpoint', mode: 'next_version', row }]);
}

function factsOf({ accountId, alertId, hookAttempts, hookProblem }: AlertRow) {
  return { accountId, alertId, attempts: hookAttempts, problem: hookProblem };
}
