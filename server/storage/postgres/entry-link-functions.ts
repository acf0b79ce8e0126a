/**
 * server/ledger/entry-link.ts in PostgreSQL's own language: the same netstrings, the same links. Written anew after every migration,
 * and used by the one that linked the entries that were there before.
 */
import { ENTRY_TAG, WALLET_TAG } from '../../ledger/entry-link.ts';

/** Plain expressions of their parameters, so that the planner puts them where they are called. */
export const ENTRY_LINK_FUNCTIONS: readonly string[] = [
  `
CREATE OR REPLACE FUNCTION netstring(field text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN octet_length(convert_to(field, 'UTF8')) || ':' || field || ','`,
  `
CREATE OR REPLACE FUNCTION wallet_link(account_id text, wallet_id text, currency text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN encode(sha256(convert_to(
    netstring('${WALLET_TAG}') || netstring(account_id) || netstring(wallet_id) || netstring(currency), 'UTF8')), 'hex')`,
  `
CREATE OR REPLACE FUNCTION entry_link(previous_link text, account_id text, wallet_id text, sequence bigint, operation_id text,
  at_ms bigint, entry_kind text, reference text, other_account text, amount_micros bigint, balance_micros bigint) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN encode(sha256(convert_to(
    netstring('${ENTRY_TAG}') || netstring(previous_link) || netstring(account_id) || netstring(wallet_id)
    || netstring(sequence::text) || netstring(operation_id) || netstring(at_ms::text) || netstring(entry_kind)
    || netstring(reference) || netstring(other_account) || netstring(amount_micros::text) || netstring(balance_micros::text),
    'UTF8')), 'hex')`,
];
