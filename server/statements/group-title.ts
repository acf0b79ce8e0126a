/** The name of a group in English (L-19), for the CSV and for whoever has no texts of its own. */
import { capital, kindWords } from '../../src/protocol/kind-words.ts';
import { serviceOfEntryKind } from '../../src/protocol/service.ts';

/** Behind the direction of calls, where the deck says only that it is a mobile phone. */
export const FOREIGN_MOBILE = 'international_mobile';

const RATE_WORDS: Readonly<Record<string, string>> = {
  local: 'Local',
  domestic: 'Domestic',
  international: 'International',
  mobile: 'Mobile',
  [FOREIGN_MOBILE]: 'International Mobile',
  toll_free: 'Toll-Free',
  premium: 'Premium',
  emergency: 'Emergency',
  internal: 'Internal',
};

const TITLES: Readonly<Record<string, string>> = {
  outbound_call: 'Outbound Call',
  inbound_call: 'Inbound Call',
  number_purchase: 'Phone Number Purchase',
  number_renewal: 'Phone Number Renewal',
  top_up: 'Added Credit',
  auto_recharge: 'Automatic Recharge',
  on_account: 'Credit on Account',
  play_credit: 'Play Credit',
  operator_credit: 'Credit by the Operator',
  refund_order: 'Refund',
  payment_refund: 'Refund',
  payment_dispute: 'Disputed Payment',
  payment_return: 'Returned Payment',
};

const CALL_GROUP = /^(outbound|inbound)_call\.(\w+)$/;

/** "outbound_call.international" is "Outbound International Call"; what nobody knows is called by its own words. */
export function groupTitle(groupKey: string): string {
  const [, direction, kind = ''] = CALL_GROUP.exec(groupKey) ?? [];
  if (direction !== undefined) return `${capital(direction)} ${RATE_WORDS[kind] ?? kindWords(kind)} Call`;
  return TITLES[groupKey] ?? kindWords(serviceOfEntryKind(groupKey) ?? groupKey);
}

/** The kind of a call: that of its rate, or FOREIGN_MOBILE; null for everything else. */
export function callKindOf(groupKey: string): string | null {
  return CALL_GROUP.exec(groupKey)?.[2] ?? null;
}
