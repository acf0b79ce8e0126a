/** Which mails a person gets: the switches in the panel. The link in each mail turns the same ones. */
import { ALERT_MAIL_KINDS, type AlertMailKind, type AlertSettings } from '../../src/protocol/alert.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { chooseMail, isKeptKind, kindsSwitchedOff } from '../mail/mail-choices.ts';
import { contactOf } from '../mail/recipients.ts';
import type { Identity } from '../services.ts';
import type { AlertRoom } from './alert-room.ts';

type SettingsRoom = Pick<AlertRoom, 'store' | 'clock'>;

export async function showMailSettings(room: SettingsRoom, identity: Identity): Promise<OfficeOutcome<AlertSettings>> {
  const email = await emailOf(room, identity);
  const { accountId } = identity;
  const off = email === null ? new Set() : await kindsSwitchedOff(room.store, { accountId, email });
  const mails = ALERT_MAIL_KINDS.map((kind) => ({ kind, isOn: !off.has(kind), isKept: isKeptKind(kind) }));
  return { ok: true, value: { email, mails } };
}

/** Without an address there is nothing to switch; the answer says so. */
export async function setMailSetting(
  room: SettingsRoom,
  { identity, kind, isOn }: { readonly identity: Identity; readonly kind: AlertMailKind; readonly isOn: boolean },
): Promise<OfficeOutcome<AlertSettings>> {
  const email = await emailOf(room, identity);
  const { accountId } = identity;
  if (email !== null) await chooseMail(room.store, { accountId, email, kind, isOff: !isOn, atMs: room.clock.nowMs() });
  return await showMailSettings(room, identity);
}

/** The token's, or the one that an earlier token told. */
async function emailOf(room: SettingsRoom, identity: Identity): Promise<string | null> {
  if (identity.email !== undefined) return identity.email;
  const contact = contactOf(identity, '');
  if (contact === null) return null;
  const row = await room.store.db
    .selectFrom('billing_contact')
    .select('email')
    .where('accountId', '=', contact.accountId)
    .where('contactId', '=', contact.contactId)
    .executeTakeFirst();
  return row?.email ?? null;
}
