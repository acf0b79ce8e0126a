/** The policy of a server whose operator decided nothing. */
import { micros } from '../../src/protocol/money.ts';
import type { Policy } from './policy.ts';

export const DEFAULT_POLICY: Policy = {
  showBalanceToAgents: 'money',
  credit: {
    lowMicros: micros(5_000_000),
    criticalMicros: micros(1_000_000),
    callFloorMicros: micros(0),
  },
  calls: {
    leaseSeconds: 60,
    renewBeforeSeconds: 20,
    reapAfterSeconds: 10,
    ringSeconds: 60,
    grantSeconds: 60,
    maxSeconds: 4 * 3600,
  },
  caps: {
    agentCallsAtOnce: 4,
    officeCallsAtOnce: null,
    perMinuteMicros: null,
    agentDayMicros: null,
    officeDayMicros: null,
  },
  blockedPrefixes: [],
  ungatedKinds: ['emergency', 'internal'],
  inboundAtZero: 'block',
  askForCredit: { coolDownSeconds: 300 },
};
