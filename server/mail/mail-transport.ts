/** The port to whoever carries mails away. */

export interface MailFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface OutgoingMail {
  /** Stable over attempts (RFC 5322 section 3.6.4), without angle brackets. */
  readonly messageId: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly files: readonly MailFile[];
  /** Where one request stops mails of this kind to this reader (RFC 8058); null when it has no such address. */
  readonly unsubscribeUrl: string | null;
  readonly date: Date;
}

export type Sent =
  | { readonly outcome: 'sent'; readonly refused: readonly string[] }
  /** Surely not delivered; worth another try. */
  | { readonly outcome: 'later'; readonly problem: string }
  /** Surely not delivered, and never will be. */
  | { readonly outcome: 'refused'; readonly problem: string }
  /** The whole mail was handed over, and no answer came: perhaps it was delivered. */
  | { readonly outcome: 'unknown'; readonly problem: string };

/** Never throws. */
export interface MailTransport {
  send(mail: OutgoingMail): Promise<Sent>;
}
