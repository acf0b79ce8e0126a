/** Rows of what admins are told without asking: alerts, what was told of an office's credit, and who wants which mail. */

/** One alert, and how far its ways to widgets and host have come. Its mail is a row of the outbox with the same id. */
export interface AlertRow {
  readonly accountId: string;
  /** Kind and subject: "low:main:000000003". */
  readonly alertId: string;
  readonly officeId: string;
  readonly kind: string;
  /** JSON of AlertFacts (src/protocol/alert.ts). */
  readonly facts: string;
  readonly atMs: number;
  /** It holds no more, or an admin has put it away. */
  readonly isOver: boolean;
  /** When open widgets are told; null when they were. */
  readonly shownDueAtMs: number | null;
  /** waiting | sent | dead | off | skipped */
  readonly hookState: string;
  readonly hookAttempts: number;
  /** When the host is told (again); null when that is over. */
  readonly hookDueAtMs: number | null;
  readonly hookProblem: string | null;
  readonly version: number;
}

/** What an office was told of its credit: the latch (server/alerts/credit-latch.ts). Changed by compare-and-set with the alert. */
export interface CreditLatchRow {
  readonly accountId: string;
  readonly officeId: string;
  /** JSON of CreditLatch. */
  readonly latch: string;
  /** When it is looked at although the wallet did not change: a cool-down ends. */
  readonly dueAtMs: number | null;
  readonly version: number;
}

/** A kind of mail that somebody has switched off, or on again. Without a row it is on. */
export interface MailChoiceRow {
  readonly accountId: string;
  /** In small letters. */
  readonly email: string;
  readonly kind: string;
  readonly isOff: boolean;
  readonly changedAtMs: number;
}

/** The host's address for webhooks, once something was sent there. Of all accounts. */
export interface WebhookEndpointRow {
  readonly url: string;
  /** What happened before is not sent. */
  readonly sinceMs: number;
  /** It answered 410 Gone: nothing more is sent until the operator resumes. */
  readonly offAtMs: number | null;
  readonly version: number;
}

export interface AlertTables {
  readonly alert: AlertRow;
  readonly credit_latch: CreditLatchRow;
  readonly mail_choice: MailChoiceRow;
  readonly webhook_endpoint: WebhookEndpointRow;
}
