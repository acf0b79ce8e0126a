import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted, refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { CENT, sampleCreditRequest, sampleMe } from '../../support/phone-samples.ts';
import { wishes } from '../../support/phone-talk.ts';

describe('requests for credit', () => {
  test('an agent asks; a lost answer is repeated with the same id; the answer comes by the stream', async () => {
    const rig = await phoneRig();
    const ids: string[] = [];
    const ask = rig.gate.askForCredit;
    rig.gate.askForCredit = async (request) => {
      ids.push(request.requestId);
      return ids.length === 1 ? refused(refusal('unavailable')) : ask(request);
    };
    rig.phone.askForCredit('customer on the line');
    await settled();
    expect(rig.phone.snapshot.askRefusal?.code).toBe('unavailable');
    rig.phone.askForCredit('customer on the line');
    await settled();
    expect(ids[0]).toBe(ids[1]);
    expect(rig.phone.snapshot).toMatchObject({ askRefusal: null, creditRequests: [{ state: 'asked' }] });
    const request = sampleCreditRequest(ids[0] ?? '', { state: 'granted', addedMicros: micros(25) });
    rig.gate.say({ type: 'credit_request', request });
    expect(rig.phone.snapshot.creditRequests).toMatchObject([{ state: 'granted', addedMicros: 25 }]);
  });

  test('an admin sees the open ones and grants one by adding credit: once, however often it is pressed', async () => {
    const rig = await phoneRig({
      prepare: ({ gate }) => {
        gate.me = async () => granted(sampleMe({ role: 'billing', personId: 'person-dana' }));
      },
    });
    rig.gate.say({ type: 'credit_request', request: sampleCreditRequest('request-1') });
    expect(rig.phone.snapshot.creditRequests).toHaveLength(1);
    rig.phone.addPlayCredit(micros(25 * 100 * CENT), { requestId: 'request-1' });
    rig.phone.addPlayCredit(micros(25 * 100 * CENT), { requestId: 'request-1' });
    expect(rig.phone.snapshot.isAddingCredit).toBe(true);
    await settled();
    expect(wishes(rig, 'add', 'answer')).toEqual(['add', 'answer']);
    expect(rig.phone.snapshot).toMatchObject({ isAddingCredit: false, creditRequests: [], balance: { version: 2 } });
  });

  test('play credit whose answer was lost keeps its id, and another amount has another', async () => {
    const rig = await phoneRig();
    const ids: string[] = [];
    rig.gate.addPlayCredit = async ({ creditId }) => {
      ids.push(creditId);
      return refused(refusal(ids.length === 3 ? 'role_forbidden' : 'unavailable'));
    };
    for (const amount of [5, 5, 5, 5, 10]) {
      rig.phone.addPlayCredit(micros(amount * CENT), { requestId: null });
      await settled();
    }
    expect([ids[0] === ids[1], ids[1] === ids[2], ids[2] === ids[3], ids[3] === ids[4]]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(rig.phone.snapshot.addCreditRefusal?.code).toBe('unavailable');
  });
});
