/** Which check a vector gets by its kind. What is not about prices and look-ups belongs to other rooms and is said to be unsupported. */
import { checkAuthorisation, checkLongestPrefix, checkReservation } from './check-admission.ts';
import { checkEvents, checkPeakMoment, checkSlices } from './check-other-prices.ts';
import { checkRating, type VectorById } from './check-rating.ts';
import { Unsupported, type Vector, type Verdict } from './vector.ts';

/** Kinds whose result is a movement of money or a state of a session: the ledger's and the calls' own tests prove those. */
const OTHER_ROOMS: Readonly<Record<string, string>> = {
  'shared-balance': "one wallet that draws on another: balances are the ledger's, and an office has one wallet",
  concurrency: "parallel holds on one wallet are the ledger's, proved by its own tests",
  'credit-pool':
    'quota pools of Diameter credit control (RFC 8506 section 5.1.2) have no counterpart: a call has one wallet',
  'event-charge': "charges without a call are the ledger's, proved by its own tests",
  expiry: 'credit that expires is not a feature of the wallet',
  timer: "the life of a lease is the calls' and the edge's, proved by their own tests",
  idempotency: "a repeated request is the ledger's, proved by its own tests",
  'daylight-saving': 'balance periods (a balance for each hour) are a feature of its source product',
  bundle: 'amounts included in a monthly charge are a feature of its source product',
  'attempt-fee': 'a call that is not answered costs nothing here; fees per attempt are a feature of its source product',
};

export function checkVector(vector: Vector, vectorById: VectorById): Verdict {
  try {
    return checkByKind(vector, vectorById);
  } catch (error) {
    if (error instanceof Unsupported) return { outcome: 'unsupported', reason: error.message };
    // Documented of our prices: neither an amount nor a duration that a call can have here.
    if (error instanceof RangeError) return { outcome: 'unsupported', reason: `out of range: ${error.message}` };
    // A bug, or a shape that nobody thought of: either way this vector is not proved, and the others still count.
    return { outcome: 'fail', reason: `stopped with ${error instanceof Error ? error.message : String(error)}` };
  }
}

function checkByKind(vector: Vector, vectorById: VectorById): Verdict {
  switch (vector.kind) {
    case 'rating':
    case 'billing-increment':
      return checkRating(vector, vectorById);
    case 'rating-time-of-day':
      return vector.fields.rate === undefined ? checkPeakMoment(vector) : checkRating(vector, vectorById);
    case 'rating-slices':
      return checkSlices(vector);
    case 'rating-events':
      return checkEvents(vector);
    case 'authorisation':
      return checkAuthorisation(vector);
    case 'longest-prefix':
      return checkLongestPrefix(vector);
    case 'reservation':
      return checkReservation(vector);
    default:
      throw new Unsupported(OTHER_ROOMS[vector.kind] ?? `nothing here checks the kind "${vector.kind}"`);
  }
}
