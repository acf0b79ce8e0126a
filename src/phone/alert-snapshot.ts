/** What admins see of alerts, and what may be asked. For roles billing and company only. */
import type { Alert, AlertMailKind, AlertSettings } from '../protocol/alert.ts';

export interface AlertsSnapshot {
  /** Those that hold, newest first. */
  readonly open: readonly Alert[];
  /** The mails of this person; null: not asked for, or not known. */
  readonly mails: AlertSettings | null;
  /** The last wish about mails was not answered. */
  readonly hasFailed: boolean;
}

export type AlertWish =
  /** Off the screens of all admins of the office. */
  | { readonly type: 'put_away'; readonly alertId: string }
  | { readonly type: 'show_mails' }
  | { readonly type: 'set_mail'; readonly kind: AlertMailKind; readonly isOn: boolean };

export const NO_ALERTS: AlertsSnapshot = Object.freeze({ open: [], mails: null, hasFailed: false });
