/** A mail of the outbox as it is sent: to whom, with which words and files. The same row is always the same mail. */
import { createHash } from 'node:crypto';
import type { MailRow } from '../storage/rows.ts';
import { mailFactsSchema } from './mail-facts.ts';
import type { MailRoom } from './mail-room.ts';
import type { OutgoingMail } from './mail-transport.ts';
import { wordsOf } from './mail-words.ts';
import { recipientsOf } from './recipients.ts';

/** Null: it tells of a paper that is not there. */
export async function composeMail(room: MailRoom, row: MailRow): Promise<OutgoingMail | null> {
  const { accountId } = row;
  const facts = mailFactsSchema.parse(JSON.parse(row.facts));
  const paper = facts.kind === 'paper' ? await room.paper({ ...facts, accountId }) : null;
  if (facts.kind === 'paper' && paper === null) return null;
  const words = facts.kind === 'paper' ? paper : wordsOf(facts);
  if (words === null) return null;
  const paragraphs = [...words.paragraphs, await footer(room, row)];
  return {
    messageId: `${createHash('sha256')
      .update(JSON.stringify([accountId, row.mailId]))
      .digest('hex')
      .slice(0, 40)}@credit-phone`,
    to: await recipientsOf(room.store, row),
    subject: words.subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: htmlOf(words.subject, paragraphs),
    files: paper ? [paper.file] : [],
    date: new Date(row.createdAtMs),
  };
}

async function footer(room: MailRoom, { accountId, officeId }: MailRow): Promise<string> {
  const account = await room.store.db
    .selectFrom('account')
    .select(['name', 'supportEmail'])
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  const support = account?.supportEmail ? `write to ${account.supportEmail}` : 'ask whoever runs your phone system';
  const office = await room.store.db
    .selectFrom('office')
    .select('name')
    .where('accountId', '=', accountId)
    .where('officeId', '=', officeId)
    .executeTakeFirst();
  const whose = [account?.name ?? accountId, office?.name ?? officeId].join(', ');
  return `You get this because you manage phone credit for ${whose}. For questions, or to get no more of it, ${support}.`;
}

/** No style, no picture, no link: nothing that a mail program would have to fetch or could be fooled by. */
function htmlOf(subject: string, paragraphs: readonly string[]): string {
  const body = paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join('\n');
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
