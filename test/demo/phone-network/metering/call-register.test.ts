import { describe, expect, test } from 'vitest';
import { CallRegister, MAX_REMEMBERED_CALLS } from '../../../../demo/phone-network/metering/call-register.ts';
import type { AllowedAdmission, CallReport } from '../../../../demo/phone-network/metering/edge-gate.ts';
import {
  endingHeaders,
  endingStatus,
  lineText,
  reasonOfStatus,
} from '../../../../demo/phone-network/metering/ending-on-the-line.ts';
import { ACCOUNT, allow } from '../../../support/fake-gate-server.ts';
import { MovingTimers } from '../moving-timers.ts';

function admission(callId: string): AllowedAdmission {
  const allowed = allow({ callId });
  if (allowed.decision !== 'allow') throw new Error('unreachable');
  return allowed;
}

function start() {
  const reports: CallReport[] = [];
  const register = new CallRegister({ clock: new MovingTimers(), report: (report) => reports.push(report) });
  return { register, reports };
}

const name = (callId: string) => ({ accountId: ACCOUNT, callId });

describe('CallRegister', () => {
  test('a call of the same id in another account is another call', () => {
    const { register, reports } = start();
    const own = register.begin(admission('call-0001'));
    const foreign = register.begin({ ...admission('call-0001'), accountId: 'other' });
    expect(foreign).not.toBeNull();
    register.apply({ accountId: 'other', callId: 'call-0001' }, { leaseSeconds: null, isOver: true });
    expect(own?.ending).toBeNull();
    expect(reports).toMatchObject([{ accountId: 'other', callId: 'call-0001', kind: 'ended' }]);
  });

  test('one call id is one call, also after it has ended', () => {
    const { register } = start();
    const call = register.begin(admission('call-0001'));
    expect(call).not.toBeNull();
    expect(register.begin(admission('call-0001'))).toBeNull();
    call?.end({ reason: 'hung_up', text: '' });
    expect(register.begin(admission('call-0001'))).toBeNull();
    expect(register.find(name('call-0001'))).toBeNull();
    expect(register.size).toBe(0);
  });

  test('a call that outlasts the memory of used ids is not begun a second time', () => {
    const { register } = start();
    const long = register.begin(admission('call-0001'));
    for (let other = 0; other < MAX_REMEMBERED_CALLS; other += 1) {
      register.begin(admission(`other-${other}`))?.end({ reason: 'hung_up', text: '' });
    }
    expect(register.begin(admission('call-0001'))).toBeNull();
    expect(register.find(name('call-0001'))).toBe(long);
  });

  test('applies what the server believes', () => {
    const { register } = start();
    const call = register.begin(admission('call-0001'));
    register.apply(name('call-0001'), { leaseSeconds: 7, isOver: false });
    expect(call?.snapshot()?.leaseSeconds).toBe(7);
    register.apply(name('call-0001'), { leaseSeconds: null, isOver: false });
    expect(call?.snapshot()?.leaseSeconds).toBe(7);
    register.apply(name('call-0001'), { leaseSeconds: 99, isOver: true });
    expect(call?.snapshot()).toBeNull();
    register.apply(name('never-heard-of'), { leaseSeconds: 1, isOver: true });
  });

  test('ends and reports every call when the network closes', () => {
    const { register, reports } = start();
    register.begin(admission('call-0001'));
    register.begin(admission('call-0002'));
    register.endAll('closing');
    expect(reports.map(({ callId, kind }) => [callId, kind])).toEqual([
      ['call-0001', 'ended'],
      ['call-0002', 'ended'],
    ]);
  });
});

describe('an ending on the line', () => {
  test('a lease that ran out is Q.850 cause 102, with our own word for it', () => {
    expect(endingHeaders({ reason: 'lease_expired', text: 'credit lease expired' })).toEqual([
      'Reason: Q.850;cause=102;text="credit lease expired"',
      'X-End-Reason: lease_expired',
    ]);
  });

  test('text cannot break out of its quotes or its line', () => {
    expect(lineText('a"b\\c\r\nX-Evil: 1\u0000')).toBe('a b c X-Evil: 1');
    expect(lineText('x'.repeat(1000))).toHaveLength(160);
  });

  test('statuses and reasons agree in both directions', () => {
    for (const reason of ['busy', 'declined', 'no_answer', 'unreachable'] as const) {
      expect(reasonOfStatus(endingStatus({ reason, text: '' }))).toBe(reason);
    }
    expect(endingStatus({ reason: 'unreachable', text: '', statusCode: 503 })).toBe(503);
    expect(reasonOfStatus(500)).toBe('failed');
  });
});
