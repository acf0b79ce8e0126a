import { describe, expect, test } from 'vitest';
import { END_REASONS } from '../../../src/protocol/call.ts';
import { endReasonOfGoodbye, endReasonOfRejection, endReasonOfStatus } from '../../../src/sip/sip-end-reason.ts';

describe('a refused INVITE in words of ours', () => {
  test.each([
    [402, 'refused'],
    [403, 'refused'],
    [404, 'unreachable'],
    [408, 'no_answer'],
    [480, 'no_answer'],
    [484, 'unreachable'],
    [486, 'busy'],
    [487, 'cancelled'],
    [600, 'busy'],
    [603, 'declined'],
    [604, 'unreachable'],
    [500, 'failed'],
    [0, 'failed'],
  ] as const)('%i is %s', (statusCode, reason) => {
    expect(endReasonOfStatus(statusCode)).toBe(reason);
  });
});

describe('a rejection in words of ours', () => {
  test.each(END_REASONS)('our edge says %s outright, whatever the status', (endReason) => {
    expect(endReasonOfRejection({ statusCode: 503, endReason })).toBe(endReason);
  });

  test.each([undefined, 'because'])('without a word that we know (%s) the status tells', (endReason) => {
    expect(endReasonOfRejection({ statusCode: 486, endReason })).toBe('busy');
  });
});

describe('a goodbye in words of ours', () => {
  test.each(END_REASONS)('our edge says %s outright', (endReason) => {
    expect(endReasonOfGoodbye({ endReason, reason: 'Q.850;cause=16' })).toBe(endReason);
  });

  test('a word that is none of ours is not believed', () => {
    expect(endReasonOfGoodbye({ endReason: 'because', reason: undefined })).toBe('far_end_hung_up');
  });

  test.each([
    ['SIP;cause=402;text="no credit"', 'credit_exhausted'],
    ['Q.850;cause=16, SIP ;cause=402', 'credit_exhausted'],
    ['Q.850;cause=402', 'far_end_hung_up'],
    ['SIP;cause=200;text="402"', 'far_end_hung_up'],
    ['', 'far_end_hung_up'],
    [undefined, 'far_end_hung_up'],
  ] as const)('the Reason header %s means %s', (reason, expected) => {
    expect(endReasonOfGoodbye({ endReason: undefined, reason })).toBe(expected);
  });
});
