/** Gives a number back to where it came from. Our own inventory needs nothing: the number is for sale again when its owner's row says so. */
import { CarrierError } from '../carriers/number-carrier.ts';
import type { NumberRoom } from './number-room.ts';

/**
 * Resolves when the carrier no longer has it as ours; repeating it does no harm. Throws CarrierError when the carrier cannot be asked or is
 * switched off: try again later.
 */
export async function releaseNumber(
  { store, carrier }: Pick<NumberRoom, 'store' | 'carrier'>,
  address: { readonly accountId: string; readonly number: string },
): Promise<void> {
  const row = await store.db
    .selectFrom('number')
    .select('carrier')
    .where('accountId', '=', address.accountId)
    .where('number', '=', address.number)
    .executeTakeFirst();
  if (row === undefined || row.carrier === null) return;
  if (carrier?.name !== row.carrier) throw new CarrierError(`The carrier ${row.carrier} is switched off`);
  await carrier.release(address.number);
}
