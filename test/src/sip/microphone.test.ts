import { describe, expect, test } from 'vitest';
import { microphoneFaultOf } from '../../../src/sip/microphone.ts';

describe('why there is no microphone', () => {
  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'in_use'],
    ['AbortError', 'in_use'],
    ['SecurityError', 'policy_blocked'],
    ['TypeError', 'policy_blocked'],
  ] as const)('%s means %s', (name, fault) => {
    expect(microphoneFaultOf(Object.assign(new Error('no'), { name }))).toBe(fault);
  });

  test('something unheard of counts as a no of the person, who can try again', () => {
    expect(microphoneFaultOf('?')).toBe('denied');
  });
});
