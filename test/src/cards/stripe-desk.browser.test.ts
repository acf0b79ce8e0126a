/** Where Stripe's form stands and what becomes of it. Stripe.js itself is played: it comes from js.stripe.com only. */
import type { Stripe } from '@stripe/stripe-js';
import { expect } from 'chai';
import { openStripeDesk, STRIPE_JS } from '../../../src/cards/stripe-desk.ts';
import { placeInPage, placeInWindow } from '../../../src/elements/payment-place.ts';
import type { CreditPhone } from '../../../src/index.ts';
import { billing } from '../../support/billing-scenes.ts';
import { ADMIN, cents, IDLE } from '../../support/element-facts.ts';
import { findAll, settled, showScene, wordsOf } from '../../support/element-stage.ts';

afterEach(() => document.body.replaceChildren());

const STRIPE = { kind: 'stripe', publishableKey: 'pk_test_1', isTest: true } as const;
const STEP = {
  plan: { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true },
  clientSecret: 'pi_1_secret_2',
  isBusy: false,
  failure: null,
  refusal: null,
} as const;

/** Stripe refuses containers in shadow roots and outside of documents, and asks for no redirect. */
function fakeStripe(log: string[], error?: { readonly type: string; readonly message: string }): Stripe {
  const confirm = (what: string) => async (options: { readonly redirect?: string }) => {
    log.push(`${what} ${options.redirect}`);
    return error ? { error } : {};
  };
  const listeners = new Map<string, () => void>();
  const element = {
    on: (name: string, listener: () => void) => listeners.set(name, listener),
    mount: (container: HTMLElement) => {
      if (container.getRootNode() !== container.ownerDocument)
        throw new Error('Elements cannot be mounted in a ShadowRoot. Please mount in the Light DOM.');
      container.append(container.ownerDocument.createElement('iframe'));
      queueMicrotask(() => listeners.get('ready')?.());
    },
    destroy: () => log.push('destroyed'),
  };
  const stripe = {
    elements: ({ clientSecret }: { clientSecret: string }) => {
      log.push(`elements ${clientSecret}`);
      return { create: () => element };
    },
    confirmPayment: confirm('confirmPayment'),
    confirmSetup: confirm('confirmSetup'),
  };
  // The part of Stripe's interface that the desk uses.
  return stripe as unknown as Stripe;
}

async function desk(facts: { readonly log: string[]; readonly isSetup?: boolean; readonly stripe?: Stripe | null }) {
  const container = document.createElement('div');
  document.body.append(container);
  return await openStripeDesk({
    publishableKey: 'pk_test_1',
    clientSecret: 'pi_1_secret_2',
    isSetup: facts.isSetup ?? false,
    container,
    isDark: false,
    load: async () => (facts.stripe === undefined ? fakeStripe(facts.log) : facts.stripe),
  });
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'nothing failed';
  } catch (error) {
    return String(error);
  }
}

describe("Stripe's form", () => {
  it('pays or saves without ever leaving the page, and is taken away at the end', async () => {
    const log: string[] = [];
    const paying = await desk({ log });
    expect(await paying.confirm()).to.equal(null);
    const saving = await desk({ log, isSetup: true });
    expect(await saving.confirm()).to.equal(null);
    saving.close();
    expect(log).to.deep.equal([
      'elements pi_1_secret_2',
      'confirmPayment if_required',
      'elements pi_1_secret_2',
      'confirmSetup if_required',
      'destroyed',
    ]);
  });

  it('tells a mistake in the form; a decline is the server’s to tell', async () => {
    const mistake = { type: 'validation_error', message: 'Your card number is incomplete.' };
    expect(await (await desk({ log: [], stripe: fakeStripe([], mistake) })).confirm()).to.deep.equal({
      mistake: mistake.message,
    });
    const decline = { type: 'card_error', message: 'Your card was declined.' };
    expect(await (await desk({ log: [], stripe: fakeStripe([], decline) })).confirm()).to.equal(null);
  });

  it('says when Stripe.js is not there', async () => {
    expect(await failureOf(desk({ log: [], stripe: null }))).to.contain('Stripe.js is not there');
  });

  it('is loaded from the release that this version of @stripe/stripe-js loads', async () => {
    const published = await (await fetch('/node_modules/@stripe/stripe-js/dist/pure.mjs')).text();
    const [, train = 'none'] = /RELEASE_TRAIN = '(\w+)'/.exec(published) ?? [];
    expect(STRIPE_JS).to.equal(`https://js.stripe.com/${train}/stripe.js`);
  });
});

describe('where it stands', () => {
  it('in the light DOM of the widget, shown through its slots', async () => {
    const { element } = await showScene({
      name: 'stripe',
      panel: 'credit',
      snapshot: { ...IDLE, me: ADMIN, billing: billing({ provider: STRIPE }, { checkout: { step: 'card', ...STEP } }) },
    });
    await settled(element);
    const form = findAll(element, 'credit-phone-stripe-card-form')[0];
    const place = form && placeInPage(form);
    expect(place?.container.parentElement).to.equal(element);
    expect(place?.container.getRootNode()).to.equal(document);
    if (place) place.container.textContent = 'the form';
    expect(place?.container.assignedSlot).not.to.equal(null);
    expect(place?.container.getBoundingClientRect().width).to.be.greaterThan(100);
    place?.remove();
  });

  it('in a window of its own where a host page has put the widget into a shadow root', async () => {
    const host = document.createElement('div');
    host.attachShadow({ mode: 'open' });
    const { element } = await showScene({
      name: 'stripe-in-shadow',
      panel: 'credit',
      snapshot: { ...IDLE, me: ADMIN, billing: billing({ provider: STRIPE }, { checkout: { step: 'card', ...STEP } }) },
    });
    document.body.append(host);
    host.shadowRoot?.append(element);
    await settled(element);
    const form = findAll(element, 'credit-phone-stripe-card-form')[0];
    expect(form && placeInPage(form)).to.equal(null);
    const place = placeInWindow({ title: 'Card', label: 'Pay', language: 'en-US', onConfirm: () => undefined });
    if (place === null) return;
    expect(place.container.ownerDocument).not.to.equal(document);
    expect(place.container.getRootNode()).to.equal(place.container.ownerDocument);
    place.remove();
  });

  it('says that it cannot be loaded where the page does not let Stripe.js in, and that nothing was charged', async () => {
    const { element } = await showScene({
      name: 'stripe-blocked',
      panel: 'credit',
      snapshot: { ...IDLE, me: ADMIN, billing: billing({ provider: STRIPE }, { checkout: { step: 'card', ...STEP } }) },
    });
    await wordsAppear(element, "can't be loaded");
    expect(wordsOf(element)).to.contain('Nothing was charged.');
  });
});

async function wordsAppear(element: CreditPhone, words: string): Promise<void> {
  for (let round = 0; round < 1_000 && !wordsOf(element).includes(words); round += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(wordsOf(element)).to.contain(words);
}
