/** What calls ask of whoever charges their extras (F-07); server/metering does. */
import type { CallLine } from '../../src/protocol/call.ts';
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import type { CallExtra } from '../edge/edge-contract.ts';
import type { CallRow } from '../storage/rows.ts';

export type { CallExtra } from '../edge/edge-contract.ts';
/** A settled extra, as a line of its call. */
export type ExtraLine = CallLine;

/** So much of it is paid for, in all. */
export interface AllowedExtra {
  readonly units: number;
  readonly unit: string;
}

export interface CallExtras {
  /** Holds what an extra of a running call costs in all: in full, or it is refused and nothing is held. */
  ask(call: CallRow, extra: CallExtra): Promise<OfficeOutcome<AllowedExtra>>;
  /**
   * Charges what was used, once, however often it is reported: what was asked for in full, anything beyond as far as the credit goes. What
   * was asked for and is not among these was not used.
   */
  charge(call: CallRow, extras: readonly CallExtra[]): Promise<void>;
  /** In the order in which they were charged. */
  linesOf(call: Pick<CallRow, 'accountId' | 'callId'>): Promise<readonly ExtraLine[]>;
}
