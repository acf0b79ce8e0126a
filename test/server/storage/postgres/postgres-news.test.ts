import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PostgresNews, packPayloads } from '../../../../server/storage/postgres/postgres-news.ts';
import type { Store } from '../../../../server/storage/store.ts';
import { MAX_NEWS_BYTES } from '../../../../server/storage/store-news.ts';
import { createPostgresHome, type PostgresHome } from '../../../support/postgres-home.ts';

interface Heard {
  readonly words: string[];
  missed: number;
}

let home: PostgresHome;
let one: Store;
let other: Store;
beforeEach(async () => {
  home = await createPostgresHome();
  [one, other] = [await home.open(), await home.open()];
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
  await home.remove();
});

function listenTo(store: Pick<Store, 'news'>): Heard {
  const heard: Heard = { words: [], missed: 0 };
  store.news.listen({
    hear: (word) => heard.words.push(word),
    missed: () => {
      heard.missed += 1;
    },
  });
  return heard;
}

describe('words between servers', () => {
  test('reach the others, in order, and not the one who said them', async () => {
    const [own, theirs] = [listenTo(one), listenTo(other)];
    for (const word of ['first', 'é 𝄞', 'third']) one.news.tell(word);
    await expect.poll(() => theirs.words).toEqual(['first', 'é 𝄞', 'third']);
    other.news.tell('answer');
    await expect.poll(() => own.words).toEqual(['answer']);
    expect([own.missed, theirs.missed]).toEqual([0, 0]);
  });

  test('a thousand words told at once take few notifications, each within what PostgreSQL carries', async () => {
    const raw = new pg.Client({ connectionString: home.url });
    await raw.connect();
    const sizes: number[] = [];
    raw.on('notification', ({ payload = '' }) => sizes.push(Buffer.byteLength(payload)));
    await raw.query('LISTEN credit_phone');
    const theirs = listenTo(other);
    const words = Array.from({ length: 1_000 }, (_, index) => `wallet/acme/office-${index}`);
    for (const word of words) one.news.tell(word);
    await expect.poll(() => theirs.words.length, { timeout: 10_000 }).toBe(1_000);
    expect(theirs.words).toEqual(words);
    await expect.poll(() => sizes.length).toBeGreaterThan(0);
    await raw.query('SELECT 1');
    expect(sizes.length).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(7_900);
    await raw.end();
  });

  test('the same word told twice before it leaves is told once', async () => {
    const theirs = listenTo(other);
    one.news.tell('deck');
    one.news.tell('deck');
    one.news.tell('end');
    await expect.poll(() => theirs.words).toEqual(['deck', 'end']);
  });

  test('the longest word arrives; one that cannot be carried makes everybody look at everything', async () => {
    const theirs = listenTo(other);
    const longest = 'é'.repeat(MAX_NEWS_BYTES / 2);
    one.news.tell(longest);
    await expect.poll(() => theirs.words).toEqual([longest]);
    for (const [index, word] of ['x'.repeat(MAX_NEWS_BYTES + 1), 'with \0', 'with \u001e in it'].entries()) {
      one.news.tell(word);
      await expect.poll(() => theirs.missed).toBe(index + 1);
    }
    expect(theirs.words).toEqual([longest]);
  });

  test('who has ended listening hears nothing; who listens twice hears twice', async () => {
    const words: string[] = [];
    const listener = { hear: (word: string) => words.push(word), missed: () => undefined };
    const end = other.news.listen(listener);
    other.news.listen(listener);
    one.news.tell('a');
    await expect.poll(() => words).toEqual(['a', 'a']);
    end();
    one.news.tell('b');
    await expect.poll(() => words).toEqual(['a', 'a', 'b']);
  });

  test('what was told right before the end is still heard; after the end nothing happens', async () => {
    const theirs = listenTo(other);
    one.news.tell('goodbye');
    await one.close();
    one.news.tell('too late');
    await expect.poll(() => theirs.words).toEqual(['goodbye']);
  });

  test('words of something else on the channel do no harm', async () => {
    const theirs = listenTo(other);
    await home.query(`SELECT pg_notify('credit_phone', 'stranger')`);
    await expect.poll(() => theirs.missed).toBe(1);
    await home.query(`NOTIFY credit_phone`);
    one.news.tell('word');
    await expect.poll(() => theirs.words).toEqual(['word']);
  });
});

describe('a lost connection', () => {
  test('comes back by itself; both sides look at everything, and words flow again', async () => {
    const [own, theirs] = [listenTo(one), listenTo(other)];
    await home.cutConnections();
    await expect.poll(() => Math.min(own.missed, theirs.missed), { timeout: 15_000 }).toBeGreaterThan(0);
    one.news.tell('after');
    await expect.poll(() => theirs.words).toEqual(['after']);
  });

  test('what was told meanwhile is not lost: the others look at everything', async () => {
    const theirs = listenTo(other);
    const [news] = await home.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' ORDER BY backend_start`,
    );
    await home.query('SELECT pg_terminate_backend($1, 5000)', [news?.pid]);
    // The first of the two stores: `one`.
    one.news.tell('in the dark');
    await expect.poll(() => theirs.missed, { timeout: 15_000 }).toBeGreaterThan(0);
    one.news.tell('after');
    await expect.poll(() => theirs.words).toContain('after');
  });

  test('at the start is no loss: it is said to whoever starts', async () => {
    await expect(new PostgresNews({ url: 'postgres://ann@127.0.0.1:1/phone' }).start()).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

describe('payloads', () => {
  const WORDS = ['a', 'b'.repeat(5_000), 'c'.repeat(5_000), 'd'];

  test('carry every word once, in order, in as few as possible', () => {
    const payloads = packPayloads('me', WORDS);
    expect(payloads.map((payload) => payload.split('\u001e').map(([first]) => first))).toEqual([
      ['m', 'a', 'b'],
      ['m', 'c', 'd'],
    ]);
    expect(payloads.flatMap((payload) => payload.split('\u001e').slice(1))).toEqual(WORDS);
  });

  test('none for no words', () => {
    expect(packPayloads('me', [])).toEqual([]);
  });
});
