/** What calls ask of whoever charges their extras (F-07); server/metering does. */
import type { CallLine } from '../../src/protocol/call.ts';
import type { CallExtra } from '../edge/edge-contract.ts';
import type { CallRow } from '../storage/rows.ts';

export type { CallExtra } from '../edge/edge-contract.ts';
/** A settled extra, as a line of its call. */
export type ExtraLine = CallLine;

export interface CallExtras {
  /** Charges them once, however often they are reported; as far as the credit goes. */
  charge(call: CallRow, extras: readonly CallExtra[]): Promise<void>;
  /** In the order in which they were charged. */
  linesOf(call: Pick<CallRow, 'accountId' | 'callId'>): Promise<readonly ExtraLine[]>;
}
