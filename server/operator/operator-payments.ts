/** Payments as a command works on them, beside the servers: the same functions, on the same data, telling the servers what changed. */
import { randomUUID } from 'node:crypto';
import { createBalanceReader } from '../accounts/balance.ts';
import { createOfficeDirectory } from '../accounts/office-directory.ts';
import { newsWord, wordOfEvent } from '../events/news-word.ts';
import { createLedger } from '../ledger/ledger.ts';
import { loggedNotices } from '../payments/payment-notices.ts';
import type { PaymentProvider } from '../payments/payment-provider.ts';
import type { PaymentRoom } from '../payments/payment-room.ts';
import { SimulatedProvider } from '../payments/simulated-provider.ts';
import { createStripeProvider } from '../payments/stripe-provider.ts';
import type { EventPublisher } from '../services.ts';
import type { Store } from '../storage/store.ts';
import { stripeComplaints } from '../stripe-complaints.ts';
import { systemClock } from '../system-clock.ts';
import type { OperatorContext } from './operator-context.ts';
import { OperatorError } from './operator-error.ts';
import { operatorPolicy } from './operator-policy.ts';

/** The ledger is drained when it resolves. `kind` as it stands in the payment's row. Throws OperatorError when its keys are missing. */
export async function withPaymentRoom<Result>(
  context: OperatorContext,
  { store, kind }: { readonly store: Store; readonly kind: string },
  work: (room: PaymentRoom) => Promise<Result>,
): Promise<Result> {
  const provider = providerOf(context, { store, kind });
  const ledger = createLedger(store);
  try {
    return await work(await paymentRoom(context, { store, ledger, provider }));
  } finally {
    await ledger.close();
  }
}

async function paymentRoom(
  context: OperatorContext,
  parts: Pick<PaymentRoom, 'store' | 'ledger' | 'provider'>,
): Promise<PaymentRoom> {
  const { store } = parts;
  const publisher = tellingServers(store);
  const policy = await operatorPolicy(context, store);
  const offices = createOfficeDirectory({ store, clock: systemClock, publisher });
  const log = (message: string, facts: Readonly<Record<string, unknown>>) =>
    context.print(`${message}: ${JSON.stringify(facts)}`);
  const told = (office: { readonly accountId: string; readonly officeId: string }) =>
    publisher.balanceChanged?.(office);
  return {
    ...parts,
    clock: systemClock,
    policy,
    offices,
    publisher,
    balance: createBalanceReader({ store, offices, policy }),
    notices: { walletChanged: told, leaseGrew: told, walletChangedElsewhere: () => undefined },
    creditArrived: ({ accountId, walletId }) => store.news.tell(newsWord({ word: 'credit', accountId, walletId })),
    tell: loggedNotices(log),
    newId: randomUUID,
    log,
  };
}

/** No widget listens here; those of the servers are told by the servers. */
function tellingServers(store: Store): EventPublisher {
  return {
    publish: (audience, event) => store.news.tell(wordOfEvent(audience, event)),
    balanceChanged: ({ accountId, officeId }) => store.news.tell(newsWord({ word: 'balance', accountId, officeId })),
    officesChanged: ({ accountId }) => store.news.tell(newsWord({ word: 'offices', accountId })),
  };
}

function providerOf(
  { environment, stripeAddress }: OperatorContext,
  { store, kind }: { readonly store: Store; readonly kind: string },
): PaymentProvider {
  if (kind === 'simulated') return simulated(store);
  const keys = {
    stripeSecretKey: environment.STRIPE_SECRET_KEY || null,
    stripeWebhookSecret: environment.STRIPE_WEBHOOK_SECRET || null,
    stripePublishableKey: environment.STRIPE_PUBLISHABLE_KEY || null,
  };
  const [complaint] = stripeComplaints({ ...keys, isProduction: environment.NODE_ENV === 'production' });
  if (complaint !== undefined) throw new OperatorError(complaint);
  const { stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret, stripePublishableKey: publishableKey } = keys;
  if (secretKey === null || webhookSecret === null || publishableKey === null) {
    throw new OperatorError('STRIPE_SECRET_KEY: the payments are at Stripe, so its three keys must be set here, too.');
  }
  const address = stripeAddress === undefined ? {} : { address: stripeAddress };
  return createStripeProvider({ secretKey, webhookSecret, publishableKey, ...address });
}

/** Its reports do not travel from here: the servers find them in its list of events, and what matters is applied at once. */
function simulated(store: Store): PaymentProvider {
  const after = () => () => undefined;
  return new SimulatedProvider({
    store,
    clock: systemClock,
    after,
    webhookSecret: randomUUID(),
    deliver: async () => true,
  });
}
