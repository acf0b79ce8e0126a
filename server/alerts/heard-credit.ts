/** How alerts hear of credit: every change that widgets are told of, and every call that was refused for want of it. */
import type { Outcome, ProblemCode } from '../../src/protocol/problem.ts';
import type { BalanceNotices } from '../accounts/balance-notices.ts';
import type { AlertService } from './alert-service.ts';

/** What another server did is looked at there. */
export function alertingNotices(notices: BalanceNotices, alerts: Pick<AlertService, 'creditChanged'>): BalanceNotices {
  return {
    ...notices,
    walletChanged: (office) => {
      notices.walletChanged(office);
      alerts.creditChanged(office);
    },
    leaseGrew: (office) => {
      notices.leaseGrew(office);
      alerts.creditChanged(office);
    },
  };
}

const WANT_OF_CREDIT: readonly ProblemCode[] = ['no_credit', 'insufficient_credit', 'credit_held', 'low_credit'];

export function isWantOfCredit(outcome: Outcome<unknown>): boolean {
  return !outcome.ok && WANT_OF_CREDIT.includes(outcome.refusal.code);
}
