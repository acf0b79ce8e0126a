/** Alerts to the host: Standard Webhooks over real HTTP, to a receiver that answers late, wrong, elsewhere or never. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WEBHOOK_GIVEN_UP_AFTER_MS, type WebhookTarget } from '../../../server/alerts/send-webhooks.ts';
import { webhookKey } from '../../../server/alerts/webhook-signature.ts';
import { alertWebhookSchema } from '../../../src/protocol/alert.ts';
import { AlertRig, USD } from '../../support/alert-rig.ts';
import { WebhookReceiver } from '../../support/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const NEW_SECRET = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`;

let rig: AlertRig;
let host: WebhookReceiver;

beforeEach(async () => {
  rig = await AlertRig.open();
  host = await WebhookReceiver.start();
});

afterEach(async () => {
  await host.close();
  await rig.office.close();
});

function keysOf(...secrets: readonly string[]): readonly Buffer[] {
  return secrets.flatMap((secret) => webhookKey(secret) ?? []);
}

function target(more: Partial<WebhookTarget> = {}): WebhookTarget {
  return { url: host.url, keys: keysOf(SECRET), mayBePrivate: true, timeoutMs: 15_000, ...more };
}

async function alert(webhook = target()) {
  const service = rig.service({ webhook });
  await rig.credit(20 * USD, service);
  await rig.credit(0, service);
  return service;
}

async function state() {
  const [row] = await rig.alerts();
  return (
    row && { state: row.hookState, attempts: row.hookAttempts, problem: row.hookProblem, dueAtMs: row.hookDueAtMs }
  );
}

/** As the standard's own verification does it. */
function isSignedBy(secret: string, { headers, body }: WebhookReceiver['received'][number]): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(expected);
}

test('an alert is sent once, signed, as the schema says', async () => {
  const service = await alert();
  await service.workOnce();
  expect(host.received).toHaveLength(1);
  const [received] = host.received;
  if (!received) throw new Error('Nothing came');
  expect(isSignedBy(SECRET, received)).toBe(true);
  expect(isSignedBy(NEW_SECRET, received)).toBe(false);
  expect(received.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{32}$/);
  expect(received.headers['webhook-timestamp']).toBe(String(Math.floor(rig.office.clock.nowMs() / 1_000)));
  expect(received.headers['content-type']).toBe('application/json');
  expect(alertWebhookSchema.parse(JSON.parse(received.body))).toMatchObject({
    type: 'credit-phone.alert',
    timestamp: new Date(rig.office.clock.nowMs()).toISOString(),
    data: { accountId: 'acme', officeId: 'berlin', facts: { kind: 'empty', availableMicros: 0 } },
  });
  expect(await state()).toEqual({ state: 'sent', attempts: 1, problem: null, dueAtMs: null });
});

test('while a secret is changed, both sign', async () => {
  await alert(target({ keys: keysOf(NEW_SECRET, SECRET) }));
  const [received] = host.received;
  if (!received) throw new Error('Nothing came');
  expect([isSignedBy(SECRET, received), isSignedBy(NEW_SECRET, received)]).toEqual([true, true]);
});

test.each([
  '',
  'whsec_',
  'whsec_c2hvcnQ=',
  `secret_${'A'.repeat(32)}`,
  `whsec_${'!'.repeat(40)}`,
])('%j is no secret', (secret) => {
  expect(webhookKey(secret)).toBeNull();
});

describe('a host that has a bad day', () => {
  test.each([
    ['answers 500', 500, 'it answered 500'],
    ['answers 404', 404, 'it answered 404'],
    ['redirects', { redirectTo: 'http://127.0.0.1:1/' }, 'it answered 307'],
    ['never answers', 'never', 'no answer in time'],
    ['hangs up', 'drop', 'socket hang up'],
  ] as const)('%s: it is told again, later, with the same id', async (_name, mood, problem) => {
    host.moods.push(mood);
    // Who never answers is waited for to the end; the others have all the time that a busy machine needs.
    const service = await alert(target(mood === 'never' ? { timeoutMs: 2_000 } : {}));
    expect(await state()).toMatchObject({ state: 'waiting', attempts: 1, problem });
    await service.workOnce();
    expect(host.received).toHaveLength(1);
    rig.office.clock.advance(5_000);
    await service.workOnce();
    expect(await state()).toMatchObject({ state: 'sent', attempts: 2 });
    const [first, second] = host.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  });

  test('for three days: ever more seldom, then given up, and the operator is told', async () => {
    host.moods.push(...Array.from({ length: 100 }, () => 503));
    const service = await alert();
    const startMs = rig.office.clock.nowMs();
    while ((await state())?.state === 'waiting' && rig.office.clock.nowMs() - startMs < 2 * WEBHOOK_GIVEN_UP_AFTER_MS) {
      rig.office.clock.advance(15 * 60_000);
      await service.workOnce();
    }
    expect(await state()).toMatchObject({ state: 'dead', dueAtMs: null, problem: 'it answered 503' });
    expect(host.received.length).toBeGreaterThan(8);
    expect(host.received.length).toBeLessThan(25);
    expect(rig.logged).toMatchObject([{ message: expect.stringContaining('given up'), facts: { accountId: 'acme' } }]);
  });

  test('410 Gone: nothing more is sent, and the operator is told', async () => {
    host.moods.push(410);
    const service = await alert();
    expect(await state()).toMatchObject({ state: 'off', dueAtMs: null });
    await rig.credit(20 * USD, service);
    expect((await rig.alerts()).map(({ hookState }) => hookState)).toEqual(['off', 'off']);
    expect(host.received).toHaveLength(1);
    expect(rig.logged).toMatchObject([{ message: expect.stringContaining('410') }]);
  });
});

test('a private address is refused unless the settings allow it', async () => {
  await alert(target({ mayBePrivate: false }));
  expect(host.received).toEqual([]);
  expect(await state()).toMatchObject({ state: 'waiting', problem: 'it is not https' });
});

test('three servers send each alert once', async () => {
  await alert(target({ url: 'http://127.0.0.1:1/' }));
  rig.office.clock.advance(60_000);
  await Promise.all([1, 2, 3].map(() => rig.service({ webhook: target() }).workOnce()));
  expect(host.received).toHaveLength(1);
});

test('a server that dies while it sends: another one sends it, with the same id', async () => {
  const service = await alert(target({ url: 'http://127.0.0.1:1/' }));
  const [row] = await rig.alerts();
  if (!row) throw new Error('There is no alert');
  const claimed = { ...row, hookDueAtMs: rig.office.clock.nowMs() + 60_000, version: row.version + 1 };
  await rig.office.store.writeRows([{ table: 'alert', mode: 'next_version', row: claimed }]);
  await rig.service({ webhook: target() }).workOnce();
  expect(host.received).toHaveLength(0);
  rig.office.clock.advance(60_000);
  await rig.service({ webhook: target() }).workOnce();
  expect(host.received).toHaveLength(1);
  expect(await state()).toMatchObject({ state: 'sent' });
  expect(service).toBeDefined();
});

test('what was told before there was an address is not poured out to it', async () => {
  const without = rig.service();
  await rig.credit(20 * USD, without);
  await rig.credit(0, without);
  rig.office.clock.advance(3_600_000);
  await rig.service({ webhook: target() }).workOnce();
  expect(host.received).toEqual([]);
  expect(await state()).toMatchObject({ state: 'skipped' });
});

test('an alert is told although its server died at once, and all were down for hours', async () => {
  await rig.service({ webhook: target() }).workOnce();
  const dying = rig.service();
  await rig.credit(20 * USD, dying);
  await rig.credit(0, dying);
  rig.office.clock.advance(3 * 3_600_000);
  await rig.service({ webhook: target() }).workOnce();
  expect(host.received).toHaveLength(1);
  expect(await state()).toMatchObject({ state: 'sent' });
});
