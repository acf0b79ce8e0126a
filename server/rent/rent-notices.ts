/** Tells widgets that something about an office's own numbers has changed: whoever shows them asks again. */
import type { NumberOwnerRow } from '../storage/rows.ts';
import type { RentRoom } from './rent-room.ts';

export function tellChange(
  room: RentRoom,
  { accountId, officeId }: Pick<NumberOwnerRow, 'accountId' | 'officeId'>,
): void {
  // Whose numbers are called and shown is kept for a moment by every server.
  room.offices.changed({ accountId });
  room.publisher.publish({ accountId, officeId, personId: null }, { type: 'own_numbers', officeId });
}
