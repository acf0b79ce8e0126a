/** The outbox, by real SMTP conversations with a server that misbehaves on demand (REQUIREMENTS F-24, scenario 58). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MailFacts } from '../../../server/mail/mail-facts.ts';
import { mailWrite, mailWriteOnce } from '../../../server/mail/outbox.ts';
import { operatorContact } from '../../../server/mail/recipients.ts';
import { GIVEN_UP_AFTER_MS, SENDING_MS, type SendingRoom, sendMails } from '../../../server/mail/send-mails.ts';
import { createSmtpTransport } from '../../../server/mail/smtp-transport.ts';
import type { MailRow } from '../../../server/storage/rows.ts';
import { OfficeRig } from '../../support/office-rig.ts';
import { SmtpServer } from '../../support/smtp-server.ts';

const FROM = 'Phone <billing@phone.test>';
const CARD = { brand: 'visa', last4: '4242', expiryMonth: 2, expiryYear: 2026 };
const EXPIRING: MailFacts = { kind: 'card_expiring', card: CARD, days: 30 };
const HOUR_MS = 3_600_000;

let rig: OfficeRig;
let smtp: SmtpServer;
let logged: string[];

beforeEach(async () => {
  rig = await OfficeRig.open();
  smtp = await SmtpServer.start();
  logged = [];
  await writeContact('dana@acme.test');
});

afterEach(async () => {
  await smtp.close();
  await rig.close();
});

function roomTo(url = smtp.url): SendingRoom {
  return {
    store: rig.store,
    clock: rig.clock,
    paper: async () => null,
    log: (message, facts) => logged.push(`${message} ${JSON.stringify(facts)}`),
    transport: createSmtpTransport({ url, from: FROM, timeoutMs: 5_000 }),
  };
}

async function writeContact(email: string, officeId: string | null = null): Promise<void> {
  const row = operatorContact({ accountId: 'acme', officeId, email });
  await rig.store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
}

function put(subject: string, facts: MailFacts = EXPIRING) {
  const mail = { accountId: 'acme', officeId: 'berlin', subject, facts, atMs: rig.clock.nowMs() };
  return rig.store.writeRows([mailWrite(mail)]);
}

async function mails(): Promise<readonly MailRow[]> {
  return await rig.store.db.selectFrom('mail').selectAll().orderBy('mailId').execute();
}

async function theMail(): Promise<MailRow | undefined> {
  return (await mails())[0];
}

describe('what waits in the outbox', () => {
  test('is sent once, to the billing people, with a stable id', async () => {
    await put('a');
    await sendMails(roomTo());
    await sendMails(roomTo());
    expect(smtp.taken).toHaveLength(1);
    const [taken] = smtp.taken;
    expect(taken).toMatchObject({ from: 'billing@phone.test', to: ['dana@acme.test'] });
    expect(taken?.message).toMatch(/^Subject: Your card ends next month$/m);
    expect(taken?.message).toMatch(/^Message-ID: <[0-9a-f]{40}@credit-phone>$/m);
    expect(taken?.message).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(taken?.message).toContain('Visa ...4242');
    expect(await theMail()).toMatchObject({ state: 'sent', attempts: 1, dueAtMs: null, problem: null });
    expect(logged).toEqual([]);
  });

  test('takes the same thing once only', async () => {
    expect(await put('a')).toMatchObject({ applied: true });
    expect(await put('a')).toEqual({ applied: false, conflict: 'mail' });
    const again = { accountId: 'acme', officeId: 'berlin', subject: 'a', facts: EXPIRING, atMs: 1 };
    expect(await mailWriteOnce(rig.store, again)).toEqual([]);
    expect(await mailWriteOnce(rig.store, { ...again, subject: 'b' })).toHaveLength(1);
  });

  test('two servers, one outbox: each mail goes out once', async () => {
    for (let count = 0; count < 12; count += 1) await put(`mail ${count}`);
    await Promise.all([sendMails(roomTo()), sendMails(roomTo()), sendMails(roomTo())]);
    expect(smtp.taken).toHaveLength(12);
    expect((await mails()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true);
  });

  test('words of people stay words: no line of theirs becomes a header, no tag a tag', async () => {
    const personName = 'Sam\r\nBcc: thief@evil.test';
    await put('a', {
      kind: 'credit_asked',
      requestId: 'r',
      personName,
      reason: '<img src=x onerror=alert(1)>\r\n.\r\nMAIL FROM:<x@y>',
    });
    await sendMails(roomTo());
    const [taken] = smtp.taken;
    expect(taken?.to).toEqual(['dana@acme.test']);
    expect(taken?.message.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
    expect(taken?.message.split('text/html')[1]).toContain('&lt;img');
    expect(taken?.message.split('text/html')[1]).not.toContain('<img');
    expect(smtp.heard.filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
  });
});

describe('when the mail server has a bad day', () => {
  test.each([
    ['is not there at the greeting', 'drop_at_greeting'],
    ['is full', { greeting: '421 too busy' }],
    ['wants readers later', { atRcpt: '451 try again' }],
    ['cannot take the mail now', { atData: '452 disk full' }],
    ['breaks before it takes the mail', 'drop_at_data'],
  ] as const)('%s: it is tried again, and arrives once', async (_name, mood) => {
    smtp.moods.push(mood);
    await put('a');
    await sendMails(roomTo());
    expect(smtp.taken).toEqual([]);
    expect(await theMail()).toMatchObject({ state: 'waiting', attempts: 1 });
    // Not at once.
    await sendMails(roomTo());
    expect(smtp.connectionCount).toBe(1);
    rig.clock.advance(31_000);
    await sendMails(roomTo());
    expect(smtp.taken).toHaveLength(1);
    expect(await theMail()).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('nobody listens: ever more seldom, given up loudly after a day', async () => {
    const { url } = smtp;
    await smtp.close();
    await put('a');
    const startMs = rig.clock.nowMs();
    while ((await theMail())?.dueAtMs !== null && rig.clock.nowMs() - startMs < 3 * GIVEN_UP_AFTER_MS) {
      await sendMails(roomTo(url));
      rig.clock.advance(15 * 60_000);
    }
    const mail = await theMail();
    expect(mail).toMatchObject({ state: 'failed', sentAtMs: null });
    expect(mail?.problem).toContain('ECONNREFUSED');
    expect(mail?.attempts).toBeGreaterThan(20);
    expect(mail?.attempts).toBeLessThan(40);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('given up');
    smtp = await SmtpServer.start();
  });

  test.each([
    ['the reader', { atRcpt: '550 no such person' }],
    ['the mail', { atData: '554 we do not like it' }],
  ] as const)('refuses %s for good: the operator is told, nothing is repeated', async (_name, mood) => {
    smtp.moods.push(mood);
    await put('a');
    await sendMails(roomTo());
    rig.clock.advance(2 * HOUR_MS);
    await sendMails(roomTo());
    expect(smtp.connectionCount).toBe(1);
    expect(await theMail()).toMatchObject({ state: 'failed', dueAtMs: null });
    expect(logged).toHaveLength(1);
  });

  test.each([
    ['after it has the whole mail', 'drop_after_data', 1],
    ['while it takes the mail', 'drop_in_data', 0],
  ] as const)('breaks %s: we cannot know, so it is not sent twice, and the operator is told', async (_name, mood, count) => {
    smtp.moods.push(mood);
    await put('a');
    await sendMails(roomTo());
    rig.clock.advance(GIVEN_UP_AFTER_MS / 2);
    await sendMails(roomTo());
    expect(smtp.taken).toHaveLength(count);
    expect(smtp.connectionCount).toBe(1);
    expect(await theMail()).toMatchObject({ state: 'unknown', dueAtMs: null });
    expect(logged[0]).toContain('may or may not');
  });

  test('one of two readers is unknown: the other one gets it, once', async () => {
    await writeContact('luis@acme.test');
    smtp.known = ['luis@acme.test'];
    await put('a');
    await sendMails(roomTo());
    expect(smtp.taken.map(({ to }) => to)).toEqual([['luis@acme.test']]);
    const parts = new Map((await mails()).map(({ state, reader }) => [reader, state]));
    expect(Object.fromEntries(parts)).toEqual({ null: 'split', 'luis@acme.test': 'sent', 'dana@acme.test': 'failed' });
    expect(logged[0]).toContain('given up');
  });

  test('our own server dies while sending: another one does not send it again', async () => {
    await put('a');
    const row = await theMail();
    if (!row) throw new Error('There is no mail');
    const dueAtMs = rig.clock.nowMs() + SENDING_MS;
    await rig.store.writeRows([
      { table: 'mail', mode: 'next_version', row: { ...row, state: 'sending', dueAtMs, version: 2 } },
    ]);
    await sendMails(roomTo());
    expect(await theMail()).toMatchObject({ state: 'sending' });
    rig.clock.advance(SENDING_MS + 1);
    await sendMails(roomTo());
    expect(smtp.taken).toEqual([]);
    expect(await theMail()).toMatchObject({ state: 'unknown' });
  });
});

describe('who reads', () => {
  test('nobody yet: it waits until somebody has an address', async () => {
    await rig.store.writeRows([
      {
        table: 'billing_contact',
        mode: 'upsert',
        row: { ...operatorContact({ accountId: 'acme', officeId: 'austin', email: 'dana@acme.test' }) },
      },
    ]);
    await put('a');
    await sendMails(roomTo());
    expect(await theMail()).toMatchObject({ state: 'waiting', problem: 'nobody has an address for mail about money' });
    expect(smtp.connectionCount).toBe(0);
    await writeContact('luis@acme.test', 'berlin');
    rig.clock.advance(31_000);
    await sendMails(roomTo());
    expect(smtp.taken.map(({ to }) => to)).toEqual([['luis@acme.test']]);
  });

  test('old mail that waited for a mail server is not poured out weeks later', async () => {
    await put('a');
    rig.clock.advance(GIVEN_UP_AFTER_MS + 1);
    await sendMails(roomTo());
    expect(smtp.connectionCount).toBe(0);
    expect(await theMail()).toMatchObject({ state: 'failed' });
  });
});

describe('the password of the mail server', () => {
  const password = 'p@ss word/1';

  test('is used, and stands in no row and no log when it is wrong', async () => {
    smtp.login = { user: 'phone', password: 'another one' };
    await put('a');
    const url = `smtp://phone:${encodeURIComponent(password)}@127.0.0.1:${smtp.port}`;
    await sendMails(roomTo(url));
    expect(smtp.taken).toEqual([]);
    const mail = await theMail();
    // A wrong login can be mended: the mail waits.
    expect(mail).toMatchObject({ state: 'waiting' });
    expect(JSON.stringify([mail, logged])).not.toContain(password);
    smtp.login = { user: 'phone', password };
    rig.clock.advance(31_000);
    await sendMails(roomTo(url));
    expect(smtp.taken).toHaveLength(1);
  });
});
