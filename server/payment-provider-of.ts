/** Which payment provider this server has: Stripe when its keys are set, the simulated one in the demo, otherwise none. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import type { PaymentService } from './payments/payment-service.ts';
import { SimulatedProvider } from './payments/simulated-provider.ts';
import { createStripeProvider } from './payments/stripe-provider.ts';
import type { After, ServerClock } from './services.ts';
import type { Store } from './storage/store.ts';

const SECRET_BYTES = 32;

export function stripeFor(config: Config): PaymentProvider | null {
  const {
    stripeSecretKey: secretKey,
    stripeWebhookSecret: webhookSecret,
    stripePublishableKey: publishableKey,
  } = config;
  if (secretKey === null || webhookSecret === null || publishableKey === null) return null;
  return createStripeProvider({ secretKey, webhookSecret, publishableKey });
}

export interface Simulated {
  readonly provider: SimulatedProvider;
  /** Its reports go to this very server; until then they are tried again. */
  deliverTo(payments: PaymentService): void;
}

export function simulatedFor(
  config: Config,
  world: { readonly store: Store; readonly clock: ServerClock; readonly after: After },
): Simulated | null {
  if (!config.isDemo || config.stripeSecretKey !== null) return null;
  let payments: PaymentService | null = null;
  const provider = new SimulatedProvider({
    ...world,
    // Reports are signed and read by this process only.
    webhookSecret: randomBytes(SECRET_BYTES).toString('base64url'),
    deliver: async (report) => (await payments?.takeReport({ provider: 'simulated', ...report }))?.ok ?? false,
  });
  return {
    provider,
    deliverTo: (service) => {
      payments = service;
    },
  };
}
