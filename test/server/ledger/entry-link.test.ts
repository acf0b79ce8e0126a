import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryLink, type LinkedEntry, walletLink } from '../../../server/ledger/entry-link.ts';
import { postgresText } from '../../../server/storage/postgres/row-write-functions.ts';
import { createPostgresHome, type PostgresHome } from '../../support/postgres-home.ts';

const WALLET = { accountId: 'acme', walletId: 'berlin', currency: 'USD' };
const ENTRY: LinkedEntry = {
  accountId: 'acme',
  walletId: 'berlin',
  sequence: 1,
  operationId: 'fund',
  atMs: 1_750_000_000_000,
  entryKind: 'play_credit',
  reference: 'Grüße',
  otherAccount: 'play_credit',
  amountMicros: 5_000_000,
  balanceMicros: 5_000_000,
};

let home: PostgresHome;
beforeAll(async () => {
  home = await createPostgresHome();
});
afterAll(() => home.remove());

describe('the link of an entry', () => {
  test('is the SHA-256 of netstrings, as anybody can make it', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const first = sha256('21:credit-phone wallet 1,4:acme,6:berlin,3:USD,');
    expect(walletLink(WALLET)).toBe(first);
    const content =
      '4:acme,6:berlin,1:1,4:fund,13:1750000000000,11:play_credit,7:Grüße,11:play_credit,7:5000000,7:5000000,';
    expect(entryLink(first, ENTRY)).toBe(sha256(`20:credit-phone entry 1,64:${first},${content}`));
  });

  test('never changes: links that were printed once are still the links of the same entries', () => {
    expect(walletLink(WALLET)).toMatchInlineSnapshot(
      `"67d48a2d8358208c6cecad8fbd8629f4b4c33fb97d731b197d6e2dba32416c03"`,
    );
    expect(entryLink(walletLink(WALLET), ENTRY)).toMatchInlineSnapshot(
      `"428173f764d61f648472e9ff5b479cc640f631bb850c66c953d42a6a226e8950"`,
    );
  });

  test.each(Object.keys(ENTRY) as (keyof LinkedEntry)[])('is another one when the %s is', (field) => {
    const value = ENTRY[field];
    const changed = { ...ENTRY, [field]: typeof value === 'number' ? value + 1 : `${value}!` };
    expect(entryLink('before', changed)).not.toBe(entryLink('before', ENTRY));
    expect(entryLink('other', ENTRY)).not.toBe(entryLink('before', ENTRY));
  });

  test('is another one when the same letters are shared out among the fields in another way', () => {
    const shared = [
      { operationId: 'a', entryKind: 'bc' },
      { operationId: 'ab', entryKind: 'c' },
      { operationId: 'a,1:b', entryKind: 'c' },
    ].map((texts) => entryLink('before', { ...ENTRY, ...texts }));
    expect(new Set(shared).size).toBe(shared.length);
  });

  test('is the same in PostgreSQL, whatever is written in its texts', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const amount = fc.maxSafeInteger();
    const entries = fc.sample(
      fc.record({
        ...{ accountId: text, walletId: text, operationId: text, entryKind: text, reference: text, otherAccount: text },
        ...{ sequence: amount, atMs: amount, amountMicros: amount, balanceMicros: amount },
      }),
      { numRuns: 200, seed: 7 },
    );
    const hostile = ['\0', '\uD800', 'a\uDFFFb', '😀', "'; --", '5:,', '\u0001\n'].map((reference) => ({
      ...ENTRY,
      reference,
    }));
    for (const entry of [ENTRY, ...hostile, ...entries]) {
      const [row] = await home.query<{ first: string; link: string }>(
        `SELECT wallet_link($1, $2, $3) AS first, entry_link(repeat('0', 64), $1, $2, $4, $5, $6, $7, $3, $8, $9, $10) AS link`,
        [...argumentsOf(entry)],
      );
      const { accountId, walletId, reference } = entry;
      expect(row).toEqual({
        first: walletLink({ accountId, walletId, currency: reference }),
        link: entryLink('0'.repeat(64), entry),
      });
    }
  });
});

/** As the store sends them. */
function argumentsOf(entry: LinkedEntry): readonly (string | number)[] {
  const { accountId, walletId, reference, sequence, operationId, atMs, entryKind, otherAccount } = entry;
  return [accountId, walletId, reference, sequence, operationId, atMs, entryKind, otherAccount]
    .concat([entry.amountMicros, entry.balanceMicros])
    .map((value) => (typeof value === 'string' ? postgresText(value) : value));
}
