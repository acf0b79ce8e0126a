/**
 * The outbox: a mail is a row, written together with what it tells of. Its id is made of kind and subject, so the same thing is never
 * told by two mails, whichever servers learn of it.
 */
import type { MailRow, RowWrite } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { gatheringMs } from './gather-mails.ts';
import type { NewMailFacts } from './mail-facts.ts';

export interface NewMail {
  readonly accountId: string;
  readonly officeId: string;
  /** The thing that it tells of, unique within its kind. */
  readonly subject: string;
  readonly facts: NewMailFacts;
  readonly atMs: number;
}

/** For writeRows or alongside an operation. A conflict means that it was told already. */
export function mailWrite(mail: NewMail): RowWrite {
  return { table: 'mail', mode: 'insert', row: mailRow(mail) };
}

export function mailRow(mail: NewMail): MailRow {
  return {
    accountId: mail.accountId,
    mailId: mailIdOf(mail),
    officeId: mail.officeId,
    kind: mail.facts.kind,
    facts: JSON.stringify(mail.facts),
    state: 'waiting',
    attempts: 0,
    createdAtMs: mail.atMs,
    dueAtMs: mail.atMs + gatheringMs(mail.facts.kind),
    sentAtMs: null,
    problem: null,
    version: 1,
    reader: null,
  };
}

/** Empty when it was told already: for writes that must not fail because of it. Somebody who is quicker is a conflict all the same. */
export async function mailWriteOnce(store: Pick<Store, 'db'>, mail: NewMail): Promise<readonly RowWrite[]> {
  const known = await store.db
    .selectFrom('mail')
    .select('mailId')
    .where('accountId', '=', mail.accountId)
    .where('mailId', '=', mailIdOf(mail))
    .executeTakeFirst();
  return known ? [] : [mailWrite(mail)];
}

function mailIdOf({ facts, subject }: NewMail): string {
  return `${facts.kind}:${subject}`;
}
