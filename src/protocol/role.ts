/** Who somebody is to the money. Free of any library, so that the first paint of the widget may ask. */

/** agent: calls. billing: also adds credit and buys numbers for its office. company: billing for every office. */
export const ROLES = ['agent', 'billing', 'company'] as const;
export type Role = (typeof ROLES)[number];

/** Of the host's backend, which charges services for people and can do nothing else; nobody's role in an office. */
export const HOST_ROLE = 'host';

export function mayManageCredit(role: Role): boolean {
  return role === 'billing' || role === 'company';
}
