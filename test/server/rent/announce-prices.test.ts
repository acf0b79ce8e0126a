/** New rents, from the announcement to the day on which they are charged (F-06). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeMail } from '../../../server/mail/compose-mail.ts';
import { chooseMail } from '../../../server/mail/mail-choices.ts';
import { createMailLinks, stopKeyOf } from '../../../server/mail/mail-links.ts';
import { operatorContact } from '../../../server/mail/recipients.ts';
import { mailRoom } from '../../../server/mail-of.ts';
import { DANA, LUIS, SAM } from '../../support/office-rig.ts';
import { agreed } from '../../support/payment-rig.ts';
import { PriceRig } from '../../support/price-rig.ts';
import { RENTED, USD } from '../../support/rent-rig.ts';

const SECOND = '+12025550102';
const OF_AUSTIN = '+13035550103';

let rig: PriceRig;
beforeEach(async () => {
  rig = await PriceRig.open({ setAsideDays: 5, announceDays: 5, noticeDays: 30 });
  rig.rent.turnTo('2026-02-03');
  await rig.rent.own();
  await rig.rent.own({ number: SECOND, monthlyMicros: 3 * USD });
  await rig.rent.own({ number: OF_AUSTIN, officeId: 'austin' });
});
afterEach(async () => {
  await rig.rent.close();
});

describe('an announcement', () => {
  test('says what it would do, and writes nothing before it is meant', async () => {
    const plan = await rig.plan();
    expect(plan).toMatchObject({
      ok: true,
      offices: [
        { officeId: 'austin', numberCount: 1, oldMicros: USD, newMicros: 2 * USD },
        { officeId: 'berlin', numberCount: 2, oldMicros: 4 * USD, newMicros: 4 * USD },
      ],
    });
    expect(await rig.mails()).toEqual([]);
    expect(await rig.rent.row()).toMatchObject({ nextMonthlyMicros: null, version: 1 });
  });

  test('gives each number its price and tells each office once, however often it is said', async () => {
    await rig.announce();
    expect(await rig.announce()).toEqual([]);
    expect(await rig.announce({ announcementId: 'another' })).toEqual([]);
    expect((await rig.rent.page(LUIS)).numbers.map(({ newPrice }) => newPrice)).toEqual(
      Array.from({ length: 3 }, () => ({ monthlyMicros: 2 * USD, fromDay: '2026-04-01' })),
    );
    expect((await rig.mails()).map(({ officeId, kind }) => [officeId, kind])).toEqual([
      ['austin', 'rent_changes'],
      ['berlin', 'rent_changes'],
    ]);
  });

  test('is charged from its day on, and not before; each office is told the sum', async () => {
    await rig.rent.office.addCredit(20 * USD);
    await rig.announce({ monthlyMicros: 2_500_000 });
    expect(await rig.factsOf('berlin')).toMatchObject({
      fromOn: '2026-04-01',
      numbers: [
        { number: RENTED, oldMicros: USD, newMicros: 2_500_000 },
        { number: SECOND, oldMicros: 3 * USD, newMicros: 2_500_000 },
      ],
      numberCount: 2,
      oldMicros: 4 * USD,
      newMicros: 5 * USD,
      isCorrection: false,
    });
    for (const day of ['2026-03-03', '2026-04-03', '2026-05-03']) await rig.rent.live(day);
    expect(await rig.rent.rents()).toEqual(['2026-03-03 1', '2026-04-03 2.5', '2026-05-03 2.5']);
    expect(await rig.rent.rents(SECOND)).toEqual(['2026-03-03 3', '2026-04-03 2.5', '2026-05-03 2.5']);
  });

  test('for a month that is set aside, warned of and forecast already reckons the new price', async () => {
    await rig.announce();
    await rig.rent.office.addCredit(4_500_000);
    await rig.rent.live('2026-03-03');
    // 0.50 is left, and April costs 2.00 for each of the two.
    expect((await rig.rent.page()).rent?.next).toMatchObject({ day: '2026-04-03', amountMicros: 4 * USD });
    await rig.rent.office.addCredit(3 * USD);
    await rig.rent.live('2026-03-29');
    expect(await rig.rent.office.wallet()).toMatchObject({ available: 1_500_000, held: 2 * USD });
    expect(await rig.rent.told()).toContain('rent_due 2026-04-03 in 5');
  });

  test('of nothing, for a month that is set aside already: all of that is available again', async () => {
    await rig.rent.office.addCredit(20 * USD);
    await rig.rent.live('2026-02-27');
    expect(await rig.rent.office.wallet()).toMatchObject({ available: 16 * USD, held: 4 * USD });
    await rig.announce({ monthlyMicros: 0, fromDay: '2026-03-03' });
    await rig.rent.live('2026-03-03');
    expect(await rig.rent.rents()).toEqual([]);
    expect(await rig.rent.row()).toMatchObject({ state: 'active', rentDay: '2026-04-03', heldMicros: 0, holdId: null });
    expect(await rig.rent.office.wallet()).toMatchObject({ available: 20 * USD, held: 0 });
  });

  test('counts for other numbers of the same day, too: what it will take is not there for them', async () => {
    const { office } = rig.rent;
    office.policy = { ...office.policy, rent: { ...office.policy.rent, setAsideDays: 0 } };
    await rig.announce({ prefix: SECOND, monthlyMicros: 4 * USD });
    await office.addCredit(8_500_000);
    await rig.rent.live('2026-03-03');
    // 4.50 is left: enough for 1.00 and the old 3.00, not for 1.00 and 4.00.
    await rig.rent.live('2026-03-29');
    expect((await rig.rent.told()).filter((told) => told.startsWith('rent_due 2026-04-03'))).toHaveLength(2);
  });

  test('is for numbers that are rented: by account, country, type, prefix, currency, or each by name', async () => {
    const counted = async (question: Parameters<typeof rig.plan>[0]) => {
      const plan = await rig.plan(question);
      return plan.ok ? plan.offices.reduce((sum, { numberCount }) => sum + numberCount, 0) : plan.refusal.code;
    };
    const price = 5 * USD;
    expect(await counted({ monthlyMicros: price })).toBe(3);
    expect(await counted({ monthlyMicros: price, prefix: '+1202' })).toBe(2);
    expect(await counted({ monthlyMicros: price, prefix: RENTED })).toBe(1);
    expect(await counted({ monthlyMicros: price, prefix: '+2' })).toBe(0);
    expect(await counted({ monthlyMicros: price, country: 'US', type: 'local' })).toBe(3);
    expect(await counted({ monthlyMicros: price, country: 'GB' })).toBe(0);
    expect(await counted({ monthlyMicros: price, type: 'toll_free' })).toBe(0);
    expect(await counted({ monthlyMicros: price, currency: 'EUR' })).toBe(0);
    expect(await counted({ monthlyMicros: price, accountId: 'nobody' })).toBe(0);
    expect(await counted({ monthlyMicros: new Map([[RENTED, price]]) })).toBe(1);
    expect(await rig.rent.release(RENTED)).toMatchObject({ ok: true });
    expect(await counted({ monthlyMicros: price })).toBe(2);
    expect(await counted({ monthlyMicros: new Map([[RENTED, price]]) })).toBe('numbers_unknown');
  });
});

describe('is refused as a whole', () => {
  test('when a rise comes before the notice is over, in the time zone of the account', async () => {
    const refusal = { code: 'too_early', accountId: 'acme', firstDay: '2026-03-05', days: 30 };
    expect(await rig.plan({ fromDay: '2026-03-04' })).toEqual({ ok: false, refusal });
    expect(await rig.plan({ fromDay: '2026-03-05' })).toMatchObject({ ok: true });
    // An hour before midnight in Berlin: the day after begins for that account, not for others.
    rig.rent.turnTo('2026-02-03', 23);
    expect(await rig.plan({ fromDay: '2026-03-05' })).toMatchObject({ ok: true });
    rig.rent.turnTo('2026-02-04', 0);
    expect(await rig.plan({ fromDay: '2026-03-05' })).toMatchObject({ ok: false });
  });

  test('a lower price may come the next day, not today', async () => {
    const lower = { monthlyMicros: 500_000 } as const;
    expect(await rig.plan({ ...lower, fromDay: '2026-02-04' })).toMatchObject({ ok: true });
    expect(await rig.plan({ ...lower, fromDay: '2026-02-03' })).toEqual({
      ok: false,
      refusal: { code: 'too_early', accountId: 'acme', firstDay: '2026-02-04', days: 1 },
    });
  });

  test('when the id has told an office of something else', async () => {
    await rig.announce();
    expect(await rig.plan({ monthlyMicros: 4 * USD })).toEqual({
      ok: false,
      refusal: { code: 'id_reused', accountId: 'acme', officeId: 'austin' },
    });
    expect(await rig.plan()).toMatchObject({ ok: true, offices: [{ sameCount: 1 }, { sameCount: 2 }] });
  });
});

describe('whoever announces and is stopped half-way', () => {
  test('goes on with the same id: no number is left out, nobody is told twice', async () => {
    await expect(rig.announce({}, rig.dyingAfter(1))).rejects.toThrow('killed');
    expect(await rig.mails()).toHaveLength(1);
    expect(await rig.announce()).toMatchObject([{ officeId: 'berlin', numberCount: 2 }]);
    expect(await rig.mails()).toHaveLength(2);
  });

  test('a rent that is charged at the same moment has its old price, and the number gets its new one', async () => {
    await rig.rent.office.addCredit(20 * USD);
    rig.rent.turnTo('2026-03-03');
    const [announced] = await Promise.all([rig.announce({ fromDay: '2026-04-03' }), rig.rent.round()]);
    expect(announced).toMatchObject([{ numberCount: 1 }, { numberCount: 2 }]);
    await rig.rent.live('2026-04-03');
    expect(await rig.rent.rents()).toEqual(['2026-03-03 1', '2026-04-03 2']);
  });
});

describe('a number on hold', () => {
  test('comes back for the price of the day on which somebody pays, and says so', async () => {
    await rig.announce({ fromDay: '2026-03-20' });
    for (const day of ['2026-03-03', '2026-03-10']) await rig.rent.live(day);
    expect(await rig.rent.shown()).toMatchObject({ state: 'held', dueMicros: USD });
    rig.rent.turnTo('2026-03-20');
    expect(await rig.rent.shown()).toMatchObject({ state: 'held', dueMicros: 2 * USD });
    await rig.rent.office.addCredit(10 * USD);
    expect(await rig.rent.restore()).toMatchObject({ ok: true, value: { monthlyMicros: 2 * USD, newPrice: null } });
    expect(await rig.rent.office.wallet()).toMatchObject({ balance: 8 * USD });
  });

  test('a late one is paid at the lower price as soon as there is credit for that', async () => {
    await rig.announce({ monthlyMicros: 500_000, fromDay: '2026-02-04' });
    await rig.rent.live('2026-03-03');
    expect(await rig.rent.shown(SECOND)).toMatchObject({ state: 'late', dueMicros: 500_000 });
    await rig.rent.office.addCredit(USD);
    await rig.lateRound();
    expect(await rig.rent.rents(SECOND)).toEqual(['2026-03-03 0.5']);
    expect(await rig.rent.rents()).toEqual(['2026-03-03 0.5']);
  });
});

describe('the mail', () => {
  test('has every number, both prices and the day; it has no switch and no link that stops it', async () => {
    const { store } = rig.rent.office;
    const contact = operatorContact({ accountId: 'acme', officeId: null, email: 'dana@acme.test' });
    await store.writeRows([{ table: 'billing_contact', mode: 'upsert', row: contact }]);
    await rig.announce({ monthlyMicros: 2_500_000 });
    const links = createMailLinks({
      adminUrl: 'https://app.example.com/billing',
      publicUrl: 'https://phone.example.com',
      key: stopKeyOf('a secret'),
    });
    const room = mailRoom({ store, clock: rig.rent.office.clock, log: () => undefined, links });
    const [, berlin] = await rig.mails();
    const mail = berlin && (await composeMail(room, berlin));
    expect(mail?.subject).toBe('The rent of 2 numbers changes on 1 April 2026');
    expect(mail?.to).toEqual(['dana@acme.test']);
    for (const words of [
      'From 1 April 2026 on, 2 numbers cost $5.00 a month instead of $4.00, all together:',
      '+12025550101: $2.50 a month instead of $1.00',
      '+12025550102: $2.50 a month instead of $3.00',
      'nothing was charged now',
      'https://app.example.com/billing',
      'What is paid for is always told when it changes.',
    ]) {
      expect(mail?.text).toContain(words);
    }
    expect(mail?.unsubscribeUrl).toBe(null);
    const choice = { accountId: 'acme', email: 'dana@acme.test', kind: 'rent_changes', isOff: true, atMs: 1 };
    expect(await chooseMail(store, choice)).toBe(false);
    const settings = agreed(await rig.rent.office.services.alerts.handlers.alertSettings(DANA, {}));
    expect(settings.mails.map(({ kind }) => kind)).not.toContain('rent_changes');
  });

  test('of one number names it, and what is taken back says that the price stays', async () => {
    await rig.announce({ prefix: OF_AUSTIN });
    rig.rent.office.clock.advance(1);
    await rig.announce({ prefix: OF_AUSTIN, announcementId: 'sorry', monthlyMicros: USD });
    const room = mailRoom({ store: rig.rent.office.store, clock: rig.rent.office.clock, log: () => undefined });
    const written = await Promise.all((await rig.mails()).map((row) => composeMail(room, row)));
    expect(written.map((mail) => mail?.subject)).toEqual([
      'The rent of +13035550103 changes on 1 April 2026',
      'The rent of +13035550103 stays as it is',
    ]);
    expect(written[1]?.text).toContain('costs $1.00 a month, as until now.');
    expect(written[1]?.text).toContain('instead of what was announced before');
  });

  test('lists fifty numbers of an office and counts the others', async () => {
    for (let index = 0; index < 52; index += 1) await rig.rent.own({ number: `+1720555${1_000 + index}` });
    await rig.announce({ prefix: '+1720' });
    const facts = await rig.factsOf('berlin');
    expect([facts.numbers.length, facts.numberCount, facts.newMicros]).toEqual([50, 52, 104 * USD]);
  });

  test('is a banner for the admins of the office, and for nobody else', async () => {
    await rig.announce();
    const alerts = agreed(await rig.rent.office.services.alerts.handlers.alerts(DANA, {})).alerts;
    expect(alerts.map(({ facts, officeId }) => [facts.kind, officeId])).toEqual([['rent_changes', 'berlin']]);
    expect((await rig.rent.page(SAM)).rent).toBe(null);
  });
});
