/** A change of rents in several offices: one mail a person, with the offices that they hear of (F-24). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OutgoingMail } from '../../../server/mail/mail-transport.ts';
import { operatorContact } from '../../../server/mail/recipients.ts';
import { sendMails } from '../../../server/mail/send-mails.ts';
import { PriceRig } from '../../support/price-rig.ts';
import { RENTED, USD } from '../../support/rent-rig.ts';

const SECOND = '+12025550102';
const OF_AUSTIN = '+13035550103';
const BOSS = 'boss@acme.test';
const DANA = 'dana@acme.test';
const ANN = 'ann@acme.test';

let rig: PriceRig;
let sent: OutgoingMail[];

beforeEach(async () => {
  sent = [];
  rig = await PriceRig.open({ noticeDays: 30 });
  rig.rent.turnTo('2026-02-03');
  await rig.rent.own();
  await rig.rent.own({ number: SECOND, monthlyMicros: 3 * USD });
  await rig.rent.own({ number: OF_AUSTIN, officeId: 'austin' });
});
afterEach(() => rig.rent.close());

async function hears(email: string, officeId: string | null): Promise<void> {
  const row = operatorContact({ accountId: 'acme', officeId, email });
  await rig.rent.office.store.writeRows([{ table: 'billing_contact', mode: 'upsert', row }]);
}

/** As often as the mail is looked after, by each of so many servers. */
async function send(servers = 1): Promise<void> {
  const { store, clock } = rig.rent.office;
  const transport = {
    send: async (mail: OutgoingMail) => {
      sent.push(mail);
      return { outcome: 'sent', refused: [] } as const;
    },
  };
  const room = { store, clock, transport, paper: async () => null, log: () => undefined };
  await Promise.all(Array.from({ length: servers }, () => sendMails(room)));
}

async function sendAfter(seconds: number, servers = 1): Promise<void> {
  rig.rent.office.clock.advance(seconds * 1_000);
  await send(servers);
}

function mailTo(email: string): OutgoingMail {
  const [mail, ...more] = sent.filter(({ to }) => to.includes(email));
  if (mail === undefined || more.length > 0) throw new Error(`${email} got ${more.length + (mail ? 1 : 0)} mails`);
  return mail;
}

describe('a change of rents', () => {
  test('is one mail for whoever hears of several offices, and each other admin hears of their own', async () => {
    await hears(BOSS, null);
    await hears(DANA, 'berlin');
    await hears(ANN, 'austin');
    await rig.announce({ monthlyMicros: 2_500_000 });
    await sendAfter(10, 3);
    await sendAfter(60, 3);
    expect(sent).toHaveLength(3);
    expect(sent.every(({ to }) => to.length === 1)).toBe(true);
    const { subject, text, unsubscribeUrl } = mailTo(BOSS);
    expect(subject).toBe('The rent of 3 numbers changes on 1 April 2026');
    expect(unsubscribeUrl).toBeNull();
    expect(text.split('\n\n').slice(0, 6)).toEqual([
      'From 1 April 2026 on, 3 numbers in 2 offices cost $7.50 a month instead of $5.00, all together:',
      'Austin, 1 number: $2.50 a month instead of $1.00',
      `${OF_AUSTIN}: $2.50 a month instead of $1.00`,
      'Berlin, 2 numbers: $5.00 a month instead of $4.00',
      `${RENTED}: $2.50 a month instead of $1.00`,
      `${SECOND}: $2.50 a month instead of $3.00`,
    ]);
    expect(text).toContain('You get this because you manage phone credit for acme. What is paid for is always told');
    expect(mailTo(DANA).subject).toBe('The rent of 2 numbers changes on 1 April 2026');
    expect(mailTo(DANA).text).not.toContain(OF_AUSTIN);
    expect(mailTo(DANA).text).toContain('you manage phone credit for acme, Berlin.');
    expect(mailTo(ANN).subject).toBe(`The rent of ${OF_AUSTIN} changes on 1 April 2026`);
    expect(mailTo(ANN).text).not.toContain(RENTED);
  });

  test('waits for the office that is told last, however the announcement was held up', async () => {
    await hears(BOSS, null);
    await expect(rig.announce({}, rig.dyingAfter(1))).rejects.toThrow('killed');
    await sendAfter(9);
    await rig.announce();
    await sendAfter(1);
    await sendAfter(8);
    expect(sent).toEqual([]);
    await sendAfter(1);
    expect(mailTo(BOSS).text).toContain('3 numbers in 2 offices');
  });

  test('that was announced after the mail had gone is another mail, without what was told before', async () => {
    await hears(BOSS, null);
    await expect(rig.announce({}, rig.dyingAfter(1))).rejects.toThrow('killed');
    await sendAfter(10);
    await rig.announce();
    await sendAfter(10);
    expect(sent.map(({ subject }) => subject)).toEqual([
      `The rent of ${OF_AUSTIN} changes on 1 April 2026`,
      'The rent of 2 numbers changes on 1 April 2026',
    ]);
  });

  test('is not mixed with another one, even if its id begins like that', async () => {
    await hears(BOSS, null);
    await rig.announce({ prefix: '+1202' });
    await rig.announce({ announcementId: 'spring:2', prefix: OF_AUSTIN, monthlyMicros: 4 * USD });
    await sendAfter(10);
    await sendAfter(10);
    expect(sent.map(({ subject }) => subject).toSorted()).toEqual([
      `The rent of ${OF_AUSTIN} changes on 1 April 2026`,
      'The rent of 2 numbers changes on 1 April 2026',
    ]);
  });

  test('of an office that nobody hears of holds nobody up, and is tried by itself', async () => {
    await hears(DANA, 'berlin');
    await rig.announce();
    await sendAfter(10);
    expect(sent.map(({ to }) => to)).toEqual([[DANA]]);
    await hears(BOSS, null);
    await sendAfter(60);
    expect(mailTo(BOSS).subject).toBe(`The rent of ${OF_AUSTIN} changes on 1 April 2026`);
  });

  test('lists fifty numbers of all offices and counts the others', async () => {
    await hears(BOSS, null);
    for (let index = 0; index < 51; index += 1) {
      await rig.rent.own({ number: `+1720555${1_000 + index}`, officeId: index < 40 ? 'austin' : 'berlin' });
    }
    await rig.announce({ prefix: '+1720' });
    await sendAfter(10);
    const { text } = mailTo(BOSS);
    expect(text.match(/^\+1720/gm)).toHaveLength(50);
    expect(text).toContain('Austin, 40 numbers: $80.00 a month instead of $40.00');
    expect(text).toContain('Berlin, 11 numbers: $22.00 a month instead of $11.00');
    expect(text).toContain('And 1 more; all of them are under Numbers in the phone.');
  });

  test('that is taken back says so in each mail, and that the rent stays', async () => {
    await hears(BOSS, null);
    const same = new Map([
      [RENTED, USD],
      [OF_AUSTIN, USD],
    ] as const);
    await rig.announce({ monthlyMicros: new Map([...same.keys()].map((number) => [number, 2 * USD])) });
    await sendAfter(10);
    sent = [];
    await rig.announce({ announcementId: 'sorry', monthlyMicros: same });
    await sendAfter(10);
    expect(mailTo(BOSS).subject).toBe('The rent of 2 numbers stays as it is');
    expect(mailTo(BOSS).text).toContain('This is instead of what was announced before.');
  });
});
