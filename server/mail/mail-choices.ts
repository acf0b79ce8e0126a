/**
 * Who wants which mail. Everybody who manages an office's credit hears of everything until they switch a kind off, by the link in a mail or
 * in the panel.
 *
 * That calls are blocked or that a card was declined must reach somebody: those kinds can be switched off as long as anybody else still
 * wants them. When the last reader has, they go to all readers again. It is settled when a mail is sent, not when a switch is turned,
 * because the colleague on whom somebody relied may leave the company a year later.
 */
import { ALERT_MAIL_KINDS, type AlertMailKind } from '../../src/protocol/alert.ts';
import type { Store } from '../storage/store.ts';
import { type OfficeOfMail, recipientsOf } from './recipients.ts';

const KEPT_KINDS: readonly string[] = ['empty', 'recharge_failed', 'payment_declined'];

/** What a person has just asked for (a card check) cannot be switched off. */
export function isMailKind(kind: string): kind is AlertMailKind {
  return ALERT_MAIL_KINDS.some((one) => one === kind);
}

/** Somebody hears of it in any case. */
export function isKeptKind(kind: string): boolean {
  return KEPT_KINDS.includes(kind);
}

export interface Readers {
  readonly emails: readonly string[];
  /** There are people, and none of them wants it. */
  readonly isUnwanted: boolean;
}

export async function readersOf(
  store: Pick<Store, 'db'>,
  { kind, ...office }: OfficeOfMail & { readonly kind: string },
): Promise<Readers> {
  const everybody = await recipientsOf(store, office);
  const off = new Set(await switchedOff(store, { ...office, kind }));
  const willing = everybody.filter((email) => !off.has(email.toLowerCase()));
  const emails = willing.length === 0 && isKeptKind(kind) ? everybody : willing;
  return { emails, isUnwanted: everybody.length > 0 && emails.length === 0 };
}

async function switchedOff(
  store: Pick<Store, 'db'>,
  { accountId, kind }: { readonly accountId: string; readonly kind: string },
): Promise<readonly string[]> {
  const rows = await store.db
    .selectFrom('mail_choice')
    .select('email')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('isOff', '=', true)
    .execute();
  return rows.map(({ email }) => email);
}

/** The kinds that this reader has switched off. */
export async function kindsSwitchedOff(
  store: Pick<Store, 'db'>,
  { accountId, email }: { readonly accountId: string; readonly email: string },
): Promise<ReadonlySet<string>> {
  const rows = await store.db
    .selectFrom('mail_choice')
    .select('kind')
    .where('accountId', '=', accountId)
    .where('email', '=', email.toLowerCase())
    .where('isOff', '=', true)
    .execute();
  return new Set(rows.map(({ kind }) => kind));
}

export interface MailChoice {
  readonly accountId: string;
  readonly email: string;
  readonly kind: string;
  readonly isOff: boolean;
  readonly atMs: number;
}

/** Repeatable. False: there is no such switch. */
export async function chooseMail(store: Pick<Store, 'writeRows'>, choice: MailChoice): Promise<boolean> {
  const { accountId, kind, isOff, atMs } = choice;
  if (!isMailKind(kind)) return false;
  const row = { accountId, email: choice.email.toLowerCase(), kind, isOff, changedAtMs: atMs };
  await store.writeRows([{ table: 'mail_choice', mode: 'upsert', row }]);
  return true;
}
