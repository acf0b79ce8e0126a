/** Whether a person sees credit as money, as talk time or not at all: the stricter of the host's attribute and the policy. */
const BALANCE_DISPLAYS = ['money', 'time', 'none'] as const;
export type BalanceDisplay = (typeof BALANCE_DISPLAYS)[number];

export function balanceDisplay(wanted: string | null, allowed: BalanceDisplay): BalanceDisplay {
  const asked = BALANCE_DISPLAYS.findIndex((display) => `${display}` === wanted);
  return BALANCE_DISPLAYS[Math.max(asked, BALANCE_DISPLAYS.indexOf(allowed))] ?? allowed;
}
