/** The number shop put together: what its addresses ask for, and what is done again and again by itself. */

import { CarrierError } from '../carriers/number-carrier.ts';
import type { EndpointHandlers } from '../services.ts';
import type { NumberOwnerRow } from '../storage/rows.ts';
import { buyNumber } from './buy-number.ts';
import type { NumberRoom } from './number-room.ts';
import { releaseNumber } from './release-number.ts';
import { searchNumbers } from './search-numbers.ts';
import { sweepOrders } from './sweep-orders.ts';

/** One piece of periodic work: finds what is due in the store, and is safe to be done twice. */
export interface NumberWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

export interface NumberService {
  readonly handlers: Pick<EndpointHandlers, 'searchNumbers' | 'buyNumber'>;
  readonly works: readonly NumberWork[];
  /**
   * To where it came from: the row as it is then. Null when its carrier cannot be asked now, or somebody has written the row; asking again
   * does no harm.
   */
  readonly giveBack: (owned: NumberOwnerRow) => Promise<NumberOwnerRow | null>;
}

const SWEEP_MS = 1_000;

export function createNumberService(room: NumberRoom): NumberService {
  return {
    handlers: {
      searchNumbers: (identity, search) => searchNumbers(room, { identity, search }),
      buyNumber: (identity, { number, purchaseId, offer }) => buyNumber(room, { identity, number, purchaseId, offer }),
    },
    works: [{ name: 'numbers/orders', everyMs: SWEEP_MS, work: () => sweepOrders(room) }],
    giveBack: (owned) => giveBack(room, owned),
  };
}

async function giveBack(room: NumberRoom, owned: NumberOwnerRow): Promise<NumberOwnerRow | null> {
  try {
    return await releaseNumber(room, owned);
  } catch (cause) {
    if (!(cause instanceof CarrierError)) throw cause;
    const { accountId, number } = owned;
    room.log('a number could not be given back to its carrier', { accountId, number, reason: cause.message });
    return null;
  }
}
