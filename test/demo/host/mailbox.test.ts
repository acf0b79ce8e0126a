/** The development mailbox of the demo: lists and previews what the outbox holds, whatever people wrote into it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mailboxPage } from '../../../demo/host/mailbox.ts';
import { ACCOUNT_ID } from '../../../demo/host/people.ts';
import type { MailFacts } from '../../../server/mail/mail-facts.ts';
import { createMailLinks, stopKeyOf } from '../../../server/mail/mail-links.ts';
import { mailWrite } from '../../../server/mail/outbox.ts';
import type { Store } from '../../../server/storage/store.ts';
import { ALERT_KINDS } from '../../../src/protocol/alert.ts';
import { createTestStore, type TestStoreHome } from '../../support/test-store.ts';

const LINKS = createMailLinks({ adminUrl: null, publicUrl: 'http://demo.test', key: stopKeyOf('a secret') });

let home: TestStoreHome;
let store: Store;

beforeEach(async () => {
  home = await createTestStore();
  store = await home.open();
}, 60_000);

afterEach(async () => {
  await store.close();
  await home.remove();
});

async function get(path: string, method = 'GET'): Promise<Response | null> {
  return await mailboxPage(new Request(`http://demo.test${path}`, { method }), { store, links: LINKS });
}

async function put(facts: MailFacts): Promise<void> {
  const mail = { accountId: ACCOUNT_ID, officeId: 'hamburg', subject: 'one', facts, atMs: 1_000 };
  await store.writeRows([mailWrite(mail)]);
}

const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"\'&';

describe('the mailbox', () => {
  test('previews the mail of every kind of alert, whole, with the link that stops it', async () => {
    const person = {
      accountId: ACCOUNT_ID,
      personId: 'dana',
      officeId: 'hamburg',
      name: 'Dana',
      role: 'billing',
      extension: '',
      licence: null,
      seenAtMs: 1,
    };
    const contact = {
      accountId: ACCOUNT_ID,
      contactId: 'person:dana',
      officeId: 'hamburg',
      email: 'dana@harbour.test',
    };
    await store.writeRows([
      { table: 'person', mode: 'insert', row: person },
      { table: 'billing_contact', mode: 'insert', row: contact },
    ]);
    const list = (await (await get('/demo/mailbox'))?.text()) ?? '';
    const previews = [...list.matchAll(/href="(\/demo\/mailbox\?preview=[a-z_]+)"/g)].map(
      ([, address = '']) => address,
    );
    expect(previews.map((address) => address.split('=')[1])).toEqual(ALERT_KINDS);
    const subjects = new Set<string>();
    for (const address of previews) {
      const text = (await (await get(address))?.text()) ?? '';
      subjects.add(/<h1>(.*?)<\/h1>/.exec(text)?.[1] ?? '');
      expect(text).not.toMatch(/undefined|NaN|Invalid|\[object/);
      // What a number will cost is always told.
      if (!address.endsWith('=rent_changes')) expect(text).toContain('href="http://demo.test/v1/stop-mail?what=');
      expect(text).toContain('phone credit for');
    }
    // A card that was declined, by hand or by auto-recharge, is the same to whoever reads the subject.
    expect(subjects.size).toBe(ALERT_KINDS.length - 1);
    expect(await get('/demo/mailbox?preview=nothing')).toMatchObject({ status: 404 });
  });

  test('is empty at first, and leaves other addresses and methods alone', async () => {
    expect(await (await get('/demo/mailbox'))?.text()).toContain('No mail yet');
    expect(await get('/demo/other')).toBeNull();
    expect(await get('/demo/mailbox', 'POST')).toBeNull();
    expect((await get('/demo/mailbox?mail=paper:1'))?.status).toBe(404);
  });

  test('lists a mail and shows its text and its HTML, with hostile words as words', async () => {
    await put({ kind: 'credit_asked', requestId: 'r', personName: HOSTILE, reason: HOSTILE });
    const list = await (await get('/demo/mailbox'))?.text();
    expect(list).toContain('asks for phone credit');
    const address = /href="(\/demo\/mailbox\?mail=[^"]+)"/.exec(list ?? '')?.[1] ?? '';
    const one = await (await get(address))?.text();
    expect(one).toContain('<iframe sandbox="" ');
    const preview = await (await get(`${address}&part=html`))?.text();
    for (const words of [list, one, preview]) {
      expect(words).not.toMatch(/<script|<img/);
      expect(words).toContain('&lt;script&gt;');
    }
  });

  test('runs and loads nothing: strict policies, and a preview without an origin', async () => {
    await put({ kind: 'credit_asked', requestId: 'r', personName: 'Sam', reason: '' });
    const policy = (response: Response | null) => response?.headers.get('content-security-policy') ?? '';
    expect(policy(await get('/demo/mailbox'))).toMatch(/^default-src 'none'; style-src 'self'; frame-src 'self'/);
    const preview = policy(await get('/demo/mailbox?mail=credit_asked%3Aone&part=html'));
    expect(preview).toBe("default-src 'none'; sandbox; frame-ancestors 'self'");
  });
});

test('the statement of the test cards shows what succeeded, with the suffix of a card check', async () => {
  const intent = { kind: 'payment', currency: 'USD', status: 'succeeded' };
  const put = (objectId: string, content: object) =>
    store.writeRows([
      {
        table: 'simulated_object',
        mode: 'insert',
        row: { objectId, kind: 'payment', ownerRef: 'c', content: JSON.stringify(content), createdAtMs: 1, version: 1 },
      },
    ]);
  await put('a', { ...intent, amountMinor: 137, statementSuffix: 'CARD CHECK' });
  await put('b', { ...intent, amountMinor: 2_500 });
  await put('c', { ...intent, amountMinor: 999, status: 'failed' });
  const words = await (await get('/demo/statement'))?.text();
  expect(words).toContain('<span>PHONE* CARD CHECK</span><b>$1.37</b>');
  expect(words).toContain('<span>PHONE* CREDIT</span><b>$25.00</b>');
  expect(words).not.toContain('9.99');
});
