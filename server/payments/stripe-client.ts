/** The official SDK, with every option that could cost money or privacy said out loud. */
import Stripe from 'stripe';

/** The SDK's own version of the API: its types are true for this one only. Webhook endpoints must be set to the same. */
const STRIPE_API_VERSION = '2026-10-28.endive';
/** Long for a card, short of the minute after which the sweep looks. The SDK's default is 80 s. */
const TIMEOUT_MS = 20_000;
/** Safe, because every POST of ours carries an idempotency key of ours. */
const NETWORK_RETRIES = 2;

export interface StripeAddress {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
}

export interface StripeClientOptions {
  readonly secretKey: string;
  /** Another address than Stripe's, for tests. */
  readonly address?: StripeAddress;
  readonly timeoutMs?: number;
  readonly networkRetries?: number;
}

export function createStripeClient(options: StripeClientOptions): Stripe {
  return new Stripe(options.secretKey, {
    apiVersion: STRIPE_API_VERSION,
    maxNetworkRetries: options.networkRetries ?? NETWORK_RETRIES,
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    // Nobody needs to know how long our requests take.
    telemetry: false,
    ...options.address,
  });
}
