/**
 * Caps per agent and per office as counters of the ledger: checked and counted in the same step as the hold, so that parallel
 * calls cannot slip past together.
 */
import { micros } from '../../src/protocol/money.ts';
import { type ProblemCode, type Refusal, refusal } from '../../src/protocol/problem.ts';
import type { RateKind } from '../../src/protocol/rate.ts';
import type { LimitUse } from '../ledger/operation.ts';
import type { Policy } from '../policy/policy.ts';
import { spendDay } from './spend-day.ts';

export interface CallLimit extends LimitUse {
  readonly code: Extract<
    ProblemCode,
    'agent_call_limit' | 'office_call_limit' | 'agent_spend_limit' | 'office_spend_limit'
  >;
}

export interface LimitedCall {
  readonly personId: string;
  readonly officeId: string;
  readonly timeZone: string;
  readonly atMs: number;
  readonly kind: RateKind;
  /** A call that costs nothing counts as a call, not as spend. */
  readonly isCharged: boolean;
}

/** Emergency calls are never limited. */
export function callLimits(call: LimitedCall, caps: Policy['caps']): readonly CallLimit[] {
  if (call.kind === 'emergency') return [];
  const day = spendDay(call.atMs, call.timeZone);
  const agent = `agent:${call.personId}`;
  const office = `office:${call.officeId}`;
  return [
    ...atOnce(`${agent}:calls`, { ceiling: caps.agentCallsAtOnce, code: 'agent_call_limit' }),
    ...atOnce(`${office}:calls`, { ceiling: caps.officeCallsAtOnce, code: 'office_call_limit' }),
    ...(call.isCharged
      ? [
          ...spend(`${agent}:spend:${day}`, { ceiling: caps.agentDayMicros, code: 'agent_spend_limit' }),
          ...spend(`${office}:spend:${day}`, { ceiling: caps.officeDayMicros, code: 'office_spend_limit' }),
        ]
      : []),
  ];
}

interface Cap {
  readonly ceiling: number | null;
  readonly code: CallLimit['code'];
}

function atOnce(limitKey: string, { ceiling, code }: Cap): readonly CallLimit[] {
  return ceiling === null ? [] : [{ limitKey, use: 1, ceiling, keeps: 'nothing', code }];
}

/** What is held counts, and what was captured stays; `use` asks for nothing more than the hold itself. */
function spend(limitKey: string, { ceiling, code }: Cap): readonly CallLimit[] {
  return ceiling === null ? [] : [{ limitKey, use: 0, ceiling, keeps: 'captured', code }];
}

export function limitRefusal(limit: CallLimit, currency: string): Refusal {
  return limit.keeps === 'nothing'
    ? refusal(limit.code, { limitCalls: limit.ceiling })
    : refusal(limit.code, { limitMicros: micros(limit.ceiling), currency });
}
