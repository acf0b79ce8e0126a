/**
 * What an operation asks for, as text: two operations with one id are the same question when their fingerprints are equal. Stored
 * as it is (not hashed), so that a person can read what an `id_reused` was compared with; comparing text is also the cheapest.
 *
 * Not part of it: the time and the rows that come along, which a caller makes anew at each try, the minimum of an extend, which is there
 * for those rows, and the limits, whose keys carry the day and whose ceilings follow the policy of the moment.
 */
import type { Operation } from './operation.ts';

export function operationFingerprint(operation: Operation): string {
  return JSON.stringify([operation.kind, operation.walletId, ...contentOf(operation)]);
}

function contentOf(operation: Operation): readonly (string | number)[] {
  switch (operation.kind) {
    case 'hold':
      return [operation.holdId, operation.amountMicros, operation.minimumMicros, operation.floorMicros];
    case 'extend':
      return [operation.holdId, operation.totalMicros];
    case 'settle':
      return [
        operation.holdId,
        operation.captureMicros,
        operation.revenueAccount,
        operation.entryKind,
        operation.reference,
      ];
    case 'credit':
      return [operation.amountMicros, operation.sourceAccount, operation.entryKind, operation.reference];
    case 'charge':
      return [operation.amountMicros, operation.revenueAccount, operation.entryKind, operation.reference];
  }
}
