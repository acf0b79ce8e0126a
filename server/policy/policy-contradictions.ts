/** Values of a policy that are right by themselves and wrong together. */
import type { Policy } from './policy.ts';
import { serviceContradictions } from './service-policy.ts';

export interface Contradiction {
  readonly path: readonly string[];
  readonly reason: string;
}

export function policyContradictions({ credit, calls, payments, services, rent }: Policy): readonly Contradiction[] {
  return [
    ...rule(credit.criticalMicros > credit.lowMicros, 'credit.criticalMicros', 'is more than credit.lowMicros'),
    ...rule(
      calls.renewBeforeSeconds >= calls.leaseSeconds,
      'calls.renewBeforeSeconds',
      'is not less than calls.leaseSeconds',
    ),
    ...rule(calls.leaseSeconds > calls.maxSeconds, 'calls.leaseSeconds', 'is more than calls.maxSeconds'),
    ...rule(rent.leavingDays > rent.holdDays, 'rent.leavingDays', 'is more than rent.holdDays'),
    ...topUpContradictions(payments.topUp),
    ...rechargeContradictions(payments.autoRecharge),
    ...serviceContradictions(services),
  ];
}

function topUpContradictions(topUp: Policy['payments']['topUp']): readonly Contradiction[] {
  const { presetsMicros, leastMicros, mostMicros } = topUp;
  const isOutside = presetsMicros.some((presetMicros) => presetMicros < leastMicros || presetMicros > mostMicros);
  return [
    ...rule(leastMicros <= 0, 'payments.topUp.leastMicros', 'is not above zero'),
    ...rule(leastMicros > mostMicros, 'payments.topUp.leastMicros', 'is more than payments.topUp.mostMicros'),
    ...rule(isOutside, 'payments.topUp.presetsMicros', 'has an amount outside leastMicros and mostMicros'),
  ];
}

/** What the form suggests must be what it accepts. */
function rechargeContradictions(recharge: Policy['payments']['autoRecharge']): readonly Contradiction[] {
  const field = (name: string) => `payments.autoRecharge.${name}`;
  const { thresholdMicros, thresholdLeastMicros, thresholdMostMicros } = recharge;
  const { amountMicros, amountLeastMicros, amountMostMicros, monthlyLimitMicros } = recharge;
  return [
    ...rule(
      thresholdMicros < thresholdLeastMicros || thresholdMicros > thresholdMostMicros,
      field('thresholdMicros'),
      'is outside thresholdLeastMicros and thresholdMostMicros',
    ),
    ...rule(amountLeastMicros <= 0, field('amountLeastMicros'), 'is not above zero'),
    ...rule(
      amountMicros < amountLeastMicros || amountMicros > amountMostMicros,
      field('amountMicros'),
      'is outside amountLeastMicros and amountMostMicros',
    ),
    ...rule(
      monthlyLimitMicros < amountMicros,
      field('monthlyLimitMicros'),
      'is less than payments.autoRecharge.amountMicros',
    ),
  ];
}

function rule(isBroken: boolean, field: string, reason: string): readonly Contradiction[] {
  return isBroken ? [{ path: field.split('.'), reason }] : [];
}
