/**
 * Mail by SMTP, with nodemailer's own connection: its mailer hides whether a message had been handed over whole when a connection broke,
 * which decides whether trying again could be a second mail (RFC 5321 section 4.5.3.2.6).
 *
 *   connect, TLS, login, MAIL, RCPT   broken or 4yz: later     5yz: refused (a wrong login: later, the operator may mend it)
 *   message handed to the connection  broken without an answer: unknown, whether the final dot arrived or not
 */
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailTransport, OutgoingMail, Sent } from './mail-transport.ts';

export interface SmtpOptions {
  /** smtp://user:password@host:port, or smtps:// for TLS from the first byte. */
  readonly url: string;
  /** Address, or name and address, that mails come from. */
  readonly from: string;
  /** For answers that do not come; 30 s when left out. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const SUBMISSION_PORT = 587;
const SMTPS_PORT = 465;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export function createSmtpTransport(options: SmtpOptions): MailTransport {
  return {
    send: async (mail) => {
      const { message, envelope } = await composed(mail, options.from);
      return await new Delivery(options).run(message, envelope);
    },
  };
}

async function composed(mail: OutgoingMail, from: string) {
  const composer = new MailComposer({
    from,
    to: [...mail.to],
    messageId: `<${mail.messageId}>`,
    date: mail.date,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(mail.unsubscribeUrl) },
    attachments: mail.files.map(({ name, contentType, content }) => ({ filename: name, contentType, content })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  const { from: sender, to } = node.getEnvelope();
  return { message: await node.build(), envelope: { from: sender || '', to } };
}

/** RFC 2369 section 3.2 and RFC 8058: the mail program's own button, which asks without a person's visit. */
function unsubscribeHeaders(url: string | null): Record<string, string> {
  if (url === null) return {};
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

interface SmtpError extends Error {
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

class Delivery {
  readonly #connection: SMTPConnection;
  readonly #login: { readonly user: string; readonly pass: string } | null;
  #isHandedOver = false;

  constructor({ url, timeoutMs = TIMEOUT_MS }: SmtpOptions) {
    const { protocol, hostname, port, username, password } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const isTls = protocol === 'smtps:';
    this.#login = username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : null;
    this.#connection = new SMTPConnection({
      host,
      port: Number(port) || (isTls ? SMTPS_PORT : SUBMISSION_PORT),
      secure: isTls,
      // A password goes over no wire that others can read.
      requireTLS: !isTls && this.#login !== null && !LOOPBACK.includes(host),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      logger: false,
      debug: false,
    });
  }

  async run(message: Buffer, envelope: { readonly from: string; readonly to: string[] }): Promise<Sent> {
    // Reported twice: to whoever waits, and as an event that would end the process if nobody listened.
    const broken = new Promise<never>((_resolve, reject) => this.#connection.once('error', reject));
    try {
      const refused = await Promise.race([this.#deliver(message, envelope), broken]);
      this.#connection.quit();
      return { outcome: 'sent', refused };
    } catch (error) {
      this.#connection.close();
      return this.#outcomeOf(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #deliver(message: Buffer, envelope: { readonly from: string; readonly to: string[] }) {
    const connection = this.#connection;
    const credentials = this.#login;
    await done((callback) => connection.connect(callback));
    if (credentials !== null) await done((callback) => connection.login({ credentials }, callback));
    const info = await done<SMTPConnection.SentMessageInfo>((callback) =>
      connection.send({ ...envelope, size: message.length }, this.#watched(message), callback),
    );
    return (info?.rejected ?? []).map(String);
  }

  /** Read only after the server has agreed to take it, and to its end only when all of it is on its way. */
  #watched(message: Buffer): Readable {
    const stream = Readable.from([message], { objectMode: false });
    stream.once('end', () => {
      this.#isHandedOver = true;
    });
    return stream;
  }

  #outcomeOf(error: SmtpError): Sent {
    const { responseCode = 0, command = '' } = error;
    const problem = this.#withoutPassword(error.message);
    if (responseCode >= 500 && !command.startsWith('AUTH')) return { outcome: 'refused', problem };
    if (responseCode > 0 || !this.#isHandedOver) return { outcome: 'later', problem };
    return { outcome: 'unknown', problem };
  }

  /** Servers may repeat what they were told. */
  #withoutPassword(text: string): string {
    return this.#login?.pass ? text.replaceAll(this.#login.pass, '[password]') : text;
  }
}

function done<Value>(
  begin: (callback: (error?: Error | null, value?: Value) => void) => void,
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => begin((error, value) => (error ? reject(error) : resolve(value))));
}
