/**
 * Which increments a call consists of. From second 0 on, whole increments follow each other until the duration is covered;
 * each one belongs to the last step whose `fromSecond` is not after its own first second, in the window that holds at that
 * moment. Equal neighbours are counted, not listed: a call of an hour is a handful of charges.
 */
import type { Micros } from './money.ts';
import type { RateStep, Tariff } from './rate.ts';
import { tariffClock } from './tariff-clock.ts';

/** `increments` whole increments of `step`, the first one beginning `atSecond` of the call. */
export interface Charge {
  readonly atSecond: number;
  readonly step: RateStep;
  readonly increments: number;
}

export interface TariffCharges {
  /** 0 for a call of 0 seconds; otherwise the fee of the moment at which the call was answered. */
  readonly connectionFeeMicros: Micros | 0;
  readonly charges: readonly Charge[];
}

export function tariffCharges(
  tariff: Tariff,
  call: { readonly startedAtMs: number; readonly durationSeconds: number },
): TariffCharges {
  const duration = Math.ceil(call.durationSeconds);
  if (!(duration >= 0 && Number.isSafeInteger(duration))) {
    throw new RangeError(`Not a call duration in seconds: ${call.durationSeconds}`);
  }
  if (duration === 0) return { connectionFeeMicros: 0, charges: [] };
  return tariff.windows.length === 0
    ? {
        connectionFeeMicros: tariff.connectionFeeMicros,
        charges: stepCharges(tariff.steps, { fromSecond: 0, toSecond: duration }),
      }
    : windowCharges(tariff, { startedAtMs: call.startedAtMs, duration });
}

/** The charges that begin within [fromSecond, toSecond), as long as one set of steps holds. */
function stepCharges(
  steps: readonly RateStep[],
  stretch: { readonly fromSecond: number; readonly toSecond: number },
): Charge[] {
  const charges: Charge[] = [];
  let atSecond = stretch.fromSecond;
  for (const [index, step] of steps.entries()) {
    const end = Math.min(steps[index + 1]?.fromSecond ?? stretch.toSecond, stretch.toSecond);
    if (atSecond >= end) continue;
    const increments = Math.ceil((end - atSecond) / step.incrementSeconds);
    charges.push({ atSecond, step, increments });
    atSecond += increments * step.incrementSeconds;
  }
  return charges;
}

/** Goes from one moment at which the window may change to the next; an increment is never cut by such a moment. */
function windowCharges(
  tariff: Tariff,
  call: { readonly startedAtMs: number; readonly duration: number },
): TariffCharges {
  const clock = tariffClock(tariff);
  const charges: Charge[] = [];
  let atSecond = 0;
  let connectionFeeMicros: Micros | 0 = 0;
  while (atSecond < call.duration) {
    const period = clock.periodAt(call.startedAtMs + atSecond * 1000);
    if (atSecond === 0) connectionFeeMicros = period.rates.connectionFeeMicros;
    const secondsToEnd = Math.ceil((period.endsAtMs - call.startedAtMs) / 1000);
    const toSecond = Math.min(secondsToEnd, call.duration);
    charges.push(...stepCharges(period.rates.steps, { fromSecond: atSecond, toSecond }));
    const last = charges[charges.length - 1];
    if (last === undefined || last.atSecond < atSecond) throw new Error('A tariff without a step at second 0');
    atSecond = last.atSecond + last.increments * last.step.incrementSeconds;
  }
  return { connectionFeeMicros, charges };
}
