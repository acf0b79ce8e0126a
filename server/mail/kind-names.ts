/** What each kind of mail is called, most of all where somebody stops it: in a mail's last line and on the page behind its link. */
import type { AlertKind, AlertMailKind } from '../../src/protocol/alert.ts';

export const KIND_NAMES: Readonly<Record<AlertKind | AlertMailKind, string>> = {
  low: 'low credit',
  critical: 'credit that is nearly used up',
  empty: 'credit that is used up',
  back: 'calls that work again',
  unusual_spend: 'unusual spending',
  recharge_failed: 'failed auto-recharges',
  recharge_limit: 'the monthly limit of auto-recharge',
  payment_declined: 'declined payments',
  payment_disputed: 'disputed payments',
  dispute_closed: 'decided disputes',
  card_expiring: 'cards that end',
  trial_opened: 'trials',
  rent_due: 'rent that is due',
  number_late: 'late rent',
  number_held: 'numbers on hold',
  number_leaving: 'numbers that are about to be given back',
  number_gone: 'numbers that were given back',
  rent_changes: 'changes of rent',
  credit_asked: 'requests for credit',
  paper: 'receipts and invoices',
};
