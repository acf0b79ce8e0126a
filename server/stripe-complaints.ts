/**
 * What is wrong with the Stripe settings together, as sentences for whoever starts the server. Money is real or it is not: keys of two
 * modes, or of the wrong one for this server, must not meet.
 */
export function stripeComplaints(values: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = {
    secret: values.stripeSecretKey,
    webhook: values.stripeWebhookSecret,
    publishable: values.stripePublishableKey,
  };
  const given = Object.values(keys).filter((key) => key !== null);
  if (given.length === 0) return [];
  if (given.length < 3) {
    return [
      'STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET and STRIPE_PUBLISHABLE_KEY belong together: set all three, or none.',
    ];
  }
  const isLive = String(keys.secret).includes('_live_');
  if (isLive !== String(keys.publishable).includes('_live_')) {
    return [
      'STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are of different modes: one is a test key, the other a live key.',
    ];
  }
  if (isLive && values.isProduction !== true) {
    return [
      'STRIPE_SECRET_KEY is a live key and NODE_ENV is not production: real cards would be charged. Use a test key here.',
    ];
  }
  if (!isLive && values.isProduction === true) {
    return [
      'STRIPE_SECRET_KEY is a test key and NODE_ENV is production: credit would be given for no money. Use a live key here.',
    ];
  }
  return [];
}
