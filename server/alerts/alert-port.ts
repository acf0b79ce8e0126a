/**
 * How the other rooms tell people something: one alert is a mail, a banner in the widgets of the office's admins, and a webhook to the
 * host. Told once: the same kind and subject again is not news.
 *
 *   await alerts.tell({ accountId, officeId, subject: `${number}:${dueOn}:5`, facts: { kind: 'rent_due', ... }, atMs });
 *
 * Where a fact and its alert must be written together or not at all, the writes go alongside (write-alert.ts).
 */
import type { NewAlertFacts } from '../../src/protocol/alert.ts';

export interface NewAlert {
  readonly accountId: string;
  readonly officeId: string;
  /** The thing that it tells of, unique within its kind and account. */
  readonly subject: string;
  readonly facts: NewAlertFacts;
  readonly atMs: number;
}

export interface AlertPort {
  /** Durable when it resolves; false: it was told before. Throws when the store cannot be written. */
  tell(alert: NewAlert): Promise<boolean>;
}
