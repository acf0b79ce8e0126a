/**
 * Calls in sixteen parts of about the same size, so that the servers on one store can share the looking after them. By the last
 * character of the call id, which every store can compare: ids end in a hexadecimal digit, made at random by the widget (UUID) or from
 * a hash (admit-inbound.ts). Who makes other ids puts them all into one part and gains nothing.
 */
export const CALL_SLOTS = 16;

/** All that a call id can end in (callIdSchema), so that each call is in one part. */
const CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-';

/** What ids of the calls in these slots end in. Null when all slots are meant. */
export function lastCharactersOf(slots: readonly number[]): readonly string[] | null {
  if (slots.length === CALL_SLOTS) return null;
  return [...CHARACTERS].filter((_, index) => slots.includes(index % CALL_SLOTS));
}
