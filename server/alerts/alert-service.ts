/** Alerts put together: what the addresses ask for, what other rooms tell, and what is done again and again by itself. */
import type { ALERT_ENDPOINTS } from '../../src/protocol/alert-endpoints.ts';
import type { OfficeAddress } from '../accounts/office-directory.ts';
import type { After, HandlersOf } from '../services.ts';
import type { AlertPort } from './alert-port.ts';
import type { AlertRoom } from './alert-room.ts';
import { CreditLooks } from './credit-looks.ts';
import { setMailSetting, showMailSettings } from './mail-settings.ts';
import { OfficesToLookAt } from './offices-to-look-at.ts';
import { sendWebhooks, type WebhookTarget } from './send-webhooks.ts';
import { listAlerts, publishAlerts, putAway } from './show-alerts.ts';
import { lookAtSpend } from './unusual-spend.ts';
import { createAlertPort } from './write-alert.ts';

/** One piece of periodic work: finds what is due in the store, and is safe to be done twice. */
export interface AlertWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

export interface AlertService {
  readonly handlers: HandlersOf<typeof ALERT_ENDPOINTS>;
  readonly port: AlertPort;
  /** The office's credit may have changed, or a call was refused for want of it. Never throws, never waits. */
  readonly creditChanged: (office: OfficeAddress, wasRefused?: boolean) => void;
  readonly works: readonly AlertWork[];
  /** All of it once, now; for tests. */
  readonly workOnce: () => Promise<void>;
}

const CREDIT_MS = 5_000;
const SHOW_MS = 500;
const WEBHOOK_MS = 1_000;
const SOON_MS = 1_000;
const SPEND_MS = 60_000;

export interface AlertServiceOptions {
  readonly after: After;
  /** The host's address for webhooks; null: it is told nothing. */
  readonly webhook: WebhookTarget | null;
}

export function createAlertService(room: AlertRoom, { after, webhook }: AlertServiceOptions): AlertService {
  const looks = new CreditLooks(room);
  const onError = (cause: unknown) => room.log('offices could not be looked at', { cause });
  const credit = new OfficesToLookAt({ delayMs: SOON_MS, look: (offices) => looks.look(offices), after, onError });
  const spend = new OfficesToLookAt({
    delayMs: SPEND_MS,
    look: (offices) => lookAtSpends(room, offices),
    after,
    onError,
  });
  const works: readonly AlertWork[] = [
    { name: 'alerts/credit', everyMs: CREDIT_MS, work: () => looks.round() },
    { name: 'alerts/show', everyMs: SHOW_MS, work: () => publishAlerts(room) },
    { name: 'alerts/webhook', everyMs: WEBHOOK_MS, work: () => sendWebhooks(room, webhook) },
  ];
  return {
    handlers: {
      alerts: (identity) => listAlerts(room, identity),
      putAlertAway: (identity, { alertId }) => putAway(room, { identity, alertId }),
      alertSettings: (identity) => showMailSettings(room, identity),
      setAlertMail: (identity, { kind, isOn }) => setMailSetting(room, { identity, kind, isOn }),
    },
    port: createAlertPort(room.store),
    creditChanged: (office, wasRefused = false) => {
      credit.add({ ...office, wasRefused });
      spend.add({ ...office, wasRefused });
    },
    works,
    workOnce: async () => {
      await credit.lookNow();
      await spend.lookNow();
      for (const { work } of works) await work();
    },
  };
}

async function lookAtSpends(room: AlertRoom, offices: readonly OfficeAddress[]): Promise<void> {
  for (const office of offices) await lookAtSpend(room, office);
}
