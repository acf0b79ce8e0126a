/** Whether an amount can be paid. The form shows the same bounds; what comes over the wire is never trusted. */
import type { Micros } from '../../src/protocol/money.ts';
import { type OfficeRefusal, officeRefusal } from '../../src/protocol/office-problem.ts';
import type { AmountBounds } from '../../src/protocol/payment.ts';
import type { Policy } from '../policy/policy.ts';
import { stepMicros } from './minor-units.ts';

export function amountRefusal(
  amountMicros: Micros,
  { policy, currency }: { readonly policy: Policy; readonly currency: string },
): OfficeRefusal | null {
  const { topUp } = policy.payments;
  const isPreset = topUp.presetsMicros.includes(amountMicros);
  const bounds = { leastMicros: topUp.leastMicros, mostMicros: topUp.mostMicros };
  if (isPreset) return stepRefusal(amountMicros, { field: '/amountMicros', currency, bounds });
  if (!topUp.isOtherAmountAllowed)
    return outOfBounds('/amountMicros', { bounds, reason: 'is none of the amounts offered' });
  return boundsRefusal(amountMicros, { field: '/amountMicros', currency, bounds });
}

/** Within the bounds, and a whole number of the currency's smallest unit. */
export function boundsRefusal(
  amountMicros: Micros,
  rule: { readonly field: string; readonly currency: string; readonly bounds: AmountBounds },
): OfficeRefusal | null {
  const { field, bounds } = rule;
  if (amountMicros < bounds.leastMicros) return outOfBounds(field, { bounds, reason: 'is less than the least amount' });
  if (amountMicros > bounds.mostMicros) return outOfBounds(field, { bounds, reason: 'is more than the most' });
  return stepRefusal(amountMicros, rule);
}

function stepRefusal(
  amountMicros: Micros,
  { field, currency, bounds }: { readonly field: string; readonly currency: string; readonly bounds: AmountBounds },
): OfficeRefusal | null {
  if (amountMicros % stepMicros(currency) === 0) return null;
  return outOfBounds(field, { bounds, reason: `is not a whole number of the smallest unit of ${currency}` });
}

function outOfBounds(
  field: string,
  { bounds, reason }: { readonly bounds: AmountBounds; readonly reason: string },
): OfficeRefusal {
  return officeRefusal('amount_out_of_bounds', { ...bounds, errors: [{ field, reason }] });
}
