/** Rent put together: what the addresses of own numbers ask for, and what is done again and again by itself. */
import type { OWNED_NUMBER_ENDPOINTS } from '../../src/protocol/owned-number-endpoints.ts';
import type { HandlersOf } from '../services.ts';
import { assignNumber, releaseNumber, restoreNumber } from './change-number.ts';
import { listOwnNumbers } from './list-own-numbers.ts';
import type { RentRoom } from './rent-room.ts';
import { lateRound, rentRound } from './rent-round.ts';

export interface RentWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

export interface RentService {
  readonly handlers: HandlersOf<typeof OWNED_NUMBER_ENDPOINTS>;
  /** For claims.run: each is safe to be done twice. */
  readonly works: readonly RentWork[];
}

const RENTS_MS = 5_000;
/** Credit that has just arrived should not find a number still late. */
const LATE_MS = 1_000;

export function createRentService(room: RentRoom): RentService {
  return {
    handlers: {
      ownNumbers: (identity, { cursor }) => listOwnNumbers(room, { identity, cursor: cursor ?? null }),
      releaseNumber: (identity, input) => releaseNumber(room, { identity, ...input }),
      restoreNumber: (identity, input) => restoreNumber(room, { identity, ...input }),
      assignNumber: (identity, input) => assignNumber(room, { identity, ...input }),
    },
    works: [
      { name: 'rent/due', everyMs: RENTS_MS, work: () => rentRound(room) },
      { name: 'rent/late', everyMs: LATE_MS, work: () => lateRound(room) },
    ],
  };
}
