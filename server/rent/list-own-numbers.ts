/** The own numbers of whoever asks: what they may show, their office's, or the account's; and to whom they can be assigned. */
import { mayManageCredit } from '../../src/protocol/account.ts';
import { micros } from '../../src/protocol/money.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import type { OwnNumber, OwnNumberPage } from '../../src/protocol/owned-number.ts';
import { refusal } from '../../src/protocol/problem.ts';
import { readWallet } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import { priceOf } from './decide-rent.ts';
import { ownNumberOf } from './own-number-view.ts';
import { rentAhead } from './rent-ahead.ts';
import type { RentRoom } from './rent-room.ts';
import { type RentedNumber, rentedOf } from './rented-number.ts';

const PAGE_NUMBERS = 50;
/** Those who can be chosen; a larger account assigns by its own backend. */
const MAX_CHOICES = 500;
/** How long a number that was given back is still listed. */
const SHOWN_AFTER_RETURN_MS = 30 * 24 * 3_600_000;

export async function listOwnNumbers(
  room: RentRoom,
  { identity, cursor }: { readonly identity: Identity; readonly cursor: string | null },
): Promise<OfficeOutcome<OwnNumberPage>> {
  const found = await room.offices.find(identity);
  if (!found) return { ok: false, refusal: refusal('office_forbidden') };
  const isAdmin = mayManageCredit(identity.role);
  const rows = await pageOf(room, { identity, cursor });
  const page = rows.slice(0, PAGE_NUMBERS);
  const { account, office } = found;
  const { timeZone, currency } = account;
  return {
    ok: true,
    value: {
      numbers: await shownNumbers(room, page),
      nextCursor: rows.length > PAGE_NUMBERS ? (page.at(-1)?.number ?? null) : null,
      rent: isAdmin ? await rentAhead(room.store, { ...office, currency, timeZone, nowMs: room.clock.nowMs() }) : null,
      ...(isAdmin ? await choicesOf(room, identity) : { offices: [], people: [] }),
    },
  };
}

/** One number as its admin sees it now. */
export async function showOwnNumber(
  room: RentRoom,
  address: { readonly accountId: string; readonly number: string },
): Promise<OwnNumber> {
  const found = await listed(room, address.accountId)
    .where('number_owner.number', '=', address.number)
    .executeTakeFirstOrThrow();
  const [shown] = await shownNumbers(room, [found]);
  if (!shown) throw new Error('A number that was read is not shown');
  return shown;
}

function listed(room: RentRoom, accountId: string) {
  return room.store.db
    .selectFrom('number_owner')
    .innerJoin('office', (join) =>
      join
        .onRef('office.accountId', '=', 'number_owner.accountId')
        .onRef('office.officeId', '=', 'number_owner.officeId'),
    )
    .innerJoin('account', 'account.accountId', 'number_owner.accountId')
    .leftJoin('number', (join) =>
      join.onRef('number.accountId', '=', 'number_owner.accountId').onRef('number.number', '=', 'number_owner.number'),
    )
    .leftJoin('person', (join) =>
      join
        .onRef('person.accountId', '=', 'number_owner.accountId')
        .onRef('person.personId', '=', 'number_owner.personId'),
    )
    .selectAll('number_owner')
    .select([
      'office.walletId',
      'office.name as officeName',
      'account.timeZone',
      'account.profile',
      'number.country',
      'number.type',
      'number.region',
      'person.name as personName',
    ])
    .where('number_owner.accountId', '=', accountId);
}

type Listed = Awaited<ReturnType<ReturnType<typeof listed>['executeTakeFirstOrThrow']>>;

async function pageOf(
  room: RentRoom,
  { identity, cursor }: { readonly identity: Identity; readonly cursor: string | null },
): Promise<readonly Listed[]> {
  const { accountId, officeId, personId, role } = identity;
  const goneBeforeMs = room.clock.nowMs() - SHOWN_AFTER_RETURN_MS;
  let query = listed(room, accountId).where((is) =>
    is.or([is('number_owner.state', '!=', 'returned'), is('number_owner.releasedAtMs', '>', goneBeforeMs)]),
  );
  if (role !== 'company') query = query.where('number_owner.officeId', '=', officeId);
  if (!mayManageCredit(role)) {
    query = query
      .where('number_owner.state', 'in', ['active', 'late'])
      .where((is) => is.or([is('number_owner.personId', 'is', null), is('number_owner.personId', '=', personId)]));
  }
  if (cursor !== null) query = query.where('number_owner.number', '>', cursor);
  return await query
    .orderBy('number_owner.number')
    .limit(PAGE_NUMBERS + 1)
    .execute();
}

async function shownNumbers(room: RentRoom, rows: readonly Listed[]): Promise<OwnNumber[]> {
  const numbers = rows.map(({ officeName, country, type, region, personName, ...found }) => ({
    rented: rentedOf(room, { found, nowMs: room.clock.nowMs() }),
    facts: { officeName, country: country ?? '', type: type ?? '', region: region ?? '', personName },
  }));
  const covered = await coveredNumbers(
    room,
    numbers.map(({ rented }) => rented),
  );
  return numbers.map(({ rented, facts }) =>
    ownNumberOf(rented, { ...facts, isCovered: covered.has(rented.row.number) }),
  );
}

/** Those whose next rent the credit covers as it is now, the nearest rent day first: what pays one does not pay another. */
async function coveredNumbers(room: RentRoom, numbers: readonly RentedNumber[]): Promise<ReadonlySet<string>> {
  const covered = new Set<string>();
  const left = new Map<string, number>();
  for (const { row, walletId } of numbers.toSorted(byRentDay)) {
    const { accountId } = row;
    const availableMicros =
      left.get(walletId) ?? (await readWallet(room.store, { accountId, walletId })).availableMicros;
    const neededMicros = row.heldMicros > 0 || row.state === 'held' ? 0 : priceOf(row);
    if (micros(neededMicros) <= availableMicros) covered.add(row.number);
    left.set(walletId, Math.max(0, availableMicros - neededMicros));
  }
  return covered;
}

function byRentDay({ row: one }: RentedNumber, { row: other }: RentedNumber): number {
  if (one.rentDay === other.rentDay) return one.number < other.number ? -1 : 1;
  return one.rentDay < other.rentDay ? -1 : 1;
}

async function choicesOf(room: RentRoom, identity: Identity): Promise<Pick<OwnNumberPage, 'offices' | 'people'>> {
  const { accountId, officeId, role } = identity;
  let offices = room.store.db.selectFrom('office').select(['officeId', 'name']).where('accountId', '=', accountId);
  let people = room.store.db
    .selectFrom('person')
    .select(['personId', 'name', 'officeId'])
    .where('accountId', '=', accountId);
  if (role !== 'company') {
    offices = offices.where('officeId', '=', officeId);
    people = people.where('officeId', '=', officeId);
  }
  return {
    offices: await offices.orderBy('name').limit(MAX_CHOICES).execute(),
    people: await people.orderBy('name').limit(MAX_CHOICES).execute(),
  };
}
