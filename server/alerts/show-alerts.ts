/** The alerts of an office, as its admins see them. */
import type { Alert, AlertList } from '../../src/protocol/alert.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';
import { type OfficeOutcome, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { Identity } from '../services.ts';
import type { AlertRow } from '../storage/rows.ts';
import type { AlertRoom } from './alert-room.ts';
import { alertOf, overWrites, readAlert } from './open-alert.ts';

const MAX_LISTED = 20;
/** What nobody put away for so long is no news any more. */
const LISTED_MS = 14 * 24 * 3_600 * MILLISECONDS_PER_SECOND;
const MAX_PUBLISHED = 200;
const MAX_ROUNDS = 10;
/** No person has this id: an event for it reaches those who manage credit, and nobody else. */
const ADMINS_ONLY = '';

export async function listAlerts(
  { store, clock }: Pick<AlertRoom, 'store' | 'clock'>,
  { accountId, officeId }: Pick<Identity, 'accountId' | 'officeId'>,
): Promise<OfficeOutcome<AlertList>> {
  const rows = await store.db
    .selectFrom('alert')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('officeId', '=', officeId)
    .where('atMs', '>', clock.nowMs() - LISTED_MS)
    .where('isOver', '=', false)
    .orderBy('atMs', 'desc')
    .orderBy('alertId', 'desc')
    .limit(MAX_LISTED)
    .execute();
  return { ok: true, value: { alerts: rows.map(alertOf) } };
}

export async function putAway(
  room: AlertRoom,
  { identity, alertId }: { readonly identity: Identity; readonly alertId: string },
): Promise<OfficeOutcome<Alert>> {
  const { accountId, officeId } = identity;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const row = await readAlert(room.store, { accountId, alertId });
    if (row?.officeId !== officeId) return { ok: false, refusal: officeRefusal('alert_unknown') };
    if (row.isOver) return { ok: true, value: alertOf(row) };
    const writes = await overWrites(room.store, { accountId, alertId, atMs: room.clock.nowMs() });
    if ((await room.store.writeRows(writes)).applied) await publishAlerts(room);
  }
  throw new Error(`The alert ${alertId} changed all the time`);
}

/** Periodic: tells the open widgets of what is new. Told twice does no harm, an alert has a version. */
export async function publishAlerts(room: AlertRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('alert')
    .selectAll()
    .where('shownDueAtMs', 'is not', null)
    .where('shownDueAtMs', '<=', room.clock.nowMs())
    .orderBy('shownDueAtMs')
    .limit(MAX_PUBLISHED)
    .execute();
  for (const row of due) await publish(room, row);
}

async function publish(room: AlertRoom, row: AlertRow): Promise<void> {
  const shown = { ...row, shownDueAtMs: null, version: row.version + 1 };
  // Somebody was quicker, or changed it: it is found again.
  if (!(await room.store.writeRows([{ table: 'alert', mode: 'next_version', row: shown }])).applied) return;
  const { accountId, officeId } = row;
  room.publisher.publish({ accountId, officeId, personId: ADMINS_ONLY }, { type: 'alert', alert: alertOf(shown) });
}
