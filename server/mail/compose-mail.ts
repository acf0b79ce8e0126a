/** A mail of the outbox as it is sent: to whom, with which words and files. The same row is always the same mail. */
import { createHash } from 'node:crypto';
import type { MailRow } from '../storage/rows.ts';
import { KIND_NAMES } from './kind-names.ts';
import { isKeptKind, isMailKind, readersOf } from './mail-choices.ts';
import { mailFactsSchema } from './mail-facts.ts';
import type { MailLinks } from './mail-links.ts';
import type { MailRoom } from './mail-room.ts';
import type { OutgoingMail } from './mail-transport.ts';
import { type MailWords, wordsOf } from './mail-words.ts';

/** Null: it tells of a paper that is not there. */
export async function composeMail(room: MailRoom, row: MailRow): Promise<OutgoingMail | null> {
  const { accountId } = row;
  const facts = mailFactsSchema.parse(JSON.parse(row.facts));
  const names = await namesOf(room, { row, isOfAccount: facts.kind === 'rent_changes_of_offices' });
  const paper = facts.kind === 'paper' ? await room.paper({ ...facts, accountId }) : null;
  if (facts.kind === 'paper' && paper === null) return null;
  const context = { atMs: row.createdAtMs, timeZone: names.timeZone };
  const words = facts.kind === 'paper' ? paper : wordsOf(facts, context);
  if (words === null) return null;
  const to = row.reader === null ? (await readersOf(room.store, row)).emails : [row.reader];
  const body = bodyOf(words, { row, names, links: room.links ?? null, reader: to[0] ?? null });
  return {
    messageId: `${createHash('sha256')
      .update(JSON.stringify([accountId, row.mailId]))
      .digest('hex')
      .slice(0, 40)}@credit-phone`,
    to,
    subject: words.subject,
    text: textOf(body),
    html: htmlOf(words.subject, body),
    files: paper ? [paper.file] : [],
    unsubscribeUrl: body.stop,
    date: new Date(row.createdAtMs),
  };
}

interface Names {
  readonly whose: string;
  readonly timeZone: string;
  readonly supportEmail: string | null;
}

/** `isOfAccount`: about several of its offices. */
async function namesOf(
  room: MailRoom,
  { row: { accountId, officeId }, isOfAccount }: { readonly row: MailRow; readonly isOfAccount: boolean },
): Promise<Names> {
  const account = await room.store.db
    .selectFrom('account')
    .select(['name', 'supportEmail', 'timeZone'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  const office = await room.store.db
    .selectFrom('office')
    .select('name')
    .where('accountId', '=', accountId)
    .where('officeId', '=', officeId)
    .executeTakeFirst();
  return {
    whose: [account?.name ?? accountId, ...(isOfAccount ? [] : [office?.name ?? officeId])].join(', '),
    timeZone: account?.timeZone ?? 'UTC',
    supportEmail: account?.supportEmail || null,
  };
}

interface Body {
  readonly paragraphs: readonly string[];
  readonly button: { readonly label: string; readonly url: string } | null;
  readonly footer: readonly string[];
  /** Stops this kind of mail; null: it cannot be stopped by a link. */
  readonly stop: string | null;
}

interface BodyParts {
  readonly row: MailRow;
  readonly names: Names;
  readonly links: MailLinks | null;
  readonly reader: string | null;
}

function bodyOf({ paragraphs, action }: MailWords, { row, names, links, reader }: BodyParts): Body {
  const { accountId, kind } = row;
  const canStop = links !== null && reader !== null && isMailKind(kind);
  const url = links?.adminUrl ?? null;
  const inWords = url === null && action.words !== null ? [`To go on, ${action.words}.`] : [];
  return {
    paragraphs: [...paragraphs, ...inWords],
    button: url === null ? null : { label: action.label, url },
    footer: footerOf(row, names, canStop),
    stop: canStop ? links.stopUrl({ accountId, email: reader, kind }) : null,
  };
}

function footerOf({ kind }: MailRow, { whose, supportEmail }: Names, canStop: boolean): readonly string[] {
  const support = supportEmail === null ? 'ask whoever runs your phone system' : `write to ${supportEmail}`;
  const why = `You get this because you manage phone credit for ${whose}.`;
  if (kind === 'rent_changes')
    return [`${why} What is paid for is always told when it changes. For questions, ${support}.`];
  if (!canStop) return [`${why} For questions, or to get no more of it, ${support}.`];
  const about = isMailKind(kind) ? KIND_NAMES[kind] : 'this';
  const kept = isKeptKind(kind) ? ' While nobody else gets them, they come to you all the same.' : '';
  return [`${why} For questions, ${support}.`, `To get no more mails about ${about}, use this link.${kept}`];
}

function textOf({ paragraphs, button, footer, stop }: Body): string {
  const lines = [
    ...paragraphs,
    ...(button ? [`${button.label}: ${button.url}`] : []),
    ...footer,
    ...(stop ? [stop] : []),
  ];
  return `${lines.join('\n\n')}\n`;
}

/** No picture, no style sheet, nothing that a mail program would have to fetch; the links are the two that are meant to be followed. */
function htmlOf(subject: string, { paragraphs, button, footer, stop }: Body): string {
  const body = [
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...(button ? [`<p><a href="${escaped(button.url)}"><strong>${escaped(button.label)}</strong></a></p>`] : []),
    ...footer.map((line) => `<p><small>${escaped(line)}</small></p>`),
    ...(stop ? [`<p><small><a href="${escaped(stop)}">Stop these mails</a></small></p>`] : []),
  ].join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>\n<body>\n${body}\n</body></html>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
