/**
 * Gives a number back to where it came from. Our own inventory needs nothing: the number is for sale again when its owner's row says so.
 */
import { CarrierError } from '../carriers/number-carrier.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import type { NumberRoom } from './number-room.ts';

type ReleaseRoom = Pick<NumberRoom, 'store' | 'carrier'>;

/**
 * The row as it is when the carrier no longer has the number as ours; repeating it does no harm. The carrier is told by its own id, which
 * is in the row before: a server that is late gives back what it has read of, not what was bought since. Null when somebody else has
 * written the row meanwhile. Throws CarrierError when the carrier cannot be asked or is switched off: try again later.
 */
export async function releaseNumber(room: ReleaseRoom, owned: NumberOwnerRow): Promise<NumberOwnerRow | null> {
  const { carrier } = room;
  const name = await carrierNameOf(room, owned);
  if (name === null) return owned;
  if (carrier?.name !== name) throw new CarrierError(`The carrier ${name} is switched off`);
  const numberRef = owned.numberRef ?? (await carrier.findNumber(owned.number));
  if (numberRef === null) return owned;
  const named = owned.numberRef === null ? await writeRef(room, { owned, numberRef }) : owned;
  if (named !== null) await carrier.release(numberRef);
  return named;
}

/** Null for our own inventory. */
async function carrierNameOf({ store }: ReleaseRoom, { accountId, number }: NumberOwnerRow): Promise<string | null> {
  const row = await store.db
    .selectFrom('number')
    .select('carrier')
    .where('accountId', '=', accountId)
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.carrier ?? null;
}

/** Numbers from before the carrier was asked for its id have none. */
async function writeRef(
  { store }: ReleaseRoom,
  { owned, numberRef }: { readonly owned: NumberOwnerRow; readonly numberRef: string },
): Promise<NumberOwnerRow | null> {
  const row = { ...owned, numberRef, version: owned.version + 1 };
  const { applied } = await store.writeRows([{ table: 'number_owner', mode: 'next_version', row }]);
  return applied ? row : null;
}
