/** The mail of this server: the outbox, and who carries it away. */
import type { Claims } from './claims/claims.ts';
import type { Config } from './config.ts';
import { invoicePaper } from './invoices/invoice-paper.ts';
import { createMailLinks, type MailLinks, stopKeyOf } from './mail/mail-links.ts';
import type { MailRoom } from './mail/mail-room.ts';
import { sendMails } from './mail/send-mails.ts';
import { createSmtpTransport } from './mail/smtp-transport.ts';
import type { ServerClock } from './services.ts';
import type { Store } from './storage/store.ts';

const SEND_EVERY_MS = 1_000;

export interface MailParts {
  /** Left out: mails say in words where to go. */
  readonly links?: MailLinks;
  readonly store: Store;
  readonly clock: ServerClock;
  readonly log: MailRoom['log'];
}

export function mailRoom({ store, clock, log, links }: MailParts): MailRoom {
  return { store, clock, log, ...(links ? { links } : {}), paper: (paper) => invoicePaper(store, paper) };
}

/** `url` is where browsers find this server when nothing else is said. */
export function mailLinksOf(config: Pick<Config, 'adminUrl' | 'publicUrl' | 'grantSecret'>, url: string): MailLinks {
  const { adminUrl, publicUrl, grantSecret } = config;
  return createMailLinks({ adminUrl, publicUrl: publicUrl ?? url, key: stopKeyOf(grantSecret) });
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
