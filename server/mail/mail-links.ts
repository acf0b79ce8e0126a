/**
 * The links in a mail: to the host's billing page, and the one that stops mails of a kind. The latter needs no login, so it is signed: it
 * says who no longer wants what, and nobody can make it for somebody else.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';

export interface MailLinks {
  /** Where the host's admins manage credit (ADMIN_URL); null: mails say in words where. */
  readonly adminUrl: string | null;
  /** Stops mails of this kind to this reader. */
  stopUrl(wish: StopWish): string;
}

export interface StopWish {
  readonly accountId: string;
  readonly email: string;
  readonly kind: string;
}

export const STOP_MAIL_PATH = '/v1/stop-mail';
export const STOP_PARAMETER = 'what';

export interface MailLinkOptions {
  readonly adminUrl: string | null;
  /** Where browsers find this server, without a slash at the end. */
  readonly publicUrl: string;
  readonly key: StopKey;
}

/** The same on every server: made of the secret that grants are signed with. */
export type StopKey = Buffer & { readonly __brand: 'StopKey' };

const KEY_BYTES = 32;

export function stopKeyOf(grantSecret: string): StopKey {
  // Branded here alone, so that no other key can be taken for it.
  return Buffer.from(hkdfSync('sha256', grantSecret, '', 'credit-phone stop-mail links', KEY_BYTES)) as StopKey;
}

export function createMailLinks({ adminUrl, publicUrl, key }: MailLinkOptions): MailLinks {
  return {
    adminUrl,
    stopUrl: (wish) => `${publicUrl}${STOP_MAIL_PATH}?${STOP_PARAMETER}=${signedWish(wish, key)}`,
  };
}

export function signedWish({ accountId, email, kind }: StopWish, key: StopKey): string {
  const text = Buffer.from(JSON.stringify([accountId, email.toLowerCase(), kind])).toString('base64url');
  return `${text}.${signature(text, key)}`;
}

const MAX_LENGTH = 2_000;
const wishSchema = z.tuple([z.string(), z.string(), z.string()]);

/** Null: it was not made here, or was changed. */
export function readWish(signed: string, key: StopKey): StopWish | null {
  const [text = '', given = '', ...more] = signed.split('.');
  if (signed.length > MAX_LENGTH || more.length > 0) return null;
  const expected = Buffer.from(signature(text, key));
  const shown = Buffer.from(given);
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) return null;
  // Signed by ourselves, so it is what signedWish made.
  const [accountId, email, kind] = wishSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  return { accountId, email, kind };
}

function signature(text: string, key: StopKey): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
