/** The room of alerts behind the phone: whom it is for, what is shown, and which mails somebody gets (REQUIREMENTS 2.3 no. 8). */
import { expect, test } from 'vitest';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { FakeAlerts, sampleAlert } from '../../support/alert-samples.ts';
import { settled } from '../../support/phone-clock.ts';
import { type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
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
