import type { Store } from '../storage/store.ts';
import { lastCharactersOf } from './call-slots.ts';

/** Calls that are not over, in these slots: where the scheduler's queries begin. Columns carry the table's name, so that others join. */
export function callsOfSlots({ db }: Pick<Store, 'db'>, slots: readonly number[]) {
  const running = db.selectFrom('call').selectAll('call').where('call.dueAtMs', 'is not', null);
  const lastCharacters = lastCharactersOf(slots);
  if (lastCharacters === null) return running;
  return running.where((is) =>
    is(is.fn<string>('substr', ['call.callId', is.fn('length', ['call.callId']), is.lit(1)]), 'in', lastCharacters),
  );
}
