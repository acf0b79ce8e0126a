/** When the agent is warned that the credit of a call runs out (REQUIREMENTS.md section 2.1, point 4). */
import { WARNING_SECONDS, type WarningSeconds } from './phone-snapshot.ts';

export interface CreditWarning {
  readonly warning: WarningSeconds | null;
  /** Credit arrived while a warning stood, and no graver one has followed. */
  readonly wasExtended: boolean;
}

/** A warning is only taken back when the time left is clearly above its line, so that it does not flicker. */
const RECOVERY_SECONDS = 5;

export function creditWarning(secondsLeft: number | null, before: CreditWarning): CreditWarning {
  const fallen = warningAt(secondsLeft, 0);
  if (gravity(fallen) > gravity(before.warning)) return { warning: fallen, wasExtended: false };
  const recovered = warningAt(secondsLeft, RECOVERY_SECONDS);
  if (gravity(recovered) >= gravity(before.warning))
    return { warning: before.warning, wasExtended: before.wasExtended };
  return { warning: recovered, wasExtended: true };
}

/** True when `after` is a graver warning than `before`: the moment for the tone. */
export function isGraver(after: WarningSeconds | null, before: WarningSeconds | null): boolean {
  return gravity(after) > gravity(before);
}

function warningAt(secondsLeft: number | null, marginSeconds: number): WarningSeconds | null {
  if (secondsLeft === null) return null;
  return WARNING_SECONDS.findLast((line) => secondsLeft <= line + marginSeconds) ?? null;
}

/** 0 for no warning, then 1, 2, 3 for 120, 60, 30 seconds. */
function gravity(warning: WarningSeconds | null): number {
  return warning === null ? 0 : WARNING_SECONDS.indexOf(warning) + 1;
}
