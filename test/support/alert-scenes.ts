/** Alerts in the widget: the banner on every panel, and the switches of mails in the Credit tab. */
import type { AlertsSnapshot } from '../../src/phone/alert-snapshot.ts';
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import { sampleAlert, sampleAlertSettings } from './alert-samples.ts';
import { ADMIN, IDLE } from './element-facts.ts';
import type { Scene } from './element-scene.ts';

export function withAlerts(alerts: Partial<AlertsSnapshot>, facts: Partial<PhoneSnapshot> = {}): PhoneSnapshot {
  return { ...IDLE, me: ADMIN, ...facts, alerts: { open: [], mails: null, hasFailed: false, ...alerts } };
}

export const ALERT_SCENES: readonly Scene[] = [
  {
    name: 'alert-banner',
    snapshot: withAlerts({ open: [sampleAlert('card_expiring'), sampleAlert('number_late'), sampleAlert('low')] }),
  },
  {
    name: 'alert-other-office',
    panel: 'credit',
    snapshot: withAlerts(
      { open: [sampleAlert('rent_changes')] },
      { offices: { choices: [], other: { officeId: 'berlin', name: 'Berlin office', balance: null } } },
    ),
  },
  {
    name: 'alert-mails',
    panel: 'credit',
    press: ['Mails to you'],
    lookAt: 'credit-phone-alert-mails',
    snapshot: withAlerts({ mails: sampleAlertSettings(['empty', 'back']) }),
  },
];
