/** The environment variables of what is told to people and to the host: mail, its links, and webhooks. */
import type { WebhookTarget } from './alerts/send-webhooks.ts';
import { webhookKey } from './alerts/webhook-signature.ts';
import { list, row } from './setting.ts';

export interface AlertSettings {
  /** Carries mail away; null: it stays in the outbox. Holds a password. */
  readonly smtpUrl: string | null;
  /** Who mail comes from; set when `smtpUrl` is. */
  readonly mailFrom: string | null;
  /** The page of the host where admins manage credit; null: mails say in words where. */
  readonly adminUrl: string | null;
  /** Where the host takes alerts; null: it is told nothing. */
  readonly alertWebhookUrl: string | null;
  /** Each signs; two while one is changed. Set when `alertWebhookUrl` is. */
  readonly alertWebhookSecret: readonly string[] | null;
  /** True lets webhooks go to addresses of private networks, and by http. */
  readonly isAlertWebhookPrivate: boolean;
}

export const ALERT_ROWS = {
  smtpUrl: row(
    {
      name: 'SMTP_URL',
      isOptional: true,
      isSecret: true,
      what: 'Mail server for receipts and warnings: smtp://user:password@host:587, or smtps://. Unset, mail waits in the outbox.',
    },
    (value) =>
      /^smtps?:\/\/[^/]+\/?$/.test(value) && URL.canParse(value) ? { value } : { expected: 'an smtp address' },
  ),
  mailFrom: row(
    { name: 'MAIL_FROM', isOptional: true, what: 'Who mail comes from, e.g. billing@example.com; set with SMTP_URL.' },
    (value) => (/^[^\r\n@]+@[^\s@]+$/.test(value) ? { value } : { expected: 'a mail address' }),
  ),
  adminUrl: row(
    {
      name: 'ADMIN_URL',
      isOptional: true,
      what: "The host's page with the phone's billing panel: where the button in mails leads. Unset, mails say in words where.",
    },
    (value) =>
      isAddress(value, ['https:', 'http:'])
        ? { value }
        : { expected: 'an address such as https://app.example.com/billing' },
  ),
  alertWebhookUrl: row(
    {
      name: 'ALERT_WEBHOOK_URL',
      isOptional: true,
      what: 'Where the host takes alerts, as signed webhooks (Standard Webhooks). Unset, it is told nothing.',
    },
    (value) => (isAddress(value, ['https:', 'http:']) ? { value } : { expected: 'an https address' }),
  ),
  alertWebhookSecret: row(
    {
      name: 'ALERT_WEBHOOK_SECRET',
      isOptional: true,
      isSecret: true,
      what: 'Signs alerts: whsec_ and 24 to 64 bytes in base64; two, separated by a comma, while it is changed.',
    },
    (value) =>
      list(value).length > 0 &&
      list(value).length <= MOST_SECRETS &&
      list(value).every((one) => webhookKey(one) !== null)
        ? { value: list(value) }
        : { expected: 'whsec_ and 24 to 64 bytes in base64' },
  ),
  isAlertWebhookPrivate: row(
    {
      name: 'ALERT_WEBHOOK_PRIVATE',
      byDefault: 'no',
      what: 'With yes, ALERT_WEBHOOK_URL may be in a private network, and http.',
    },
    (value) => (value === 'yes' || value === 'no' ? { value: value === 'yes' } : { expected: 'yes or no' }),
  ),
};

const MOST_SECRETS = 2;

function isAddress(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).username === '';
}

/** What is wrong with them together, as sentences for whoever starts the server. */
export function alertComplaints(values: Readonly<Record<string, unknown>>, isDemo: boolean): readonly string[] {
  const { smtpUrl, mailFrom, alertWebhookUrl: url, alertWebhookSecret, isAlertWebhookPrivate } = values;
  const wrong: string[] = [];
  if (smtpUrl != null && mailFrom === null) wrong.push('MAIL_FROM is not set, which SMTP_URL needs.');
  if (url == null) return wrong;
  if (alertWebhookSecret === null) wrong.push('ALERT_WEBHOOK_SECRET is not set, which ALERT_WEBHOOK_URL needs.');
  const mayBeHttp = isDemo || isAlertWebhookPrivate === true;
  if (!mayBeHttp && !String(url).startsWith('https:')) {
    wrong.push(
      'ALERT_WEBHOOK_URL is not https: alerts tell what your customers spend. Use https, or ALERT_WEBHOOK_PRIVATE=yes in a network of your own.',
    );
  }
  return wrong;
}

/** Null: the host is told nothing. The demo may tell a host on the same machine. */
export function webhookTargetOf(
  settings: Pick<AlertSettings, 'alertWebhookUrl' | 'alertWebhookSecret' | 'isAlertWebhookPrivate'> & {
    readonly isDemo: boolean;
  },
): WebhookTarget | null {
  const { alertWebhookUrl: url, alertWebhookSecret, isAlertWebhookPrivate, isDemo } = settings;
  if (url === null) return null;
  // Each was checked when the settings were read.
  const keys = (alertWebhookSecret ?? []).flatMap((one) => webhookKey(one) ?? []);
  return { url, keys, mayBePrivate: isDemo || isAlertWebhookPrivate };
}
