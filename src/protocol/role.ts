/** Who somebody is to the money. Free of any library, so that the first paint of the widget may ask. */

/** agent: calls. billing: also adds credit and buys numbers for its office. company: billing for every office. */
export const ROLES = ['agent', 'billing', 'company'] as const;
export type Role = (typeof ROLES)[number];

export function mayManageCredit(role: Role): boolean {
  return role === 'billing' || role === 'company';
}
