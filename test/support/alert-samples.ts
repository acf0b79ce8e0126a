/** Alerts as the server tells them, and its addresses of them played by a test. */
import { ALERT_FACTS } from '../../demo/host/sample-alerts.ts';
import type { AlertGate } from '../../src/phone/alert-ports.ts';
import {
  ALERT_MAIL_KINDS,
  type Alert,
  type AlertSettings,
  alertEventSchema,
  alertSchema,
} from '../../src/protocol/alert.ts';
import { granted } from '../../src/protocol/problem.ts';

export { ALERT_FACTS };

type SampleKind = (typeof ALERT_FACTS)[number]['kind'];

export function sampleAlert(kind: SampleKind, more: Partial<Alert> = {}): Alert {
  const facts = ALERT_FACTS.find((one) => one.kind === kind);
  return alertSchema.parse({
    alertId: `${kind}:1`,
    officeId: 'office-1',
    atMs: 1_768_000_000_000,
    facts,
    isOver: false,
    version: 1,
    ...more,
  });
}

export function sampleAlertSettings(off: readonly string[] = []): AlertSettings {
  const mails = ALERT_MAIL_KINDS.map((kind) => ({ kind, isOn: !off.includes(kind), isKept: kind === 'empty' }));
  return { email: 'dana@acme.test', mails };
}

export class FakeAlerts implements AlertGate {
  readonly log: string[] = [];
  open: Alert[] = [];
  off: string[] = [];
  /** What other offices of the account answer. */
  readonly others = new Map<string, FakeAlerts>();

  ofOffice: AlertGate['ofOffice'] = (officeId) => {
    const gate = officeId === null ? this : this.others.get(officeId);
    if (!gate) throw new Error(`Nobody asked for the alerts of ${officeId} before`);
    return gate;
  };

  alerts: AlertGate['alerts'] = async () => {
    this.log.push('alerts');
    return granted({ alerts: [...this.open] });
  };

  putAway: AlertGate['putAway'] = async (alertId) => {
    this.log.push(`put away ${alertId}`);
    const known = this.open.find((alert) => alert.alertId === alertId) ?? sampleAlert('low', { alertId });
    this.open = this.open.filter((alert) => alert !== known);
    return granted({ ...known, isOver: true, version: known.version + 1 });
  };

  settings: AlertGate['settings'] = async () => granted(sampleAlertSettings(this.off));

  setMail: AlertGate['setMail'] = async (kind, isOn) => {
    this.off = isOn ? this.off.filter((one) => one !== kind) : [...this.off, kind];
    return granted(sampleAlertSettings(this.off));
  };

  readAlertEvent(content: unknown): Alert | null {
    const read = alertEventSchema.safeParse(content);
    return read.success ? read.data.alert : null;
  }
}
