/**
 * The price of a call. The meter on the screen and the charge in the ledger both come from `priceCall`, always for the
 * whole call from its first second: the sum of rounded slices is not the price.
 */
import type { Micros } from './money.ts';
import type { Tariff } from './rate.ts';

/** When a call began (server clock, ms since 1970) and how long it lasted. */
export interface PricedCall {
  readonly startedAtMs: number;
  readonly durationSeconds: number;
}

/** What a call of this length costs. 0 seconds cost nothing, also where there is a connection fee. */
export declare function priceCall(tariff: Tariff, call: PricedCall): Micros;

/** The seconds that are billed for a call of this length: whole increments. */
export declare function billedSeconds(tariff: Tariff, call: PricedCall): number;

/**
 * The longest duration, in whole seconds and at most `limitSeconds`, whose price is within `budgetMicros`; 0 when the first
 * block is not covered; `limitSeconds` when the call is free.
 */
export declare function affordableSeconds(
  tariff: Tariff,
  budget: {
    readonly startedAtMs: number;
    readonly budgetMicros: Micros;
    readonly limitSeconds: number;
  },
): number;

/** What must be there to begin the call: connection fee and the first billed block. */
export declare function firstBlock(
  tariff: Tariff,
  at: { readonly startedAtMs: number },
): {
  readonly seconds: number;
  readonly costMicros: Micros;
};

/** The headline price of a minute at this moment, for the price tag and for price caps: the dearest step of the first hour. */
export declare function perMinuteMicros(tariff: Tariff, at: { readonly startedAtMs: number }): Micros;

/** True when no duration at any time can cost anything. */
export declare function isFree(tariff: Tariff): boolean;
