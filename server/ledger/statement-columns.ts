/**
 * The columns that a statement must have, whatever others it has and in whatever order, so that `ledger verify` can check it without
 * a store. One row an entry of one wallet, in the order of `sequence`.
 */
export const STATEMENT_COLUMNS = {
  account: 'account',
  wallet: 'wallet',
  currency: 'currency',
  /** entry.sequence: 1, 2, 3 ... */
  sequence: 'sequence',
  /** entry.operation_id */
  operation: 'operation',
  /** entry.at_ms: milliseconds since 1970. */
  atMs: 'at_ms',
  /** entry.entry_kind */
  kind: 'kind',
  /** entry.reference */
  reference: 'reference',
  /** entry.ledger_account of line 1 */
  otherAccount: 'other_account',
  /** entry.amount_micros of line 0: positive into the wallet, a whole number of millionths of the currency. */
  amountMicros: 'amount_micros',
  /** entry.balance_micros of line 0 */
  balanceMicros: 'balance_micros',
  /** The link of the entry before it; of the first entry, walletLink() in entry-link.ts. */
  previousLink: 'previous_link',
  /** entry.link of line 0 */
  link: 'link',
} as const;

export type StatementColumn = keyof typeof STATEMENT_COLUMNS;
