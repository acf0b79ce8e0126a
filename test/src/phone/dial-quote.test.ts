import { describe, expect, test } from 'vitest';
import { refusal, refused } from '../../../src/protocol/problem.ts';
import { settled } from '../../support/phone-clock.ts';
import { later, type PhoneRig, phoneRig } from '../../support/phone-fakes.ts';
import { sampleBalance } from '../../support/phone-samples.ts';

describe('the price tag', () => {
  test('is asked for when typing pauses, and the answer to an older text is dropped', async () => {
    const rig = await phoneRig();
    const slow = later<Awaited<ReturnType<PhoneRig['gate']['quote']>>>();
    const asked: string[] = [];
    const signals: (AbortSignal | undefined)[] = [];
    const quote = rig.gate.quote;
    rig.gate.quote = (query) => {
      asked.push(query.to);
      signals.push(query.signal);
      return query.to === '015' ? slow.promise : quote(query);
    };
    for (const text of ['0', '01', '015']) rig.phone.setDialled(text);
    await rig.clock.advance(150);
    rig.phone.setDialled('0151');
    expect(rig.phone.snapshot.quote).toEqual({ state: 'loading', to: '0151' });
    await rig.clock.advance(150);
    slow.resolve(refused(refusal('number_invalid')));
    await settled();
    expect(asked).toEqual(['015', '0151']);
    expect(signals[0]?.aborted).toBe(true);
    expect(rig.phone.snapshot.quote).toMatchObject({ state: 'known', to: '0151' });
    rig.phone.setDialled('');
    expect(rig.phone.snapshot.quote).toEqual({ state: 'none' });
  });

  test('follows the credit', async () => {
    const rig = await phoneRig();
    rig.phone.setDialled('0151');
    await rig.clock.advance(150);
    rig.gate.quote = async () => refused(refusal('no_rate'));
    rig.gate.say({ type: 'balance', balance: sampleBalance({ version: 2 }) });
    expect(rig.phone.snapshot.quote.state).toBe('known');
    await rig.clock.advance(150);
    expect(rig.phone.snapshot.quote).toMatchObject({ state: 'refused', refusal: { code: 'no_rate' } });
  });
});
