/** People become known when their first token is seen; each gets the smallest free extension of its account, for good. */
import type { Identity, ServerClock } from '../services.ts';
import type { PersonRow } from '../storage/rows.ts';
import type { Store } from '../storage/store.ts';

export interface People {
  /** The person as the store knows it now; writes what the token says differently. */
  meet(identity: Identity): Promise<PersonRow>;
}

const FIRST_EXTENSION = 201;
/** Short numbers have six digits at most (phone-number.ts). */
const LAST_EXTENSION = 999_999;
/** "Seen last" is kept to the hour: it is worth no write at each page load. */
const SEEN_MS = 3_600_000;
/** Each time another server was quicker to give the same extension. */
const MAX_TRIES = 200;

export interface PeopleRoom {
  readonly store: Store;
  readonly clock: ServerClock;
  /** Short numbers of the network (600, 911) are nobody's extension. */
  readonly isServiceNumber: (number: string) => boolean;
}

export function createPeople(world: PeopleRoom): People {
  /** One at a time: newcomers of this server do not compete for the same extension. Between servers the store's unique index decides. */
  let queue: Promise<unknown> = Promise.resolve();
  return {
    meet: async (identity) => {
      const known = await readPerson(world.store, identity);
      if (known && !isNews(known, identity, world.clock.nowMs())) return known;
      const met = queue.then(() => write(world, identity));
      queue = met.catch(() => undefined);
      return await met;
    },
  };
}

function isNews(known: PersonRow, identity: Identity, nowMs: number): boolean {
  return (
    known.name !== identity.name ||
    known.role !== identity.role ||
    known.officeId !== identity.officeId ||
    known.licence !== identity.licence ||
    nowMs - known.seenAtMs > SEEN_MS
  );
}

async function write(world: PeopleRoom, identity: Identity): Promise<PersonRow> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const known = await readPerson(world.store, identity);
    const person: PersonRow = {
      accountId: identity.accountId,
      personId: identity.personId,
      officeId: identity.officeId,
      name: identity.name,
      role: identity.role,
      extension: known?.extension ?? (await freeExtension(world, identity.accountId)),
      licence: identity.licence,
      seenAtMs: world.clock.nowMs(),
    };
    const mode = known ? 'upsert' : 'insert';
    const { applied } = await world.store.writeRows([{ table: 'person', mode, row: person }]);
    if (applied) return person;
  }
  throw new Error(`No extension could be given to a person of account ${identity.accountId}`);
}

async function readPerson(store: Store, { accountId, personId }: Identity): Promise<PersonRow | null> {
  const person = await store.db
    .selectFrom('person')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('personId', '=', personId)
    .executeTakeFirst();
  return person ?? null;
}

async function freeExtension(world: PeopleRoom, accountId: string): Promise<string> {
  const people = await world.store.db
    .selectFrom('person')
    .select('extension')
    .where('accountId', '=', accountId)
    .execute();
  const taken = new Set(people.map(({ extension }) => extension));
  for (let extension = FIRST_EXTENSION; extension <= LAST_EXTENSION; extension += 1) {
    const number = String(extension);
    if (!taken.has(number) && !world.isServiceNumber(number)) return number;
  }
  throw new Error(`Account ${accountId} has no free extension`);
}

/** Names of those who can add credit for an office: its billing people, and the company's. */
export async function creditAdminsOf(
  store: Store,
  office: { readonly accountId: string; readonly officeId: string },
): Promise<string[]> {
  const admins = await store.db
    .selectFrom('person')
    .select(['name'])
    .where('accountId', '=', office.accountId)
    .where((is) =>
      is.or([is('role', '=', 'company'), is.and([is('role', '=', 'billing'), is('officeId', '=', office.officeId)])]),
    )
    .orderBy('name')
    .execute();
  return admins.map(({ name }) => name);
}
