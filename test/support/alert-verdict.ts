/**
 * What must be true of alerts after any kill, once all were sent: one mail each, told at most once (a mail that was on its way when its
 * server died is never sent again, and says so), and a webhook at least once, its repeats with the same id and the same words.
 */
import { createHash } from 'node:crypto';
import { COOL_DOWN_MS, CREDIT_KINDS } from '../../server/alerts/credit-latch.ts';
import { webhookId } from '../../server/alerts/webhook-signature.ts';
import type { AlertRow, MailRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { ACCOUNT } from './killed-home.ts';
import type { SmtpServer } from './smtp-server.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

export interface AlertWorld {
  readonly smtp: SmtpServer;
  readonly host: WebhookReceiver;
}

/** Of what was told: the part that a kill makes uncertain. */
export interface ToldCounts {
  readonly alerts: number;
  /** Mails of which nobody can know whether they arrived. */
  readonly unknownMails: number;
  /** Webhooks that came more than once. */
  readonly repeatedWebhooks: number;
}

export async function alertFaults({ db }: Pick<Store, 'db'>, world: AlertWorld): Promise<readonly string[]> {
  const alerts = await db.selectFrom('alert').selectAll().orderBy('atMs').execute();
  const mails = await db.selectFrom('mail').selectAll().execute();
  const taken = timesTaken(world.smtp);
  const mailIds = new Set(mails.map(({ mailId }) => mailId));
  return [
    ...alerts.filter(({ alertId }) => !mailIds.has(alertId)).map(({ alertId }) => `${alertId} has no mail`),
    ...mails.flatMap((mail) => mailFaults(mail, taken.get(messageIdOf(mail)) ?? 0)),
    ...webhookFaults(alerts, world.host),
    ...latchFaults(alerts),
  ];
}

export async function toldCounts({ db }: Pick<Store, 'db'>, { host }: AlertWorld): Promise<ToldCounts> {
  const alerts = await db.selectFrom('alert').select('alertId').execute();
  const unknown = await db.selectFrom('mail').select('mailId').where('state', '=', 'unknown').execute();
  const repeatedWebhooks = host.received.length - new Set(host.received.map(idOf)).size;
  return { alerts: alerts.length, unknownMails: unknown.length, repeatedWebhooks };
}

/** As compose-mail.ts makes it: the same in every attempt. */
function messageIdOf({ accountId, mailId }: MailRow): string {
  return createHash('sha256')
    .update(JSON.stringify([accountId, mailId]))
    .digest('hex')
    .slice(0, 40);
}

function timesTaken({ taken }: SmtpServer): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { message } of taken) {
    const id = /^Message-ID:\s*<([^@>]+)@/im.exec(message)?.[1] ?? '';
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}

function mailFaults({ mailId, state }: MailRow, times: number): readonly string[] {
  const isRight = state === 'sent' ? times === 1 : state === 'unknown' && times <= 1;
  return isRight ? [] : [`the mail ${mailId} is ${state} and came ${times} times`];
}

function webhookFaults(alerts: readonly AlertRow[], host: WebhookReceiver): readonly string[] {
  const words = new Map<string, Set<string>>();
  for (const received of host.received) {
    const id = idOf(received);
    words.set(id, (words.get(id) ?? new Set()).add(received.body));
  }
  const ids = new Map(alerts.map((alert) => [webhookId({ accountId: ACCOUNT, alertId: alert.alertId }), alert]));
  return [
    ...[...ids]
      .filter(([id, { hookState }]) => hookState !== 'sent' || !words.has(id))
      .map(([, { alertId, hookState }]) => `the host was not told of ${alertId}, which is ${hookState}`),
    ...[...words.keys()].filter((id) => !ids.has(id)).map((id) => `the host was told of ${id}, which is no alert`),
    ...[...words].filter(([, said]) => said.size > 1).map(([id]) => `the host was told of ${id} in different words`),
  ];
}

function idOf({ headers }: WebhookReceiver['received'][number]): string {
  return String(headers['webhook-id']);
}

/** Once for each crossing: never again within the cool-down, and of two times that it was used up credit came back in between. */
function latchFaults(alerts: readonly AlertRow[]): readonly string[] {
  const wrong: string[] = [];
  const last = new Map<string, AlertRow>();
  for (const alert of alerts) {
    const kind = CREDIT_KINDS.find((known) => known === alert.kind);
    const before = last.get(`${alert.officeId} ${alert.kind}`);
    if (kind && before && alert.atMs - before.atMs < COOL_DOWN_MS[kind])
      wrong.push(`${alert.officeId} was told ${kind} again after ${alert.atMs - before.atMs} ms`);
    const back = last.get(`${alert.officeId} back`);
    const empty = last.get(`${alert.officeId} empty`);
    if (alert.kind === 'empty' && before && (back?.atMs ?? 0) < before.atMs)
      wrong.push(`${alert.officeId} was told twice that its credit is used up`);
    if (alert.kind === 'back' && (empty === undefined || (before && before.atMs > empty.atMs)))
      wrong.push(`${alert.officeId} was told that calls work again, which were never blocked`);
    last.set(`${alert.officeId} ${alert.kind}`, alert);
  }
  return wrong;
}
