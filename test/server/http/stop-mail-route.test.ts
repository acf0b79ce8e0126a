/** The link that stops mails of a kind: signed, without a login, and nothing happens until somebody presses (RFC 8058). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseMail, type MailChoice, readersOf } from '../../../server/mail/mail-choices.ts';
import { createMailLinks, readWish, signedWish, stopKeyOf } from '../../../server/mail/mail-links.ts';
import { mailWrite } from '../../../server/mail/outbox.ts';
import { operatorContact } from '../../../server/mail/recipients.ts';
import { sendMails } from '../../../server/mail/send-mails.ts';
import { createSmtpTransport } from '../../../server/mail/smtp-transport.ts';
import { type GateFixture, gateFixture } from '../../support/gate-fixture.ts';
import { OfficeRig } from '../../support/office-rig.ts';
import { SmtpServer } from '../../support/smtp-server.ts';

const KEY = stopKeyOf('a-secret-for-grants-of-32-bytes-0123456789');
const WISH = { accountId: 'acme', email: 'dana@acme.test', kind: 'low' };
const BERLIN = { accountId: 'acme', officeId: 'berlin' };
const pathOf = (wish = WISH, key = KEY) => `/v1/stop-mail?what=${signedWish(wish, key)}`;

let rig: OfficeRig;
let gate: GateFixture;
let chosen: MailChoice[];

beforeEach(async () => {
  rig = await OfficeRig.open();
  chosen = [];
  const choose = (choice: MailChoice) => {
    chosen.push(choice);
    return chooseMail(rig.store, choice);
  };
  gate = gateFixture({ dependencies: { stopMail: { key: KEY, choose } } });
  await write('dana@acme.test');
});

afterEach(async () => {
  await rig.close();
});

async function write(email: string): Promise<void> {
  const row = operatorContact({ ...BERLIN, email });
  await rig.store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
}

const readers = (kind: string) => readersOf(rig.store, { ...BERLIN, kind });

describe('the link', () => {
  test('GET shows a page with one button and changes nothing: scanners follow links', async () => {
    const page = await gate.send('GET', pathOf(), { token: null });
    const text = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('Stop mails about low credit?');
    expect(text.match(/<form method="post"/g)).toHaveLength(1);
    expect(text).not.toContain('dana@acme.test');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(chosen).toEqual([]);
  });

  test('POST does it, twice is once, and the page undoes it', async () => {
    for (let count = 0; count < 2; count += 1) {
      const done = await gate.send('POST', pathOf(), { token: null, body: 'List-Unsubscribe=One-Click' });
      expect(done.status).toBe(200);
      expect(await done.text()).toContain('You get no more mails about low credit.');
    }
    expect(await readers('low')).toEqual({ emails: [], isUnwanted: true });
    expect(await readers('critical')).toEqual({ emails: ['dana@acme.test'], isUnwanted: false });
    await gate.send('POST', `${pathOf()}&again=1`, { token: null });
    expect(await readers('low')).toEqual({ emails: ['dana@acme.test'], isUnwanted: false });
  });

  test.each([
    ['of another secret', pathOf(WISH, stopKeyOf('another secret'))],
    ['cut short', pathOf().slice(0, -3)],
    [
      'for somebody else',
      pathOf().replace(/what=[^.]+/, `what=${signedWish({ ...WISH, email: 'luis@acme.test' }, KEY).split('.')[0]}`),
    ],
    ['without anything', '/v1/stop-mail'],
    ['very long', `/v1/stop-mail?what=${'A'.repeat(5_000)}.B`],
    ['with a tag', '/v1/stop-mail?what=<script>alert(1)</script>'],
  ])('%s is refused, and nothing of it is repeated', async (_name, path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await gate.send(method, path, { token: null });
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('script');
    }
    expect(chosen).toEqual([]);
  });

  test('is the same for an address in capitals, and says nothing but who, what and where', () => {
    expect(readWish(signedWish({ ...WISH, email: 'DANA@acme.test' }, KEY), KEY)).toEqual(WISH);
  });
});

describe('whom a mail reaches', () => {
  test('that calls are blocked reaches somebody: the last reader gets it all the same', async () => {
    await write('luis@acme.test');
    const atMs = rig.clock.nowMs();
    await chooseMail(rig.store, { ...WISH, kind: 'empty', isOff: true, atMs });
    expect((await readers('empty')).emails).toEqual(['luis@acme.test']);
    await chooseMail(rig.store, { ...WISH, email: 'luis@acme.test', kind: 'empty', isOff: true, atMs });
    expect((await readers('empty')).emails).toEqual(['dana@acme.test', 'luis@acme.test']);
  });

  test('each reader gets a mail of their own, with the headers for one click, and their own link', async () => {
    await write('luis@acme.test');
    const smtp = await SmtpServer.start();
    const links = createMailLinks({ adminUrl: null, publicUrl: 'https://phone.test', key: KEY });
    const facts = { kind: 'low', availableMicros: 4_100_000, levelMicros: 5_000_000, currency: 'USD' } as const;
    await rig.store.writeRows([mailWrite({ ...BERLIN, subject: 'a', facts, atMs: rig.clock.nowMs() })]);
    const { store, clock } = rig;
    const transport = createSmtpTransport({ url: smtp.url, from: 'billing@phone.test', timeoutMs: 5_000 });
    const room = { store, clock, links, transport, paper: async () => null, log: () => undefined };
    await sendMails(room);
    await sendMails(room);
    expect(smtp.taken.map(({ to }) => to)).toEqual([['dana@acme.test'], ['luis@acme.test']]);
    for (const { to, message } of smtp.taken) {
      const headers = message.replace(/\r?\n[ \t]+/g, ' ');
      const [, what = ''] =
        /^List-Unsubscribe: <https:\/\/phone\.test\/v1\/stop-mail\?what=([^>]+)>/m.exec(headers) ?? [];
      expect(readWish(what, KEY)).toEqual({ accountId: 'acme', email: to[0], kind: 'low' });
      expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    }
    await smtp.close();
  });

  test('a mail that nobody wants is not sent, and nobody is alarmed', async () => {
    await chooseMail(rig.store, { ...WISH, isOff: true, atMs: 1 });
    const facts = { kind: 'low', availableMicros: 4_100_000, levelMicros: 5_000_000, currency: 'USD' } as const;
    await rig.store.writeRows([mailWrite({ ...BERLIN, subject: 'a', facts, atMs: rig.clock.nowMs() })]);
    const logged: string[] = [];
    const { store, clock } = rig;
    const transport = { send: async () => ({ outcome: 'sent', refused: [] }) as const };
    await sendMails({ store, clock, transport, paper: async () => null, log: (message) => logged.push(message) });
    const mails = await store.db.selectFrom('mail').select(['state', 'attempts']).execute();
    expect([mails, logged]).toEqual([[{ state: 'unwanted', attempts: 0 }], []]);
  });
});
