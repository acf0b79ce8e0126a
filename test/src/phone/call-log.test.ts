import { describe, expect, test } from 'vitest';
import { micros } from '../../../src/protocol/money.ts';
import { granted } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { phoneRig } from '../../support/phone-fakes.ts';
import { CENT, sampleRecord } from '../../support/phone-samples.ts';

/** What the server says of a call that lasted 50 s at six cents a minute, by the second. */
const SETTLED = {
  status: 'settled',
  answeredAtMs: Date.UTC(2026, 0, 15, 12),
  durationSeconds: 50,
  billedSeconds: 50,
  costMicros: micros(5 * CENT),
  lease: null,
} as const;
const EXPLAINED = { costMicros: 5 * CENT, billedSeconds: 50, perMinuteMicros: 6 * CENT, incrementSeconds: 1 };

describe('the call history', () => {
  test('2.1.7: a call that ends here is explained by the record of the server', async () => {
    const rig = await phoneRig();
    rig.phone.dial('0151 12345678');
    const callId = rig.callId();
    await settled();
    rig.line.say({ type: 'prepared', callId });
    rig.line.say({ type: 'answered', callId });
    await rig.clock.advance(50_000);
    rig.line.say({ type: 'ended', callId, reason: 'far_end_hung_up', refusalCode: null });
    rig.gate.say({ type: 'call', call: sampleRecord(callId, SETTLED) });
    await settled();
    expect(rig.phone.snapshot.history).toMatchObject([{ callId, ...EXPLAINED }]);
    expect(rig.history.entries.get(callId)).toMatchObject(EXPLAINED);
  });

  test('a call of before a reload is explained as soon as the server tells of it', async () => {
    const rig = await phoneRig({
      prepare: async ({ gate, history }) => {
        gate.call = async (callId) => granted(sampleRecord(callId, SETTLED));
        await history.put({
          callId: 'call-before',
          personId: 'person-sam',
          direction: 'outbound',
          number: '+4915112345678',
          destination: 'Germany, mobile',
          startedAtMs: 1,
          durationSeconds: 0,
          costMicros: null,
          currency: 'USD',
          endReason: null,
          isSettled: false,
        });
      },
    });
    await settled();
    expect(rig.phone.snapshot.history).toMatchObject([{ callId: 'call-before', isSettled: true, ...EXPLAINED }]);
  });
});
