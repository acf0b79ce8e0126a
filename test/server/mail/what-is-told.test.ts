/** Which mails are written, to whom and how often (REQUIREMENTS F-24, 2.1 no. 5, 2.3 nos. 4, 7 and 8; scenario 58). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { composeMail } from '../../../server/mail/compose-mail.ts';
import { type SendingRoom, sendMails } from '../../../server/mail/send-mails.ts';
import { createSmtpTransport } from '../../../server/mail/smtp-transport.ts';
import { mailRoom } from '../../../server/mail-of.ts';
import { daysLeft } from '../../../server/payments/card-expiry.ts';
import type { MailRow } from '../../../server/storage/rows.ts';
import { DANA, granted, KIM, LUIS, refusalOf, SAM } from '../../support/office-rig.ts';
import { agreed, PaymentRig, USD } from '../../support/payment-rig.ts';
import { SmtpServer } from '../../support/smtp-server.ts';

let rig: PaymentRig;

beforeEach(async () => {
  rig = await PaymentRig.open();
});

afterEach(async () => {
  await rig.close();
});

const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;
/** A store on a busy machine takes its time. */
const PATIENCE = { timeout: 10_000, interval: 20 };

async function mails(kind?: string): Promise<readonly MailRow[]> {
  const rows = await rig.office.store.db
    .selectFrom('mail')
    .selectAll()
    .orderBy('createdAtMs')
    .orderBy('mailId')
    .execute();
  return rows.filter((row) => kind === undefined || row.kind === kind);
}

function room() {
  const { store, clock } = rig.office;
  return mailRoom({ store, clock, log: (message) => rig.office.logged.push(message) });
}

async function text(row: MailRow | undefined): Promise<string> {
  if (!row) throw new Error('There is no mail');
  const mail = await composeMail(room(), row);
  return `${mail?.subject}\n${mail?.text}`;
}

const withMail = { ...DANA, email: 'dana@acme.test' };

describe('scenario 58: the mail server is down while somebody pays', () => {
  test('the credit is there at once, and the receipt comes once, later, with its PDF', async () => {
    const smtp = await SmtpServer.start();
    smtp.moods.push('drop_at_greeting', { greeting: '421 later' });
    const sending: SendingRoom = {
      ...room(),
      transport: createSmtpTransport({ url: smtp.url, from: 'billing@phone.test', timeoutMs: 5_000 }),
    };
    granted(await rig.office.services.handlers.me(withMail, {}));
    await rig.saveCard();
    agreed(await rig.pay());
    expect(await rig.balance()).toBe(25 * USD);
    await rig.deliverAll();
    for (let round = 0; round < 6; round += 1) {
      await rig.later(120);
      await sendMails(sending);
    }
    expect(await rig.balance()).toBe(25 * USD);
    expect(smtp.taken).toHaveLength(1);
    const [receipt] = smtp.taken;
    expect(receipt?.to).toEqual(['dana@acme.test']);
    expect(receipt?.message).toMatch(/^Subject: Receipt: \$25\.00 phone credit\r?$/m);
    expect(receipt?.message).toContain('acme-000001.pdf');
    const pdf = /JVBERi0[A-Za-z0-9+/=\r\n]+/.exec(receipt?.message ?? '')?.[0] ?? '';
    expect(Buffer.from(pdf, 'base64')).toEqual(await rig.service.invoiceFile(DANA, 'acme-000001'));
    await smtp.close();
  });
});

describe('auto-recharge', () => {
  test('that is declined: one mail for each try, then one that says it is paused and what to do', async () => {
    await rig.saveCard('4000000000000341');
    await rig.turnOnRecharge();
    // Nobody waits for the bank when the settings are saved.
    await vi.waitFor(async () => expect(await mails('recharge_failed')).toHaveLength(1), PATIENCE);
    await rig.deliverAll((reports) => [...reports, ...reports]);
    expect(await mails('recharge_failed')).toHaveLength(1);
    expect(await text((await mails('recharge_failed'))[0])).toMatch(
      /^Your card was declined: phone credit was not added\nAuto-recharge could not add \$25\.00: the card was declined\. Nothing was charged to Visa \.\.\.0341\./,
    );
    for (let hour = 0; hour < 12; hour += 1) {
      await rig.use(0);
      await rig.later(3_600);
      await rig.lookAtRecharges();
      await rig.deliverAll();
    }
    const told = await mails('recharge_failed');
    expect(told).toHaveLength((await rig.recharges()).length);
    expect(await rig.recharge()).toMatchObject({ pause: 'failed_often' });
    expect(await text(told.at(-1))).toContain('Auto-recharge is paused');
  });

  test('for which the bank wants somebody: the mail says how to confirm', async () => {
    await rig.saveCard('4000002760003184');
    await rig.turnOnRecharge();
    await vi.waitFor(async () => expect(await mails('recharge_failed')).toHaveLength(1), PATIENCE);
    await rig.deliverAll();
    const told = await mails('recharge_failed');
    expect(told).toHaveLength(1);
    expect(await text(told[0])).toContain('Confirm opens the window of your bank');
    expect(await text(told[0])).toContain('paused');
  });
});

describe('a card that ends', () => {
  // Cards of the rig end in December 2030; the rig's clock begins in January 2026.
  const endMs = Date.UTC(2031, 0, 1);

  test('is told 30 and 7 days and one day before, once each, however often it is looked at', async () => {
    await rig.saveCard();
    for (const [left, count] of [
      [31, 0],
      [30, 1],
      [29, 1],
      [8, 1],
      [7, 2],
      [2, 2],
      [1, 3],
      [-1, 3],
    ] as const) {
      await rig.later((endMs - left * DAY_SECONDS * 1_000 - rig.office.clock.nowMs()) / 1_000);
      await rig.later(0);
      expect([left, (await mails('card_expiring')).length]).toEqual([left, count]);
    }
    const [month, week, day] = await mails('card_expiring');
    expect(await text(month)).toMatch(
      /^Your card ends next month\n.*Visa \.\.\.4242 is good until the end of 12\/2030/,
    );
    expect(await text(week)).toMatch(/^Your card ends in a few days\n/);
    expect(await text(day)).toContain('one day or less from now');
  });

  test('a removed card is not told of', async () => {
    await rig.saveCard();
    agreed(await rig.ask('removeCard', {}));
    await rig.later((endMs - rig.office.clock.nowMs()) / 1_000 - 10 * DAY_SECONDS);
    expect(await mails('card_expiring')).toEqual([]);
  });

  test.each([
    [{ expiryMonth: 2, expiryYear: 2026 }, Date.UTC(2026, 1, 28, 12), 1],
    [{ expiryMonth: 12, expiryYear: 2026 }, Date.UTC(2026, 11, 1), 31],
    [{ expiryMonth: 1, expiryYear: 2026 }, Date.UTC(2026, 1, 1), 0],
  ])('%o', (card, nowMs, left) => {
    expect(daysLeft(card, nowMs)).toBe(left);
  });
});

describe('an agent asks for credit', () => {
  const ask = (identity = SAM, reason = 'customer on the line') =>
    rig.office.services.handlers.askForCredit(identity, { requestId: randomUUID(), reason });

  test('one mail tells of it; twenty agents at once, and a second question, do not flood anybody', async () => {
    const agents = Array.from({ length: 20 }, (_, index) => ({
      ...SAM,
      personId: `agent-${index}`,
      name: `Agent ${index}`,
    }));
    for (const answer of await Promise.all(agents.map((agent) => ask(agent)))) granted(answer);
    expect(await mails('credit_asked')).toHaveLength(1);
    expect(await text((await mails())[0])).toMatch(
      /^Agent \d+ asks for phone credit\nAgent \d+ asks for credit: “customer on the line”/,
    );
    expect(refusalOf(await ask(agents[0])).code).toBe('already_asked');
    // Unanswered: no mail within six hours.
    rig.office.clock.advance(5 * 60 * MINUTE_MS);
    granted(await ask());
    expect(await mails('credit_asked')).toHaveLength(1);
    rig.office.clock.advance(61 * MINUTE_MS);
    granted(await ask(KIM));
    expect(await mails('credit_asked')).toHaveLength(2);
  });

  test('once it is answered the next question is told again, but not within half an hour', async () => {
    const { requestId } = granted(await ask());
    granted(
      await rig.office.services.handlers.answerCreditRequest(DANA, {
        requestId,
        state: 'declined',
        words: 'no',
        addedMicros: null,
      }),
    );
    rig.office.clock.advance(29 * MINUTE_MS);
    granted(await ask(KIM));
    expect(await mails('credit_asked')).toHaveLength(1);
    rig.office.clock.advance(2 * MINUTE_MS);
    granted(await ask());
    expect(await mails('credit_asked')).toHaveLength(2);
  });
});

describe('who reads: admins whose tokens carry an address', () => {
  const addresses = () =>
    rig.office.store.db.selectFrom('billing_contact').select(['contactId', 'officeId', 'email']).execute();
  const me = (identity: typeof DANA & { readonly email?: string }) => rig.office.services.handlers.me(identity, {});

  test('billing about its office, company about all; an agent never, a new address replaces the old one', async () => {
    granted(await me({ ...SAM, email: 'sam@acme.test' }));
    granted(await me({ ...DANA, email: 'old@acme.test' }));
    granted(await me(withMail));
    granted(await me({ ...LUIS, email: 'luis@acme.test' }));
    expect(await addresses()).toEqual([
      { contactId: 'person:dana', officeId: 'berlin', email: 'dana@acme.test' },
      { contactId: 'person:luis', officeId: null, email: 'luis@acme.test' },
    ]);
  });

  test('an admin who became an agent hears no more', async () => {
    granted(await me(withMail));
    granted(await rig.office.services.handlers.askForCredit(SAM, { requestId: randomUUID(), reason: '' }));
    const [row] = await mails();
    if (!row) throw new Error('There is no mail');
    expect((await composeMail(room(), row))?.to).toEqual(['dana@acme.test']);
    granted(await me({ ...withMail, role: 'agent' }));
    expect((await composeMail(room(), row))?.to).toEqual([]);
  });
});
