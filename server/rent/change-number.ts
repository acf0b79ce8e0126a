/** What admins do with an own number: restore it, release it, assign it. Each reads the row, writes its next version, and tells. */

import { micros } from '../../src/protocol/money.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { officeRefusal } from '../../src/protocol/office-problem.ts';
import type { AssignNumber, OwnNumber, ReleaseNumber, RestoreNumber } from '../../src/protocol/owned-number.ts';
import { type Refusal, refusal } from '../../src/protocol/problem.ts';
import { creditRefusal } from '../accounts/credit-refusal.ts';
import { readWallet } from '../accounts/wallet.ts';
import type { Identity } from '../services.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { UnavailableError } from '../storage/store.ts';
import { type Collected, collectRent, payHeld, releaseSetAside } from './collect-rent.ts';
import { withNextLook } from './decide-rent.ts';
import { showOwnNumber } from './list-own-numbers.ts';
import { dueMicros } from './own-number-view.ts';
import { tellChange } from './rent-notices.ts';
import type { RentRoom } from './rent-room.ts';
import { lookAt } from './rent-step.ts';
import { type RentedNumber, readRented } from './rented-number.ts';

interface Asked {
  readonly identity: Identity;
  /** E.164. */
  readonly number: string;
}

/** Somebody else changed the row in between so often; then the store is asked no more. */
const MAX_TRIES = 40;

/** held: one month from today. late: everything that is overdue. Anything else is as it should be already. */
export async function restoreNumber(room: RentRoom, asked: Asked & RestoreNumber): Promise<OfficeOutcome<OwnNumber>> {
  return await change(room, asked, async (rented) => {
    const { state } = rented.row;
    if (state === 'returning' || state === 'returned') return refusal('number_unknown');
    if (state === 'active') return 'done';
    // An id that has brought it back before would be charged no second time.
    if (state === 'held' && rented.row.changeId === asked.changeId) return refusal('id_reused');
    const paid =
      state === 'held' ? await payHeld(room, { rented, changeId: asked.changeId }) : await collectRent(room, rented);
    if (paid.outcome === 'short') return await whyShort(room, rented);
    // A late number may owe several months: each is an operation of its own.
    return await isDone(paid, (row) => row.state === 'active' && row.rentDay > rented.today);
  });
}

async function whyShort(room: RentRoom, rented: RentedNumber): Promise<Refusal> {
  const { row, walletId } = rented;
  const wallet = await readWallet(room.store, { accountId: row.accountId, walletId });
  const need = { neededMicros: dueMicros(rented), floorMicros: micros(0), currency: row.currency, holdingCalls: 0 };
  // Credit that arrived in this very moment: asking again will do.
  return creditRefusal(wallet, need) ?? refusal('insufficient_credit', { neededMicros: need.neededMicros });
}

/** For good: nobody calls or is called by it from this moment on, and what was set aside is available again. */
export async function releaseNumber(room: RentRoom, asked: Asked & ReleaseNumber): Promise<OfficeOutcome<OwnNumber>> {
  if (asked.confirmedNumber !== asked.number) return { ok: false, refusal: refusal('request_invalid') };
  return await change(room, asked, async (rented) => {
    const { row } = rented;
    const isOver = row.state === 'returning' || row.state === 'returned';
    if (isOver) return row.changeId === asked.changeId ? 'done' : refusal('number_unknown');
    const released: NumberOwnerRow = {
      ...row,
      state: 'returning',
      stepDay: null,
      told: '',
      changeId: asked.changeId,
      dueAtMs: rented.nowMs,
      version: row.version + 1,
    };
    const written = await releaseSetAside(room, { rented, row: released });
    // Where it came from may be out of reach now: the periodic work goes on with it.
    if (written.outcome === 'done') await lookAt(room, { ...rented, row: written.row });
    return await isDone(written, () => true);
  });
}

/** Another office pays from then on, so what the first one has set aside is given back to it. */
export async function assignNumber(room: RentRoom, asked: Asked & AssignNumber): Promise<OfficeOutcome<OwnNumber>> {
  const { identity, officeId, personId } = asked;
  const { accountId } = identity;
  if (identity.role !== 'company' && officeId !== identity.officeId) return forbidden();
  if (!(await room.offices.find({ accountId, officeId }))) return forbidden();
  if (personId !== null && !(await isOfOffice(room, { accountId, officeId, personId }))) {
    return { ok: false, refusal: officeRefusal('assignee_unknown') };
  }
  return await change(room, asked, async (rented) => {
    const { row } = rented;
    if (row.state === 'returning' || row.state === 'returned') return refusal('number_unknown');
    if (row.officeId === officeId && row.personId === personId) return 'done';
    const assigned = { ...row, officeId, personId, version: row.version + 1 };
    const written =
      row.officeId === officeId
        ? await releaseNothing(room, assigned)
        : await releaseSetAside(room, {
            rented,
            row: withNextLook(rented, { ...assigned, heldMicros: 0, holdId: null }),
          });
    if (written.outcome === 'done' && row.officeId !== officeId) tellChange(room, row);
    return await isDone(written, () => true);
  });
}

async function releaseNothing(room: RentRoom, row: NumberOwnerRow): Promise<Collected> {
  const { applied } = await room.store.writeRows([{ table: 'number_owner', mode: 'next_version', row }]);
  return applied ? { outcome: 'done', row } : { outcome: 'stale' };
}

function forbidden(): OfficeOutcome<OwnNumber> {
  return { ok: false, refusal: refusal('office_forbidden') };
}

async function isOfOffice(
  room: RentRoom,
  person: { readonly accountId: string; readonly officeId: string; readonly personId: string },
): Promise<boolean> {
  const found = await room.store.db
    .selectFrom('person')
    .select('personId')
    .where('accountId', '=', person.accountId)
    .where('personId', '=', person.personId)
    .where('officeId', '=', person.officeId)
    .executeTakeFirst();
  return found !== undefined;
}

type Tried = 'done' | 'again' | Refusal;

async function isDone(collected: Collected, isEnough: (row: NumberOwnerRow) => boolean): Promise<Tried> {
  return collected.outcome === 'done' && isEnough(collected.row) ? 'done' : 'again';
}

/** Reads and tries until nobody else was quicker. Only numbers of one's own office, or of the account for the role company. */
async function change(
  room: RentRoom,
  asked: Asked,
  attempt: (rented: RentedNumber) => Promise<Tried>,
): Promise<OfficeOutcome<OwnNumber>> {
  const { identity, number } = asked;
  const address = { accountId: identity.accountId, number };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const rented = await readRented(room, address);
    const isTheirs = identity.role === 'company' || rented?.row.officeId === identity.officeId;
    if (!rented || !isTheirs) return { ok: false, refusal: refusal('number_unknown') };
    const tried = await attempt(rented);
    if (tried === 'again') continue;
    if (tried !== 'done') return { ok: false, refusal: tried };
    room.notices.walletChanged(rented.row);
    const shown = await showOwnNumber(room, address);
    tellChange(room, { accountId: identity.accountId, officeId: shown.office.officeId });
    return { ok: true, value: shown };
  }
  throw new UnavailableError(`${number} was changed by others ${MAX_TRIES} times in a row`);
}
