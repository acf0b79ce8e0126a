/**
 * Stripe's own card form: loaded from js.stripe.com when an admin opens the payment step, never before. Its frames must stand in the light
 * DOM of a document (stripe-js issue 399); whose document, the caller says. Cards only, and no redirect: a page that goes away ends the
 * call.
 */
import type { Stripe, StripeConstructor, StripeElements } from '@stripe/stripe-js';
// The published name, "/pure", has types that Node's way of finding modules does not find.
import { loadStripe } from '@stripe/stripe-js/dist/pure.mjs';

export interface StripeDeskOptions {
  readonly publishableKey: string;
  readonly clientSecret: string;
  /** Saves a card instead of paying. */
  readonly isSetup: boolean;
  /** In the light DOM of its document. */
  readonly container: HTMLElement;
  readonly isDark: boolean;
  /** For tests. */
  readonly load?: (publishableKey: string, view: Window) => Promise<Stripe | null>;
}

/** What became of the form; null: the provider has it now, and the server says how it went. */
export type DeskAnswer = { readonly mistake: string } | null;

export interface StripeDesk {
  /** Sends what was typed. A mistake in the form is told there by Stripe, and here in its words. */
  confirm(): Promise<DeskAnswer>;
  close(): void;
}

/** Resolves when the form can be typed into; rejects when Stripe.js can't be loaded. */
export async function openStripeDesk(options: StripeDeskOptions): Promise<StripeDesk> {
  const stripe = await stripeFor(options);
  const elements = stripe.elements({
    clientSecret: options.clientSecret,
    appearance: { theme: options.isDark ? 'night' : 'stripe' },
  });
  const form = elements.create('payment', { layout: 'tabs', wallets: { applePay: 'never', googlePay: 'never' } });
  await new Promise<void>((resolve, reject) => {
    form.on('ready', () => resolve());
    form.on('loaderror', ({ error }) => reject(new Error(error.message ?? 'Stripe gives no form.')));
    form.mount(options.container);
  });
  return { confirm: () => confirm(stripe, elements, options.isSetup), close: () => form.destroy() };
}

/** The bank's own question, in a window of Stripe's over the page. */
export async function authenticateAtStripe(options: Omit<StripeDeskOptions, 'container' | 'isSetup'>): Promise<void> {
  const stripe = await stripeFor(options);
  await stripe.handleNextAction({ clientSecret: options.clientSecret });
}

async function confirm(stripe: Stripe, elements: StripeElements, isSetup: boolean): Promise<DeskAnswer> {
  const { error } = isSetup
    ? await stripe.confirmSetup({ elements, redirect: 'if_required' })
    : await stripe.confirmPayment({ elements, redirect: 'if_required' });
  return error?.type === 'validation_error' ? { mistake: error.message ?? '' } : null;
}

async function stripeFor(
  options: Pick<StripeDeskOptions, 'publishableKey' | 'load'> & { readonly container?: HTMLElement },
): Promise<Stripe> {
  const view = options.container?.ownerDocument.defaultView ?? window;
  const stripe = await (options.load ?? loadInto)(options.publishableKey, view);
  if (stripe === null) throw new Error('Stripe.js is not there.');
  return stripe;
}

/** Another window has a document of its own, and Stripe.js belongs into each. */
async function loadInto(publishableKey: string, view: Window): Promise<Stripe | null> {
  if (view === window) return await loadStripe(publishableKey);
  const script = view.document.createElement('script');
  script.src = STRIPE_JS;
  await new Promise((resolve, reject) => {
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    view.document.head.append(script);
  });
  // Stripe.js puts its constructor on the window that it is loaded into.
  return (view as Window & { readonly Stripe?: StripeConstructor }).Stripe?.(publishableKey) ?? null;
}

/** The release that this version of @stripe/stripe-js loads; held by a test. */
export const STRIPE_JS = 'https://js.stripe.com/endive/stripe.js';
