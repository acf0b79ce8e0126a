/** A phone with the billing room open and the payment addresses played by a test. */
import type { BillingSnapshot, BillingWish, Checkout, PaymentPlan } from '../../src/phone/billing-snapshot.ts';
import { granted } from '../../src/protocol/problem.ts';
import { settled } from './phone-clock.ts';
import { FakePaymentGate, fakeIntents, TWENTY_FIVE } from './phone-fake-payments.ts';
import { type PhoneRig, phoneRig } from './phone-fakes.ts';
import { until } from './phone-gate-server.ts';
import { sampleMe } from './phone-samples.ts';

export type BillingRig = PhoneRig & {
  readonly payments: FakePaymentGate;
  readonly intents: ReturnType<typeof fakeIntents>;
};

export const SAVED: PaymentPlan = { amountMicros: TWENTY_FIVE, payWith: 'saved_card', keepsCard: false };
export const NEW: PaymentPlan = { amountMicros: TWENTY_FIVE, payWith: 'new_card', keepsCard: true };
export const GOOD_CARD = { number: '4242424242424242', expiryMonth: 9, expiryYear: 2030, cvc: '123' };

export async function billingRig(
  world: { readonly payments?: FakePaymentGate; readonly intents?: ReturnType<typeof fakeIntents> } = {},
  role: 'agent' | 'billing' | 'company' = 'billing',
): Promise<BillingRig> {
  const { payments = new FakePaymentGate(), intents = fakeIntents() } = world;
  const rig = await phoneRig({
    prepare: ({ gate }) => {
      gate.me = async () => granted(sampleMe({ role }));
    },
    loadPayments: async () => ({ gate: payments, intents }),
  });
  if (role !== 'agent') await until(() => !['unopened', 'loading'].includes(rig.phone.snapshot.billing.state));
  await settled();
  return { ...rig, payments, intents };
}

export function open(rig: PhoneRig): Extract<BillingSnapshot, { state: 'open' }> {
  const { billing } = rig.phone.snapshot;
  if (billing.state !== 'open') throw new Error(`Billing is ${billing.state}.`);
  return billing;
}

export function checkout(rig: PhoneRig): Checkout {
  return open(rig).checkout;
}

export async function ask(rig: PhoneRig, ...wishes: BillingWish[]): Promise<void> {
  for (const wish of wishes) {
    rig.phone.askBilling(wish);
    await settled();
  }
}
