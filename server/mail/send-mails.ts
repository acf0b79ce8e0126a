/**
 * Sends what waits in the outbox. Whoever writes the next version of a row sends that mail, so of many servers one does.
 *
 *   waiting ──► sending ──┬──► sent
 *      ▲                  ├──► waiting   surely not delivered: again, ever more seldom, for a day
 *      └──────────────────┤
 *                         ├──► failed    refused for good, or a day is over: the operator is told
 *                         └──► unknown   handed over and never answered, or the server died while sending
 *
 * A mail to several readers is split into one for each first (with what their other offices were told: gather-mails.ts), and one that
 * nobody wants is unwanted. An unknown one is not sent again: a mail that may be missing does less harm than one about money that comes
 * twice. What it told of stands in the panel, and the operator is told.
 */
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { MailRow, RowWrite } from '../storage/rows.ts';
import { composeMail } from './compose-mail.ts';
import { gatheredWith, type MailToReaders, partsFor } from './gather-mails.ts';
import { readersOf } from './mail-choices.ts';
import type { MailRoom } from './mail-room.ts';
import type { MailTransport, Sent } from './mail-transport.ts';

export interface SendingRoom extends MailRoom {
  readonly transport: MailTransport;
}

const MINUTE_MS = 60 * MILLISECONDS_PER_SECOND;
const HOUR_MS = 60 * MINUTE_MS;
const FIRST_RETRY_MS = MINUTE_MS / 2;
const LONGEST_RETRY_MS = HOUR_MS;
export const GIVEN_UP_AFTER_MS = 24 * HOUR_MS;
/** Longer than any attempt: a mail that is still "sending" then belonged to a server that died. */
export const SENDING_MS = 15 * MINUTE_MS;
const MAX_MAILS = 50;

export async function sendMails(room: SendingRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('mail')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .orderBy('dueAtMs')
    .limit(MAX_MAILS)
    .execute();
  for (const row of due) await sendOne(room, row);
}

async function sendOne(room: SendingRoom, row: MailRow): Promise<void> {
  if (row.state === 'sending')
    return await finish(room, row, { state: 'unknown', problem: 'the server ended while sending' });
  const nowMs = room.clock.nowMs();
  if (nowMs - row.createdAtMs > GIVEN_UP_AFTER_MS) {
    return await finish(room, row, { state: 'failed', problem: row.problem ?? 'it is too old to be sent' });
  }
  const readers = row.reader === null ? await readersOf(room.store, row) : { emails: [row.reader], isUnwanted: false };
  if (readers.isUnwanted) return await finish(room, row, { state: 'unwanted', problem: null });
  const mails = await gatheredWith(room.store, { row, emails: readers.emails });
  const dueAtMs = Math.max(...mails.map((mail) => mail.row.dueAtMs ?? 0));
  if (dueAtMs > nowMs) return void (await write(room, { ...row, dueAtMs, version: row.version + 1 }));
  if (mails.length > 1 || readers.emails.length > 1) return await split(room, mails);
  const sending = {
    ...row,
    state: 'sending',
    attempts: row.attempts + 1,
    dueAtMs: nowMs + SENDING_MS,
    version: row.version + 1,
  };
  // Not written: another server does it.
  if (!(await write(room, sending))) return;
  await settle(room, sending, await attempt(room, { ...sending, reader: readers.emails[0] ?? null }));
}

/** One mail for each reader, who waits for nobody else's mail server. */
async function split(room: SendingRoom, mails: readonly MailToReaders[]): Promise<void> {
  const parts = await partsFor(room.store, { mails, atMs: room.clock.nowMs() });
  const writes: RowWrite[] = [
    ...mails.map(({ row: { version, ...row } }) => {
      const whole = { ...row, state: 'split', dueAtMs: null, version: version + 1 };
      return { table: 'mail', mode: 'next_version', row: whole } as const;
    }),
    ...parts.map((part) => ({ table: 'mail', mode: 'insert', row: part }) as const),
  ];
  if (!(await room.store.writeRows(writes)).applied) return;
  for (const part of parts) await sendOne(room, part);
}

/** Whatever goes wrong before the mail is handed over means that it was not sent. */
async function attempt(room: SendingRoom, row: MailRow): Promise<Sent> {
  try {
    const mail = await composeMail(room, row);
    if (mail === null) return { outcome: 'refused', problem: 'what it tells of is not there' };
    if (mail.to.length === 0) return { outcome: 'later', problem: 'nobody has an address for mail about money' };
    return await room.transport.send(mail);
  } catch (cause) {
    return { outcome: 'later', problem: String(cause) };
  }
}

async function settle(room: SendingRoom, row: MailRow, sent: Sent): Promise<void> {
  switch (sent.outcome) {
    case 'sent':
      if (sent.refused.length > 0) room.log('a mail was refused for some of its readers', factsOf(row, 'refused'));
      return await finish(room, row, { state: 'sent', problem: null });
    case 'later': {
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (row.attempts - 1), LONGEST_RETRY_MS);
      const dueAtMs = room.clock.nowMs() + waitMs;
      const { problem } = sent;
      await write(room, { ...row, state: 'waiting', dueAtMs, problem: shortened(problem), version: row.version + 1 });
      return;
    }
    case 'refused':
      return await finish(room, row, { state: 'failed', problem: sent.problem });
    case 'unknown':
      return await finish(room, row, { state: 'unknown', problem: sent.problem });
  }
}

async function finish(
  room: SendingRoom,
  row: MailRow,
  end: { readonly state: 'sent' | 'unwanted' | 'failed' | 'unknown'; readonly problem: string | null },
): Promise<void> {
  const { state } = end;
  const problem = end.problem === null ? null : shortened(end.problem);
  const sentAtMs = state === 'sent' ? room.clock.nowMs() : null;
  const isOurs = await write(room, { ...row, state, problem, sentAtMs, dueAtMs: null, version: row.version + 1 });
  if (!isOurs || state === 'sent' || state === 'unwanted') return;
  room.log(
    state === 'failed'
      ? 'a mail could not be sent and is given up; tell its readers another way'
      : 'a mail may or may not have been delivered; it is not sent again',
    factsOf(row, problem ?? ''),
  );
}

function factsOf(row: MailRow, problem: string) {
  return { accountId: row.accountId, mailId: row.mailId, attempts: row.attempts, problem };
}

async function write(room: SendingRoom, row: MailRow): Promise<boolean> {
  return (await room.store.writeRows([{ table: 'mail', mode: 'next_version', row }])).applied;
}

const MAX_PROBLEM_LENGTH = 200;

function shortened(problem: string): string {
  return problem.replace(/\s+/g, ' ').slice(0, MAX_PROBLEM_LENGTH);
}
