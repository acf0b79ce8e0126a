/** The room of alerts behind the phone: whom it is for, what is shown, and which mails somebody gets (REQUIREMENTS 2.3 no. 8). */
import { describe, expect, test } from 'vitest';
import { AlertDesk } from '../../../src/phone/alert-desk.ts';
import { createPhoneStore } from '../../../src/phone/phone-store.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { FakeAlerts, sampleAlert } from '../../support/alert-samples.ts';
import { PhoneTestClock, settled } from '../../support/phone-clock.ts';
import { FakeGate, type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { until } from '../../support/phone-gate-server.ts';
import { sampleMe } from '../../support/phone-samples.ts';

async function alertRig(alerts: FakeAlerts, role: 'agent' | 'billing' = 'billing'): Promise<PhoneRig> {
  const rig = await phoneRig({
    prepare: ({ gate }) => {
      gate.me = async () => granted(sampleMe({ role }));
    },
    loadAlerts: async () => alerts,
  });
  await until(() => rig.phone.snapshot.me !== null);
  await settled();
  return rig;
}

const shown = ({ phone }: PhoneRig) => phone.snapshot.alerts.open.map(({ alertId }) => alertId);

test('an admin sees what holds as soon as they are signed in; an agent asks for nothing and hears nothing', async () => {
  const alerts = new FakeAlerts();
  alerts.open = [sampleAlert('number_late'), sampleAlert('card_expiring', { atMs: 1 })];
  const rig = await alertRig(alerts);
  await until(() => shown(rig).length > 0);
  expect(shown(rig)).toEqual(['number_late:1', 'card_expiring:1']);
  const others = new FakeAlerts();
  const agent = await alertRig(others, 'agent');
  agent.gate.sayAlert({ type: 'alert', alert: sampleAlert('empty') });
  agent.phone.askAlerts({ type: 'show_mails' });
  await settled();
  expect([shown(agent), others.log]).toEqual([[], []]);
});

test('an event shows an alert, a later one takes it away, and what comes late or twice changes nothing', async () => {
  const rig = await alertRig(new FakeAlerts());
  const say = (version: number, isOver: boolean) =>
    rig.gate.sayAlert({ type: 'alert', alert: sampleAlert('payment_disputed', { version, isOver }) });
  say(2, false);
  await until(() => shown(rig).length === 1);
  say(2, false);
  say(1, true);
  await settled();
  expect(shown(rig)).toEqual(['payment_disputed:1']);
  say(3, true);
  await until(() => shown(rig).length === 0);
  say(2, false);
  rig.gate.sayAlert({ type: 'alert', alert: { alertId: 'of another version' } });
  await settled();
  expect(shown(rig)).toEqual([]);
});

test('put away is gone at once, for everybody; when the server says no it comes back', async () => {
  const alerts = new FakeAlerts();
  alerts.open = [sampleAlert('rent_due')];
  const rig = await alertRig(alerts);
  await until(() => shown(rig).length === 1);
  alerts.putAway = async () => refused(refusal('unavailable'));
  rig.phone.askAlerts({ type: 'put_away', alertId: 'rent_due:1' });
  expect(shown(rig)).toEqual([]);
  await until(() => shown(rig).length === 1);
  alerts.putAway = new FakeAlerts().putAway;
  rig.phone.askAlerts({ type: 'put_away', alertId: 'rent_due:1' });
  await settled();
  expect(shown(rig)).toEqual([]);
});

test('mails are switched one by one; without an answer the switches stay as they were', async () => {
  const alerts = new FakeAlerts();
  const rig = await alertRig(alerts);
  rig.phone.askAlerts({ type: 'set_mail', kind: 'low', isOn: false });
  await until(() => rig.phone.snapshot.alerts.mails !== null);
  expect(rig.phone.snapshot.alerts.mails?.mails[0]).toEqual({ kind: 'low', isOn: false, isKept: false });
  alerts.setMail = async () => refused(refusal('unavailable'));
  rig.phone.askAlerts({ type: 'set_mail', kind: 'low', isOn: true });
  await until(() => rig.phone.snapshot.alerts.hasFailed);
  expect(rig.phone.snapshot.alerts.mails?.mails[0]).toMatchObject({ isOn: false });
});

describe('other offices (D-13)', () => {
  const CREDIT = sampleAlert('recharge_failed');

  function deskRig() {
    const [own, berlin] = [new FakeAlerts(), new FakeAlerts()];
    own.others.set('berlin', berlin);
    own.open = [CREDIT];
    berlin.open = [sampleAlert('number_late', { officeId: 'berlin' })];
    const store = createPhoneStore();
    const clock = new PhoneTestClock();
    const world = { gate: new FakeGate([]), clock, random: () => 0, log: () => undefined, newId: () => 'id' };
    const desk = new AlertDesk({ ...world, store }, own);
    const lookAt = async (officeId: string | null): Promise<void> => {
      const other = officeId === null ? null : { officeId, name: 'Berlin office', balance: null };
      store.update({ offices: { choices: [], other } });
      await settled();
    };
    const ids = () => store.snapshot.alerts.open.map(({ alertId }) => alertId);
    return { own, berlin, store, clock, desk, lookAt, ids };
  }

  test('whoever looks at another office sees its alerts, and the own ones again on the way back', async () => {
    const { desk, lookAt, ids } = deskRig();
    await desk.load();
    expect(ids()).toEqual(['recharge_failed:1']);
    await lookAt('berlin');
    expect(ids()).toEqual(['number_late:1']);
    // Of the own office, whose stream this is.
    desk.hear({ type: 'alert', alert: sampleAlert('card_expiring') });
    expect(ids()).toEqual(['number_late:1']);
    await lookAt(null);
    expect(ids()).toEqual(['recharge_failed:1']);
    desk.hear({ type: 'alert', alert: sampleAlert('card_expiring') });
    expect(ids()).toContain('card_expiring:1');
  });

  test('its alerts are put away there, and asked for again when its credit was', async () => {
    const { desk, own, berlin, store, clock, lookAt, ids } = deskRig();
    await desk.load();
    await lookAt('berlin');
    desk.wish({ type: 'put_away', alertId: 'number_late:1' });
    await settled();
    expect([berlin.log.at(-1), own.log]).toEqual(['put away number_late:1', ['alerts']]);
    berlin.open = [sampleAlert('rent_due', { officeId: 'berlin' })];
    const { other } = store.snapshot.offices;
    for (let again = 0; again < 3; again += 1) {
      store.update({ offices: { choices: [], other: other && { ...other } } });
    }
    await clock.advance(1_000);
    expect(ids()).toEqual(['rent_due:1']);
    expect(berlin.log.filter((asked) => asked === 'alerts')).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  test('a late answer of the office that was shown before is shown no more', async () => {
    const { desk, own, lookAt, ids } = deskRig();
    let answer = (): void => undefined;
    const { alerts } = own;
    own.alerts = async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return await alerts();
    };
    void desk.load();
    await lookAt('berlin');
    answer();
    await settled();
    expect(ids()).toEqual(['number_late:1']);
  });
});
