/** The mail of this server: the outbox, and who carries it away. */
import type { Claims } from './claims/claims.ts';
import type { Config } from './config.ts';
import { invoicePaper } from './invoices/invoice-paper.ts';
import type { MailRoom } from './mail/mail-room.ts';
import { sendMails } from './mail/send-mails.ts';
import { createSmtpTransport } from './mail/smtp-transport.ts';
import type { ServerClock } from './services.ts';
import type { Store } from './storage/store.ts';

const SEND_EVERY_MS = 1_000;

export interface MailParts {
  readonly store: Store;
  readonly clock: ServerClock;
  readonly log: MailRoom['log'];
}

export function mailRoom({ store, clock, log }: MailParts): MailRoom {
  return { store, clock, log, paper: (paper) => invoicePaper(store, paper) };
}

/** Without a mail server the mails wait in the outbox. */
export function sendMailOf(
  config: Pick<Config, 'smtpUrl' | 'mailFrom'>,
  { claims, ...parts }: MailParts & { readonly claims: Pick<Claims, 'run'> },
): void {
  const { smtpUrl: url, mailFrom: from } = config;
  if (url === null || from === null) return;
  const room = { ...mailRoom(parts), transport: createSmtpTransport({ url, from }) };
  claims.run('mail', { everyMs: SEND_EVERY_MS, work: () => sendMails(room) });
}
