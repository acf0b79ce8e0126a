import { firstTables } from './0001-first-tables.ts';
import { rateDeck } from './0002-rate-deck.ts';
import { claim } from './0003-claim.ts';
import { payments } from './0004-payments.ts';
import { manyServers } from './0005-many-servers.ts';
import { paidCalls } from './0006-paid-calls.ts';
import { billingPapers } from './0007-billing-papers.ts';
import { extendInFull } from './0008-extend-in-full.ts';
import { entryChain } from './0009-entry-chain.ts';
import { numberOrders } from './0010-number-orders.ts';
import { numberRent } from './0011-number-rent.ts';
import { meteredServices } from './0012-metered-services.ts';
import { statements } from './0013-statements.ts';
import { alerts } from './0014-alerts.ts';
import { callsOver } from './0015-calls-over.ts';
import { numberPurchases } from './0016-number-purchases.ts';
import { invoicedServices } from './0017-invoiced-services.ts';
import { numberRefs } from './0018-number-refs.ts';
import type { Migration } from './migration.ts';

/** In order, for every store; the version of a database is how many of these it has. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  rateDeck,
  claim,
  payments,
  manyServers,
  paidCalls,
  billingPapers,
  extendInFull,
  entryChain,
  numberOrders,
  numberRent,
  meteredServices,
  statements,
  alerts,
  callsOver,
  numberPurchases,
  invoicedServices,
  numberRefs,
];

/** One sentence for whoever starts an older server on the tables of a newer one. */
export function newerTablesSentence(version: number): string {
  return (
    `was written by a newer version of this software (its tables have version ${version}, known are ${MIGRATIONS.length}): ` +
    'update the server, or restore a backup'
  );
}
