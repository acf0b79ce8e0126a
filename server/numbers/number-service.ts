/** The number shop put together: what its addresses ask for, and what is done again and again by itself. */

import { CarrierError } from '../carriers/number-carrier.ts';
import type { EndpointHandlers } from '../services.ts';
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
  /** To where it came from. False when its carrier cannot be asked now; asking again does no harm. */
  readonly giveBack: (address: { readonly accountId: string; readonly number: string }) => Promise<boolean>;
}

const SWEEP_MS = 1_000;

export function createNumberService(room: NumberRoom): NumberService {
  return {
    handlers: {
      searchNumbers: (identity, search) => searchNumbers(room, { identity, search }),
      buyNumber: (identity, { number, purchaseId, offer }) => buyNumber(room, { identity, number, purchaseId, offer }),
    },
    works: [{ name: 'numbers/orders', everyMs: SWEEP_MS, work: () => sweepOrders(room) }],
    giveBack: (address) => giveBack(room, address),
  };
}

async function giveBack(
  room: NumberRoom,
  address: { readonly accountId: string; readonly number: string },
): Promise<boolean> {
  try {
    await releaseNumber(room, address);
    return true;
  } catch (cause) {
    if (!(cause instanceof CarrierError)) throw cause;
    room.log('a number could not be given back to its carrier', { ...address, reason: cause.message });
    return false;
  }
}
