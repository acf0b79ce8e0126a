import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { until } from '../../support/phone-gate-server.ts';
import { sampleBalance, sampleShopNumber } from '../../support/phone-samples.ts';
import { wishes } from '../../support/phone-talk.ts';

describe('the number shop', () => {
  test('F-27: the Buy button follows the credit without a reload', async () => {
    const rig = await phoneRig();
    const short = refusal('insufficient_credit', { neededMicros: micros(100), availableMicros: micros(50) });
    const row = sampleShopNumber('+14155550100', { refusal: short });
    rig.gate.searchNumbers = async () => granted({ numbers: [row], nextCursor: null });
    rig.phone.searchNumbers({ country: 'US' });
    await until(() => rig.phone.snapshot.shop.state === 'full');
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'full', numbers: [{ refusal: short }] });
    rig.gate.searchNumbers = async () => granted({ numbers: [{ ...row, refusal: null }], nextCursor: null });
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 2 }) });
    await rig.clock.advance(200);
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'full', numbers: [{ refusal: null }] });
  });

  test('turns pages, buys once, and says what was bought or why not', async () => {
    const rig = await phoneRig();
    rig.gate.searchNumbers = async ({ cursor }) =>
      granted({ numbers: [sampleShopNumber(cursor ? '+2222222' : '+1111111')], nextCursor: cursor ? null : 'next' });
    rig.phone.searchNumbers({});
    await until(() => rig.phone.snapshot.shop.state === 'full');
    rig.phone.searchMoreNumbers();
    rig.phone.searchMoreNumbers();
    await settled();
    expect(rig.phone.snapshot.shop).toMatchObject({ isMoreThere: false, numbers: { length: 2 } });
    rig.phone.buyNumber('+1111111');
    rig.phone.buyNumber('+1111111');
    await settled();
    expect(wishes(rig, 'buy')).toHaveLength(1);
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: '+1111111', buying: null });
    rig.gate.buyNumber = async () => refused(refusal('number_taken'));
    rig.phone.buyNumber('+2222222');
    await settled();
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: null, refusal: { code: 'number_taken' } });
  });

  test("a carrier's number goes with its offer, is shown as being ordered, and as bought when it is delivered", async () => {
    const rig = await phoneRig();
    const row = sampleShopNumber('+13125550101', { offer: 'signed' });
    rig.gate.searchNumbers = async () => granted({ numbers: [row], nextCursor: null });
    const sent: unknown[] = [];
    rig.gate.buyNumber = async (number, request) => {
      sent.push([number, request.offer]);
      return granted({
        purchaseId: request.purchaseId,
        state: 'ordered',
        number: { ...row, status: 'ordering', offer: null },
        chargedMicros: micros(0),
        purchasedAtMs: 0,
      });
    };
    rig.phone.searchNumbers({ country: 'US' });
    await until(() => rig.phone.snapshot.shop.state === 'full');
    rig.phone.buyNumber(row.number);
    await settled();
    expect(sent).toEqual([[row.number, 'signed']]);
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: null, buying: null, numbers: [{ status: 'ordering' }] });
    rig.gate.say({ type: 'number', number: { ...row, status: 'owned', offer: null } });
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: row.number, numbers: [{ status: 'owned' }] });
    rig.gate.say({ type: 'number', number: { ...row, status: 'owned', offer: null } });
    expect(rig.phone.snapshot.shop).toMatchObject({ bought: row.number, numbers: { length: 1 } });
  });

  test('says when it cannot be opened', async () => {
    const rig = await phoneRig();
    rig.gate.searchNumbers = async () => refused(refusal('unavailable'));
    rig.phone.searchNumbers({});
    await until(() => rig.phone.snapshot.shop.state !== 'unopened' && rig.phone.snapshot.shop.state !== 'loading');
    expect(rig.phone.snapshot.shop).toMatchObject({ state: 'failed', refusal: { code: 'unavailable' } });
  });
});
