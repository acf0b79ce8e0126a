/**
 * What happens in several offices of an account at once, each with a mail of its own, is one mail for each reader: with all the offices
 * that they hear of. Mails of one subject wait for each other a little, and are gathered when they are sent: the row of each office is
 * written with what happened there, whoever dies in between.
 */
import { createHash } from 'node:crypto';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import type { MailRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';
import { readersOf } from './mail-choices.ts';
import { type MailFacts, mailFactsSchema, type NewMailFacts } from './mail-facts.ts';

const GATHERED_KIND = 'rent_changes';
/** Since the last office was written; one follows the other within moments. */
const GATHERED_MS = 10 * MILLISECONDS_PER_SECOND;
/** Offices in one mail; the next ones are another mail. */
const MAX_GATHERED = 200;
/** Numbers in one mail, of all offices; more are counted. */
const MAX_LISTED = 50;

/** How long a mail of this kind waits for those of other offices. */
export function gatheringMs(kind: string): number {
  return kind === GATHERED_KIND ? GATHERED_MS : 0;
}

export interface MailToReaders {
  readonly row: MailRow;
  readonly emails: readonly string[];
}

/** This mail, and those of other offices that wait to be sent along with it. */
export async function gatheredWith(
  store: Pick<Store, 'db'>,
  mail: MailToReaders,
): Promise<readonly [MailToReaders, ...MailToReaders[]]> {
  const { row } = mail;
  // What could not be sent once goes on by itself.
  if (row.kind !== GATHERED_KIND || row.reader !== null || row.attempts > 0 || mail.emails.length === 0) return [mail];
  const others: MailToReaders[] = [];
  for (const other of await waitingWith(store, row)) {
    const { emails } = await readersOf(store, other);
    if (emails.length > 0) others.push({ row: other, emails });
  }
  return [mail, ...others];
}

/** A mail's id ends with its office: "rent_changes:spring-2027:berlin". */
async function waitingWith({ db }: Pick<Store, 'db'>, { accountId, mailId, officeId, kind }: MailRow) {
  const subject = mailId.slice(0, -officeId.length);
  const found = await db
    .selectFrom('mail')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('mailId', '>', subject)
    .where('mailId', '<', `${subject}\u{10ffff}`)
    .where('mailId', '!=', mailId)
    .where('kind', '=', kind)
    .where('state', '=', 'waiting')
    .where('attempts', '=', 0)
    .where('reader', 'is', null)
    .orderBy('mailId')
    .limit(MAX_GATHERED - 1)
    .execute();
  return found.filter((row) => row.mailId === subject + row.officeId);
}

/** One mail for each reader of any of them: each has a link of their own, and sees nobody else's address. */
export async function partsFor(
  store: Pick<Store, 'db'>,
  { mails, atMs }: { readonly mails: readonly MailToReaders[]; readonly atMs: number },
): Promise<readonly MailRow[]> {
  const names = mails.length > 1 ? await officeNames(store, mails) : new Map<string, string>();
  const byReader = Map.groupBy(
    mails.flatMap(({ row, emails }) => emails.map((reader) => ({ row, reader }))),
    ({ reader }) => reader.toLowerCase(),
  );
  return [...byReader.values()].flatMap((ofReader) => {
    const [first] = ofReader;
    if (first === undefined) return [];
    const { row, reader } = first;
    const rows = ofReader.map((one) => one.row);
    const facts = rows.length === 1 ? row.facts : JSON.stringify(factsOf(rows, names));
    return [{ ...row, facts, mailId: partId(row, reader), reader, dueAtMs: atMs, version: 1 }];
  });
}

const PART_LENGTH = 16;

/** Without the address itself: ids are logged. */
function partId({ mailId }: MailRow, reader: string): string {
  return `${mailId}>${createHash('sha256').update(reader.toLowerCase()).digest('hex').slice(0, PART_LENGTH)}`;
}

async function officeNames(
  { db }: Pick<Store, 'db'>,
  mails: readonly MailToReaders[],
): Promise<ReadonlyMap<string, string>> {
  const [first] = mails;
  const officeIds = mails.map(({ row }) => row.officeId);
  const offices = await db
    .selectFrom('office')
    .select(['officeId', 'name'])
    .where('accountId', '=', first?.row.accountId ?? '')
    .where('officeId', 'in', officeIds)
    .execute();
  return new Map(offices.map(({ officeId, name }) => [officeId, name]));
}

function factsOf(rows: readonly MailRow[], names: ReadonlyMap<string, string>): NewMailFacts {
  const offices = rows.map((row) => ({ row, facts: rentChangesOf(row) }));
  const [first] = offices;
  if (first === undefined) throw new Error('A mail about no office');
  const { fromOn, currency } = first.facts;
  let left = MAX_LISTED;
  return {
    kind: 'rent_changes_of_offices',
    fromOn,
    currency,
    isCorrection: offices.some(({ facts }) => facts.isCorrection),
    offices: offices.map(({ row, facts: { numbers, numberCount, oldMicros, newMicros } }) => {
      const listed = numbers.slice(0, left);
      left -= listed.length;
      const name = names.get(row.officeId) ?? row.officeId;
      return { name, numbers: listed, numberCount, oldMicros, newMicros };
    }),
  };
}

function rentChangesOf({ facts: json }: MailRow): Extract<MailFacts, { readonly kind: 'rent_changes' }> {
  const facts = mailFactsSchema.parse(JSON.parse(json));
  if (facts.kind !== 'rent_changes') throw new Error(`Mails of the kind ${facts.kind} are not gathered`);
  return facts;
}
