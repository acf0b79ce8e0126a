/** What credit never pays for (C-22, L-02): whatever is bought for a time and not by use. Free of any library: the ledger asks, too. */
const SUBSCRIPTION = /(^|_)(subscriptions?|licen[cs]es?|memberships?|plans?|seats?)(_|$)/;

/** True for kinds of services and entries that are a subscription by their name. */
export function isSubscription(kind: string): boolean {
  return SUBSCRIPTION.test(kind);
}
