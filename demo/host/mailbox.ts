/**
 * The demo's mailbox: what the outbox would send, without a mail server. And the statement of the test cards, where somebody who confirms
 * a card reads the amount. Plain pages without a script; the preview of a mail is sandboxed as if it came from a stranger.
 */
import { composeMail, escaped } from '../../server/mail/compose-mail.ts';
import { KIND_NAMES } from '../../server/mail/kind-names.ts';
import type { MailLinks } from '../../server/mail/mail-links.ts';
import type { MailRoom } from '../../server/mail/mail-room.ts';
import type { OutgoingMail } from '../../server/mail/mail-transport.ts';
import { moneyText } from '../../server/mail/money-text.ts';
import { mailRow } from '../../server/mail/outbox.ts';
import { mailRoom } from '../../server/mail-of.ts';
import { microsFromMinor } from '../../server/payments/minor-units.ts';
import type { MailRow } from '../../server/storage/rows.ts';
import type { Store } from '../../server/storage/store.ts';
import { ACCOUNT_ID } from './people.ts';
import { ALERT_FACTS } from './sample-alerts.ts';

const MAX_LISTED = 100;
const MAILBOX = '/demo/mailbox';
const STATEMENT = '/demo/statement';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};
/** For what stands in a mail: nothing runs, nothing is loaded, and it has an origin of its own. */
const SANDBOXED = { ...HEADERS, 'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'" };

export interface Mailbox {
  readonly store: Store;
  /** Those of the server that would send the mails. */
  readonly links: MailLinks;
}

/** Null for another address. */
export async function mailboxPage(request: Request, { store, links }: Mailbox): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method !== 'GET') return null;
  if (pathname === STATEMENT) return html(page('Statement of the test cards', await statement(store)));
  if (pathname !== MAILBOX) return null;
  const room = mailRoom({ store, links, clock: { nowMs: () => Date.now() }, log: () => undefined });
  const mailId = searchParams.get('mail');
  const previewed = searchParams.get('preview');
  if (mailId === null && previewed === null) return html(page('Mailbox of the demo', await list(room)));
  const row = previewed === null ? await readMail(room, mailId ?? '') : previewRow(previewed, room.clock.nowMs());
  const mail = row && (await composeMail(room, row));
  if (!row || !mail) return new Response('There is no such mail.', { status: 404, headers: HEADERS });
  return shown({ row, mail, part: searchParams.get('part') });
}

function shown({
  row,
  mail,
  part,
}: {
  readonly row: MailRow;
  readonly mail: OutgoingMail;
  readonly part: string | null;
}): Response {
  const [file] = mail.files;
  if (part === 'html') return html(mail.html, SANDBOXED);
  if (part === 'file' && file) {
    const disposition = `attachment; filename="${file.name}"`;
    return new Response(new Uint8Array(file.content), {
      headers: { ...SANDBOXED, 'content-type': file.contentType, 'content-disposition': disposition },
    });
  }
  const address = (wanted: string) => `${addressOf(row)}&amp;part=${wanted}`;
  const attached = file ? `<p><a href="${address('file')}">${escaped(file.name)}</a></p>` : '';
  return html(
    page(
      mail.subject,
      `<p><a href="${MAILBOX}">All mails</a></p>
<section>
<p class="quiet">To ${escaped(mail.to.join(', ') || 'nobody yet')}, ${stamp(mail.date.getTime())}, ${escaped(row.state)}</p>
<pre>${escaped(mail.text)}</pre>
${attached}
${stopLink(mail)}
</section>
<h2>As HTML</h2>
<iframe sandbox="" title="The mail as HTML" src="${address('html')}"></iframe>`,
    ),
  );
}

async function list(room: MailRoom): Promise<string> {
  const rows = await room.store.db
    .selectFrom('mail')
    .selectAll()
    .where('accountId', '=', ACCOUNT_ID)
    .orderBy('createdAtMs', 'desc')
    .orderBy('mailId', 'desc')
    .limit(MAX_LISTED)
    .execute();
  const lines = await Promise.all(rows.map(async (row) => listLine(row, await composeMail(room, row))));
  const mails =
    lines.length === 0
      ? '<p>No mail yet. Add credit, or ask for some.</p>'
      : `<ul class="list">\n${lines.join('\n')}\n</ul>`;
  return `<p class="quiet">What the outbox would send: with SMTP_URL and MAIL_FROM set, it does.</p>
<section>${mails}</section>
${previews()}`;
}

/** The frame below is closed to everything, so the link is here again. */
function stopLink({ unsubscribeUrl }: OutgoingMail): string {
  return unsubscribeUrl === null ? '' : `<p><a href="${escaped(unsubscribeUrl)}">Stop these mails</a></p>`;
}

const PREVIEW = 'preview:';
const PREVIEWED_OFFICE = 'hamburg';

/** As if it had just been told; null for a kind that there is not. */
function previewRow(kind: string, nowMs: number): MailRow | null {
  const facts = ALERT_FACTS.find((one) => one.kind === kind);
  if (!facts) return null;
  const row = mailRow({ accountId: ACCOUNT_ID, officeId: PREVIEWED_OFFICE, subject: 'preview', facts, atMs: nowMs });
  return { ...row, mailId: `${PREVIEW}${kind}`, state: 'a preview' };
}

function addressOf({ mailId }: MailRow): string {
  return mailId.startsWith(PREVIEW)
    ? `${MAILBOX}?preview=${encodeURIComponent(mailId.slice(PREVIEW.length))}`
    : `${MAILBOX}?mail=${encodeURIComponent(mailId)}`;
}

function previews(): string {
  const links = ALERT_FACTS.map(
    ({ kind }) => `<li><a href="${MAILBOX}?preview=${kind}">${escaped(KIND_NAMES[kind])}</a></li>`,
  );
  return `<section><h2>Preview of each alert</h2>\n<ul class="kinds">\n${links.join('\n')}\n</ul></section>`;
}

function listLine(row: MailRow, mail: OutgoingMail | null): string {
  const address = addressOf(row);
  const to = escaped(mail?.to.join(', ') || 'nobody yet');
  const subject = `<a href="${address}">${escaped(mail?.subject ?? row.mailId)}</a>`;
  return `<li>${subject}<span class="stamp">${stamp(row.createdAtMs)}</span><span class="what">To ${to}, ${escaped(row.state)}</span></li>`;
}

/** "2026-11-22 06:53 UTC". */
function stamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

async function readMail(room: MailRoom, mailId: string): Promise<MailRow | null> {
  const row = await room.store.db
    .selectFrom('mail')
    .selectAll()
    .where('accountId', '=', ACCOUNT_ID)
    .where('mailId', '=', mailId)
    .executeTakeFirst();
  return row ?? null;
}

interface Charge {
  readonly status: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly statementSuffix?: string;
}

async function statement(store: Store): Promise<string> {
  const rows = await store.db
    .selectFrom('simulated_object')
    .select(['content', 'createdAtMs'])
    .where('kind', '=', 'payment')
    .orderBy('createdAtMs', 'desc')
    .limit(MAX_LISTED)
    .execute();
  const lines = rows.flatMap(({ content, createdAtMs }) => {
    // Written by the simulated provider under this very kind.
    const { status, amountMinor, currency, statementSuffix } = JSON.parse(content) as Charge;
    if (status !== 'succeeded') return [];
    const amount = moneyText(microsFromMinor(amountMinor, currency), currency);
    return [
      `<li><span>PHONE* ${escaped(statementSuffix ?? 'CREDIT')}</span><b>${amount}</b><span class="what">${stamp(createdAtMs)}</span></li>`,
    ];
  });
  const charges =
    lines.length === 0 ? '<p>No test card was charged yet.</p>' : `<ul class="list">\n${lines.join('\n')}\n</ul>`;
  return `<p class="quiet">What the bank shows to whoever owns the card.</p>\n<section>${charges}</section>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/demo.css"></head>
<body><header class="bar"><strong class="brand">Harbour <span>CRM</span></strong>
<nav aria-label="Pages"><a href="/">Contacts</a><a href="${MAILBOX}">Mailbox</a><a href="${STATEMENT}">Test cards</a></nav></header>
<main class="papers"><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;
}

function html(text: string, headers: Readonly<Record<string, string>> = HEADERS): Response {
  return new Response(text, { headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } });
}
