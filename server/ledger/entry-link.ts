/**
 * The hash chain of a wallet's book (issue 5, "Provable ledger"): each of its entries carries a link, the SHA-256 of the link before it
 * and of what the entry says. Who has an old link knows every entry up to it, and nobody can change, remove, add or exchange one of
 * those without all links after it becoming others.
 *
 *   wallet: account, wallet, currency --> first link --> entry 1 --> entry 2 --> ... --> entry n, whose link the wallet keeps
 *
 * What is hashed are netstrings (https://cr.yp.to/proto/netstrings.txt), `length:bytes,` in UTF-8 with numbers in decimal digits, so
 * that no two contents read the same. PostgreSQL makes byte-equal links (storage/postgres/entry-link-functions.ts), and anybody can with
 * ten lines of any language. Released links stay as they are: who must change the content gives it a new tag.
 */
import { hash } from 'node:crypto';

/** What an entry is, on its wallet's side. */
export interface LinkedEntry {
  readonly accountId: string;
  readonly walletId: string;
  /** 1, 2, 3 ... in the order in which the entries changed the wallet. */
  readonly sequence: number;
  readonly operationId: string;
  readonly atMs: number;
  readonly entryKind: string;
  readonly reference: string;
  /** The ledger account on the other side. */
  readonly otherAccount: string;
  /** Positive into the wallet. */
  readonly amountMicros: number;
  /** Of the wallet, right after this entry. */
  readonly balanceMicros: number;
}

export interface LinkedWallet {
  readonly accountId: string;
  readonly walletId: string;
  readonly currency: string;
}

/** First field of what is hashed: a wallet's first link can never be an entry's. */
export const WALLET_TAG = 'credit-phone wallet 1';
export const ENTRY_TAG = 'credit-phone entry 1';

/** What the first entry of a wallet is linked to: 64 hexadecimal digits, as every link. */
export function walletLink({ accountId, walletId, currency }: LinkedWallet): string {
  return hash('sha256', netstrings([WALLET_TAG, accountId, walletId, currency]));
}

export function entryLink(previousLink: string, entry: LinkedEntry): string {
  const { accountId, walletId, sequence, operationId, atMs, entryKind, reference, otherAccount } = entry;
  const texts = [ENTRY_TAG, previousLink, accountId, walletId, `${sequence}`, operationId, `${atMs}`];
  const rest = [entryKind, reference, otherAccount, `${entry.amountMicros}`, `${entry.balanceMicros}`];
  return hash('sha256', netstrings([...texts, ...rest]));
}

/** "5:hello,0:," */
function netstrings(fields: readonly string[]): string {
  let text = '';
  for (const field of fields) {
    const stored = NOT_EVERYWHERE.test(field) ? field.replaceAll('\0', '\uFFFD').toWellFormed() : field;
    text += `${Buffer.byteLength(stored)}:${stored},`;
  }
  return text;
}

/** What PostgreSQL cannot store becomes U+FFFD there (postgresText), and an entry has the same link in every store. */
const NOT_EVERYWHERE = /[\0\uD800-\uDFFF]/;
