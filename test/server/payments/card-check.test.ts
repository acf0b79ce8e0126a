/** Card confirmation by a small random charge (REQUIREMENTS D-22 to D-24; scenarios 42, 43 and 44). */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CardCheckRow } from '../../../server/storage/rows.ts';
import { type Micros, micros } from '../../../src/protocol/money.ts';
import { ANN, DANA, STRANGER } from '../../support/office-rig.ts';
import { agreed, codeOf, GOOD_CARD, PaymentRig, USD } from '../../support/payment-rig.ts';

let rig: PaymentRig;

beforeEach(async () => {
  rig = await PaymentRig.open();
  await mustConfirm();
});

afterEach(async () => {
  await rig.close();
});

const DAY_SECONDS = 86_400;
const OTHER_CARD = '5555555555554444';

async function mustConfirm(): Promise<void> {
  const row = {
    accountId: 'acme',
    isInvoiced: false,
    ceilingMicros: 0,
    openMicros: 0,
    isConfirmationNeeded: true,
    buyerLines: '[]',
    version: 1,
  };
  await rig.office.store.writeRows([{ table: 'billing_terms', mode: 'insert', row }]);
}

async function checkRow(checkId: string): Promise<CardCheckRow> {
  return await rig.office.store.db
    .selectFrom('card_check')
    .selectAll()
    .where('checkId', '=', checkId)
    .executeTakeFirstOrThrow();
}

/** What stands on the statement of the card. */
async function statement(checkId: string): Promise<Micros> {
  return micros((await checkRow(checkId)).amountMinor * 10_000);
}

async function wrongAmount(checkId: string): Promise<Micros> {
  const right = await statement(checkId);
  return micros(right === 1_500_000 ? 1_510_000 : 1_500_000);
}

async function started(): Promise<string> {
  const checkId = randomUUID();
  expect(agreed(await rig.ask('startCardCheck', { checkId }))).toMatchObject({
    checkId,
    status: 'waiting',
    triesLeft: 3,
  });
  return checkId;
}

async function refunds(): Promise<number> {
  const rows = await rig.office.store.db
    .selectFrom('simulated_object')
    .select('kind')
    .where('kind', '=', 'refund')
    .execute();
  return rows.length;
}

describe('an account that must confirm its card', () => {
  test('D-22: cannot pay or turn auto-recharge on, by no card, until it has', async () => {
    await rig.saveCard();
    expect(codeOf(await rig.pay())).toBe('card_unconfirmed');
    expect(codeOf(await rig.pay({ payWith: 'new_card' }))).toBe('card_unconfirmed');
    expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({
      isCardUnconfirmed: true,
      cardCheckId: null,
      autoRecharge: { cannotTurnOn: 'card_unconfirmed' },
    });
    await expect(rig.turnOnRecharge()).rejects.toThrow('card_unconfirmed');
    expect(await rig.charges()).toBe(0);
  });

  test('scenario 42, D-24: the right amount confirms; no credit, one refund; then paying and auto-recharge work', async () => {
    await rig.saveCard();
    const checkId = await started();
    expect(await rig.charges()).toBe(1);
    const guess = { checkId, amountMicros: await statement(checkId) };
    expect(agreed(await rig.ask('guessCardCheck', guess))).toMatchObject({ status: 'confirmed' });
    expect(agreed(await rig.ask('guessCardCheck', guess))).toMatchObject({ status: 'confirmed' });
    await rig.deliverAll((reports) => [...reports, ...reports]);
    await rig.later(60);
    expect(await refunds()).toBe(1);
    expect(await checkRow(checkId)).toMatchObject({ isPaid: true, isRefunded: true, dueAtMs: null });
    expect(await rig.balance()).toBe(0);
    expect(await rig.office.store.db.selectFrom('entry').selectAll().execute()).toEqual([]);
    expect(await rig.office.store.db.selectFrom('invoice_task').selectAll().execute()).toEqual([]);
    expect(agreed(await rig.ask('paymentSettings', {})).isCardUnconfirmed).toBeUndefined();
    agreed(await rig.pay());
    await rig.turnOnRecharge();
    expect(rig.office.logged.join()).not.toContain('not one of ours');
  });

  test('D-22: is told so before it has a card, and once the card is confirmed no more', async () => {
    expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({ isCardUnconfirmed: true, cardCheckId: null });
    await rig.saveCard();
    const checkId = await started();
    expect(agreed(await rig.ask('paymentSettings', {}))).toMatchObject({
      isCardUnconfirmed: true,
      cardCheckId: checkId,
    });
    agreed(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }));
    expect(agreed(await rig.ask('paymentSettings', {}))).not.toHaveProperty('isCardUnconfirmed');
  });

  test('the saved card of another office is not confirmed by it', async () => {
    await rig.saveCard();
    const checkId = await started();
    agreed(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }));
    const austin = { ...ANN, role: 'billing' as const };
    const guess = { checkId, amountMicros: await statement(checkId) };
    expect(codeOf(await rig.ask('guessCardCheck', guess, { identity: austin }))).toBe('card_check_closed');
    expect(codeOf(await rig.ask('cardCheck', { checkId }, { identity: austin }))).toBe('card_check_closed');
    expect(codeOf(await rig.ask('startCardCheck', { checkId }, { identity: austin }))).toBe('id_reused');
    const stranger = { ...STRANGER, role: 'company' as const };
    expect(codeOf(await rig.ask('guessCardCheck', guess, { identity: stranger }))).toBe('card_check_closed');
  });
});

describe('wrong amounts', () => {
  test('D-24: three times is locked, the right one is refused then, and the charge is given back', async () => {
    await rig.saveCard();
    const checkId = await started();
    const amountMicros = await wrongAmount(checkId);
    for (const triesLeft of [2, 1, 0]) {
      const status = triesLeft === 0 ? 'locked' : 'waiting';
      expect(agreed(await rig.ask('guessCardCheck', { checkId, amountMicros }))).toMatchObject({ status, triesLeft });
    }
    const right = { checkId, amountMicros: await statement(checkId) };
    expect(codeOf(await rig.ask('guessCardCheck', right))).toBe('card_check_locked');
    expect(codeOf(await rig.ask('startCardCheck', { checkId: randomUUID() }))).toBe('card_check_locked');
    expect(await refunds()).toBe(1);
    expect(codeOf(await rig.pay())).toBe('card_unconfirmed');
    const mails = await rig.office.store.db.selectFrom('mail').select('kind').orderBy('kind').execute();
    expect(mails).toEqual([{ kind: 'card_check' }, { kind: 'card_check_locked' }]);
  });

  test('the profile dialpad locks after two', async () => {
    await rig.saveCard();
    const account = await rig.office.store.db
      .selectFrom('account')
      .selectAll()
      .where('accountId', '=', 'acme')
      .executeTakeFirstOrThrow();
    await rig.office.store.writeRows([{ table: 'account', mode: 'upsert', row: { ...account, profile: 'dialpad' } }]);
    rig.office.clock.advance(2_000);
    const checkId = randomUUID();
    expect(agreed(await rig.ask('startCardCheck', { checkId })).triesLeft).toBe(2);
    const amountMicros = await wrongAmount(checkId);
    expect(agreed(await rig.ask('guessCardCheck', { checkId, amountMicros })).status).toBe('waiting');
    expect(agreed(await rig.ask('guessCardCheck', { checkId, amountMicros })).status).toBe('locked');
  });

  test('scenario 43: fifty wrong guesses at once on two servers: three are counted, one refund, the right one refused', async () => {
    await rig.saveCard();
    const checkId = await started();
    const right = await statement(checkId);
    const other = rig.office.newServices().payments;
    const amounts = Array.from({ length: 99 }, (_, index) => micros(1_010_000 + index * 10_000)).filter(
      (one) => one !== right,
    );
    const guesses = amounts.slice(0, 50);
    const answers = await Promise.all(
      guesses.map((amountMicros, index) =>
        rig.ask('guessCardCheck', { checkId, amountMicros }, index % 2 === 0 ? {} : { service: other }),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    expect(answers.filter((answer) => !answer.ok).map(codeOf)).toEqual(Array(47).fill('card_check_locked'));
    expect(await checkRow(checkId)).toMatchObject({ status: 'locked', triesLeft: 0, isRefunded: true });
    expect(codeOf(await rig.ask('guessCardCheck', { checkId, amountMicros: right }))).toBe('card_check_locked');
    expect(await refunds()).toBe(1);
  });

  test.each([
    ['less than it can be', 1_000_000],
    ['more than it can be', 2_000_000],
    ['nothing', 0],
    ['half a cent', 1_505_000],
  ])('%s is a mistake of typing and costs no try', async (_name, amountMicros) => {
    await rig.saveCard();
    const checkId = await started();
    const answer = await rig.ask('guessCardCheck', { checkId, amountMicros: micros(amountMicros) });
    expect(codeOf(answer)).toBe('amount_out_of_bounds');
    expect(await checkRow(checkId)).toMatchObject({ triesLeft: 3, status: 'waiting' });
  });
});

describe('the charge', () => {
  test('is between 1.01 and 1.99 and not the same each time; its amount is in no answer, event, mail or log', async () => {
    await rig.saveCard();
    const amounts = new Set<number>();
    const said: unknown[] = [];
    for (let day = 0; day < 12; day += 1) {
      const checkId = randomUUID();
      said.push(await rig.ask('startCardCheck', { checkId }), await rig.ask('cardCheck', { checkId }));
      said.push(await rig.ask('paymentSettings', {}), await rig.ask('payments', {}));
      const { amountMinor } = await checkRow(checkId);
      expect(amountMinor).toBeGreaterThanOrEqual(101);
      expect(amountMinor).toBeLessThanOrEqual(199);
      amounts.add(amountMinor);
      const amountMicros = await wrongAmount(checkId);
      for (let tries = 0; tries < 3; tries += 1) said.push(await rig.ask('guessCardCheck', { checkId, amountMicros }));
      await rig.deliverAll();
      await rig.later(DAY_SECONDS);
    }
    expect(amounts.size).toBeGreaterThan(3);
    said.push(rig.office.told, rig.office.logged, await rig.office.store.db.selectFrom('mail').selectAll().execute());
    const words = JSON.stringify(said);
    for (const amountMinor of amounts) {
      const forms = [`${amountMinor}`, `${amountMinor}0000`, (amountMinor / 100).toFixed(2).replace('.', '\\.')];
      const found = forms.filter((form) => new RegExp(`(?<![\\w.-])${form}(?![\\w.-])`).test(words));
      // The bounds are no secret.
      expect([amountMinor, found]).toEqual([amountMinor, [101, 199].includes(amountMinor) ? found : []]);
    }
  });

  test('is made once for a double click, and shown instead of a second one for another id', async () => {
    await rig.saveCard();
    const checkId = randomUUID();
    await Promise.all([1, 2, 3].map(() => rig.ask('startCardCheck', { checkId })));
    expect(agreed(await rig.ask('startCardCheck', { checkId: randomUUID() })).checkId).toBe(checkId);
    expect(await rig.charges()).toBe(1);
  });

  test('happens twice a day at most, also when two servers are asked at once', async () => {
    const other = rig.office.newServices().payments;
    for (const number of [GOOD_CARD, OTHER_CARD, GOOD_CARD]) {
      await rig.saveCard(number);
      const service = number === GOOD_CARD ? rig.service : other;
      const answers = await Promise.all(
        [rig.service, service].map((one) => rig.ask('startCardCheck', { checkId: randomUUID() }, { service: one })),
      );
      if (number === GOOD_CARD && (await rig.charges()) === 2)
        expect(answers.map((answer) => answer.ok)).not.toContain(undefined);
    }
    expect(await rig.charges()).toBe(2);
    expect(codeOf(await rig.ask('startCardCheck', { checkId: randomUUID() }))).toBe('card_check_limit');
    await rig.later(DAY_SECONDS);
    agreed(await rig.ask('startCardCheck', { checkId: randomUUID() }));
    expect(await rig.charges()).toBe(3);
  });

  test.each([
    'lost_before',
    'lost_after',
    'crash_before',
    'crash_after',
  ] as const)('%s: found out by the sweep, charged once', async (fault) => {
    await rig.saveCard();
    rig.faults.push(fault);
    const checkId = randomUUID();
    await rig.ask('startCardCheck', { checkId }).catch(() => undefined);
    expect(await checkRow(checkId)).toMatchObject({ status: 'charging' });
    expect(codeOf(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }))).toBe(
      'card_check_closed',
    );
    await rig.later(61);
    expect(await checkRow(checkId)).toMatchObject({ status: 'waiting', isPaid: true });
    expect(await rig.charges()).toBe(1);
  });

  test('is declined: failed, with why, and nothing to give back', async () => {
    await rig.saveCard('4000000000000341');
    const checkId = randomUUID();
    expect(agreed(await rig.ask('startCardCheck', { checkId }))).toMatchObject({
      status: 'failed',
      failure: { kind: 'declined' },
    });
    expect(codeOf(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }))).toBe(
      'card_check_closed',
    );
    await rig.later(20 * DAY_SECONDS);
    expect(await refunds()).toBe(0);
  });

  test('wants authentication first: no guess counts before the bank is answered', async () => {
    await rig.saveCard('4000002760003184');
    const checkId = randomUUID();
    const check = agreed(await rig.ask('startCardCheck', { checkId }));
    expect(check).toMatchObject({ status: 'requires_action', step: { kind: 'authenticate' } });
    await rig.provider.authenticate({ clientSecret: check.step?.clientSecret ?? '', isConfirmed: true });
    expect(agreed(await rig.ask('cardCheck', { checkId }))).toMatchObject({ status: 'waiting', step: null });
  });

  test('that nobody confirms is given back after 14 days, once', async () => {
    await rig.saveCard();
    const checkId = await started();
    await rig.later(13.9 * DAY_SECONDS);
    expect(await refunds()).toBe(0);
    await rig.later(0.2 * DAY_SECONDS);
    await rig.later(DAY_SECONDS);
    expect(await refunds()).toBe(1);
    expect(await checkRow(checkId)).toMatchObject({ status: 'expired', isRefunded: true });
    expect(codeOf(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }))).toBe(
      'card_check_closed',
    );
  });
});

describe('scenario 44: the card is changed while it is checked', () => {
  test('the right amount of the old card is refused and given back, and confirms no card', async () => {
    await rig.saveCard();
    const checkId = await started();
    await rig.saveCard(OTHER_CARD);
    expect(codeOf(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }))).toBe(
      'card_check_closed',
    );
    expect(await checkRow(checkId)).toMatchObject({ status: 'expired', isRefunded: true });
    expect(codeOf(await rig.pay())).toBe('card_unconfirmed');
  });

  test('a confirmed card does not vouch for the next one', async () => {
    await rig.saveCard();
    const checkId = await started();
    agreed(await rig.ask('guessCardCheck', { checkId, amountMicros: await statement(checkId) }));
    agreed(await rig.pay({ amountMicros: micros(5 * USD) }));
    await rig.saveCard(OTHER_CARD);
    expect(codeOf(await rig.pay({}, { identity: DANA }))).toBe('card_unconfirmed');
  });
});
