/** Alerts from the wallet to the mail, on a real store (REQUIREMENTS 2.3 no. 8, sections 3 and 4 nos. 6, 28 and 32). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAlertPort } from '../../../server/alerts/write-alert.ts';
import { composeMail } from '../../../server/mail/compose-mail.ts';
import { createMailLinks, stopKeyOf } from '../../../server/mail/mail-links.ts';
import { operatorContact } from '../../../server/mail/recipients.ts';
import { mailRoom } from '../../../server/mail-of.ts';
import type { MailRow } from '../../../server/storage/rows.ts';
import { alertEventSchema } from '../../../src/protocol/alert.ts';
import { micros } from '../../../src/protocol/money.ts';
import { AlertRig, BERLIN, USD } from '../../support/alert-rig.ts';
import { callRowOf } from '../../support/ledger-operations.ts';
import { DANA, KIM, LUIS, SAM, STRANGER } from '../../support/office-rig.ts';

let rig: AlertRig;

beforeEach(async () => {
  rig = await AlertRig.open();
  const row = operatorContact({ ...BERLIN, officeId: null, email: 'dana@acme.test' });
  await rig.office.store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
});

afterEach(async () => {
  await rig.office.close();
});

const HOUR_MS = 3_600_000;

async function text(row: MailRow | undefined): Promise<string> {
  const { store, clock } = rig.office;
  const links = createMailLinks({
    adminUrl: 'https://app.example.com/billing?tab=credit',
    publicUrl: 'https://phone.example.com',
    key: stopKeyOf('a secret'),
  });
  if (!row) throw new Error('There is no mail');
  const mail = await composeMail(mailRoom({ store, clock, log: () => undefined, links }), row);
  return `${mail?.subject}\n${mail?.text}\n${mail?.html}`;
}

describe('credit', () => {
  test('falls and comes back: low, critical, empty and back, each an alert and a mail of its own', async () => {
    const service = rig.service();
    for (const amount of [20, 5, 1, 0, 20]) {
      await rig.credit(amount * USD, service);
      rig.office.clock.advance(HOUR_MS);
      await service.workOnce();
    }
    expect(await rig.kinds()).toEqual(['low', 'critical', 'empty', 'back']);
    expect((await rig.mails()).map(({ kind }) => kind)).toEqual(['low', 'critical', 'empty', 'back']);
    // A worse one, and in the end the good one, takes the others off the screens.
    expect((await rig.alerts()).map(({ isOver }) => isOver)).toEqual([true, true, true, false]);
  });

  test('the mail says what, since when, what works and what not, one button, and how to stop it', async () => {
    const service = rig.service();
    await rig.credit(20 * USD, service);
    await rig.credit(0, service);
    const mail = await text((await rig.mails())[0]);
    expect(mail).toMatch(/^Phone credit is used up: calls are blocked\n/);
    expect(mail).toMatch(/Since 15 January 2026, 13:00 \(Europe\/Berlin\)/);
    expect(mail).toContain('Calls that cost something are refused');
    expect(mail).toContain('emergency calls are not touched');
    expect(mail.match(/<strong>/g)).toHaveLength(1);
    expect(mail).toContain('Add credit: https://app.example.com/billing?tab=credit');
    expect(mail).toContain('https://phone.example.com/v1/stop-mail?what=');
    expect(mail).toContain('While nobody else gets them, they come to you all the same.');
  });

  test('what running calls hold is not used up, until a call is refused for it', async () => {
    const service = rig.service();
    await rig.credit(20 * USD, service);
    await rig.credit(0.3 * USD, service);
    expect(await rig.kinds()).toEqual(['critical']);
    await hold(0.3 * USD);
    service.creditChanged(BERLIN);
    await service.workOnce();
    expect(await rig.kinds()).toEqual(['critical']);
    service.creditChanged(BERLIN, true);
    await service.workOnce();
    expect(await rig.kinds()).toEqual(['critical', 'empty']);
  });

  test('a widget that is refused a call makes it looked at', async () => {
    const { services } = rig.office;
    await rig.office.addCredit(20 * USD);
    await services.alerts.workOnce();
    await rig.spend(20 * USD);
    expect(await rig.office.authorize('+4915123456789')).toMatchObject({ refusal: { code: 'no_credit' } });
    await rig.office.pass(2);
    await rig.office.settleDown();
    expect(await rig.kinds()).toEqual(['empty']);
  });

  test('many servers and repeats: one mail, and the latch of a killed one is never there without its mail', async () => {
    const services = [rig.service(), rig.service(), rig.service()];
    await rig.credit(20 * USD, services[0]);
    await rig.spend(20 * USD);
    for (const service of services) service.creditChanged(BERLIN);
    await Promise.all(services.map((service) => service.workOnce()));
    // It died before it looked: whoever goes around finds it.
    await rig.service().workOnce();
    expect((await rig.mails()).map(({ kind }) => kind)).toEqual(['empty']);
    expect(await rig.kinds()).toEqual(['empty']);
  });

  test('what cannot be written whole is not written: the next look tells it', async () => {
    const { store } = rig.office;
    await rig.credit(20 * USD);
    await rig.spend(20 * USD);
    const broken = {
      ...store,
      db: store.db,
      writeRows: () => Promise.reject(new Error('the process was killed')),
    } as unknown as typeof store;
    await rig
      .service({ store: broken })
      .workOnce()
      .catch(() => undefined);
    expect([await rig.kinds(), await rig.mails()]).toEqual([[], []]);
    await rig.service().workOnce();
    expect(await rig.kinds()).toEqual(['empty']);
  });

  test('within the cool-down is told when that ends, by whichever server goes around then', async () => {
    for (const amount of [20, 0, 20, 0]) {
      await rig.credit(amount * USD);
      rig.office.clock.advance(60_000);
    }
    expect(await rig.kinds()).toEqual(['empty', 'back']);
    rig.office.clock.advance(6 * HOUR_MS);
    await rig.service().workOnce();
    expect((await rig.kinds()).filter((kind) => kind === 'empty')).toHaveLength(2);
  });

  test('nothing is written for an office whose credit only moves above its lines', async () => {
    await rig.credit(20 * USD);
    const before = await rig.office.store.db.selectFrom('credit_latch').selectAll().orderBy('officeId').execute();
    for (const amount of [30, 25, 40]) await rig.credit(amount * USD);
    const after = await rig.office.store.db.selectFrom('credit_latch').selectAll().orderBy('officeId').execute();
    expect(after).toEqual(before);
  });
});

/** As a running call does. */
async function hold(amountMicros: number): Promise<void> {
  const atMs = rig.office.clock.nowMs();
  const call = {
    callId: 'call-1',
    heldMicros: amountMicros,
    status: 'answered',
    answeredAtMs: atMs,
    dueAtMs: atMs + HOUR_MS,
  };
  const result = await rig.office.ledger.submit({
    kind: 'hold',
    operationId: 'hold:call-1',
    holdId: 'call-1',
    accountId: 'acme',
    walletId: 'berlin',
    atMs,
    amountMicros: micros(amountMicros),
    minimumMicros: micros(0),
    floorMicros: micros(0),
    limits: [],
    alongside: [{ table: 'call', mode: 'insert', row: callRowOf(call) }],
  });
  expect(result.applied).toBe(true);
}

describe('on the screens', () => {
  test('admins of the office hear of it, nobody else', async () => {
    await rig.credit(20 * USD);
    await rig.credit(0);
    const told = rig.office.told.filter(({ event }) => event.type === 'alert');
    expect(told.map(({ audience }) => audience)).toEqual([{ ...BERLIN, personId: '' }]);
    expect(alertEventSchema.parse(told[0]?.event)).toMatchObject({
      alert: { facts: { kind: 'empty' }, isOver: false },
    });
  });

  test('an alert is put away for all admins of the office, twice is once, and not by others', async () => {
    const { handlers } = rig.service();
    await rig.credit(20 * USD);
    await rig.credit(0);
    const { alerts } = await agreed(handlers.alerts(DANA, {}));
    const alertId = alerts[0]?.alertId ?? '';
    expect(alerts).toMatchObject([{ facts: { kind: 'empty', levelMicros: 0 } }]);
    for (const other of [
      { ...DANA, officeId: 'austin' },
      { ...STRANGER, role: 'billing' as const },
    ]) {
      expect(await handlers.putAlertAway(other, { alertId })).toMatchObject({ refusal: { code: 'alert_unknown' } });
    }
    expect(await agreed(handlers.putAlertAway(DANA, { alertId }))).toMatchObject({ isOver: true });
    expect(await agreed(handlers.putAlertAway(LUIS, { alertId }))).toMatchObject({ isOver: true });
    expect(await agreed(handlers.alerts(DANA, {}))).toEqual({ alerts: [] });
    expect(rig.office.told.at(-1)?.event).toMatchObject({ alert: { alertId, isOver: true } });
  });
});

describe('which mails somebody gets', () => {
  test('is switched by person and kind, and holds for that person alone', async () => {
    const { handlers } = rig.service();
    const dana = { ...DANA, email: 'Dana@acme.test' };
    expect(await agreed(handlers.setAlertMail(dana, { kind: 'low', isOn: false }))).toMatchObject({
      email: 'Dana@acme.test',
      mails: expect.arrayContaining([{ kind: 'low', isOn: false, isKept: false }]),
    });
    const others = await agreed(handlers.alertSettings({ ...LUIS, email: 'luis@acme.test' }, {}));
    expect(others.mails.every(({ isOn }) => isOn)).toBe(true);
    const again = await agreed(handlers.setAlertMail(dana, { kind: 'low', isOn: true }));
    expect(again.mails.every(({ isOn }) => isOn)).toBe(true);
  });

  test('without an address there is nothing to switch', async () => {
    const { handlers } = rig.service();
    expect(await agreed(handlers.setAlertMail(KIM, { kind: 'low', isOn: false }))).toMatchObject({ email: null });
    expect(await rig.office.store.db.selectFrom('mail_choice').selectAll().execute()).toEqual([]);
  });
});

describe('the port', () => {
  test('tells a thing once, whoever asks again', async () => {
    const port = createAlertPort(rig.office.store);
    const rent = {
      kind: 'rent_due',
      number: '+14155550100',
      rentMicros: USD,
      currency: 'USD',
      dueOn: '2026-03-03',
      days: 5,
    } as const;
    const alert = { ...BERLIN, subject: '+14155550100:2026-03-03:5', facts: rent, atMs: rig.office.clock.nowMs() };
    expect([await port.tell(alert), await port.tell(alert)]).toEqual([true, false]);
    expect(await Promise.all([1, 2, 3].map(() => port.tell({ ...alert, subject: 'other' })))).toEqual(
      expect.arrayContaining([true, false, false]),
    );
    expect(await rig.kinds()).toEqual(['rent_due', 'rent_due']);
    expect(await text((await rig.mails())[0])).toContain('The rent of $1.00 for +14155550100 is due on 3 March 2026');
  });
});

test('an agent asks for no alerts: the addresses are for those who manage credit', async () => {
  const { ALERT_ENDPOINTS } = await import('../../../src/protocol/alert-endpoints.ts');
  expect(Object.values(ALERT_ENDPOINTS).map(({ role }) => role)).toEqual(['billing', 'billing', 'billing', 'billing']);
  expect(SAM.role).toBe('agent');
});

async function agreed<Value>(answer: Promise<{ readonly ok: true; readonly value: Value } | { readonly ok: false }>) {
  const outcome = await answer;
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.value;
}
