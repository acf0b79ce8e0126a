/** The mail of a server as its settings say: by SMTP when there is a mail server, otherwise it waits. */
import { expect, test } from 'vitest';
import type { PeriodicWork } from '../../server/claims/claims.ts';
import { mailWrite } from '../../server/mail/outbox.ts';
import { operatorContact } from '../../server/mail/recipients.ts';
import { sendMailOf } from '../../server/mail-of.ts';
import { OfficeRig } from '../support/office-rig.ts';
import { SmtpServer } from '../support/smtp-server.ts';

test('with SMTP_URL and MAIL_FROM the outbox is periodic work of one server; without them it is nobody’s', async () => {
  const rig = await OfficeRig.open();
  const smtp = await SmtpServer.start();
  const works = new Map<string, PeriodicWork>();
  const parts = {
    store: rig.store,
    clock: rig.clock,
    log: () => undefined,
    claims: { run: (name: string, work: PeriodicWork) => void works.set(name, work) },
  };
  sendMailOf({ smtpUrl: null, mailFrom: null }, parts);
  sendMailOf({ smtpUrl: smtp.url, mailFrom: null }, parts);
  expect(works.size).toBe(0);
  const facts = { kind: 'credit_asked', requestId: 'r', personName: 'Sam', reason: '' } as const;
  const mail = { accountId: 'acme', officeId: 'berlin', subject: 'one', facts, atMs: rig.clock.nowMs() };
  const contact = operatorContact({ accountId: 'acme', officeId: null, email: 'books@acme.test' });
  await rig.store.writeRows([mailWrite(mail), { table: 'billing_contact', mode: 'upsert', row: contact }]);
  sendMailOf({ smtpUrl: smtp.url, mailFrom: 'Phone <billing@phone.test>' }, parts);
  expect([...works.keys()]).toEqual(['mail']);
  await works.get('mail')?.work();
  expect(smtp.taken).toMatchObject([{ from: 'billing@phone.test', to: ['books@acme.test'] }]);
  await smtp.close();
  await rig.close();
});
