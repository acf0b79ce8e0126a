/** The screens of paying, in every state. */
import type { BillingSnapshot, Checkout, PaymentPlan } from '../../src/phone/billing-snapshot.ts';
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { PaymentSettings } from '../../src/protocol/payment.ts';
import { paymentRefusal } from '../../src/protocol/payment-problem.ts';
import { ADMIN, BALANCE, cents, EMPTY_BALANCE, HELD_BALANCE, IDLE } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { sampleAutoRecharge, samplePaymentSettings, VISA } from './payment-samples.ts';

type OpenBilling = Extract<BillingSnapshot, { state: 'open' }>;

const SAVED: PaymentPlan = { amountMicros: cents(2500), payWith: 'saved_card', keepsCard: false };
const NEW: PaymentPlan = { amountMicros: cents(2500), payWith: 'new_card', keepsCard: true };
const STEP = { plan: NEW, clientSecret: 'secret', isBusy: false, failure: null, refusal: null } as const;
const ON = sampleAutoRecharge({ isOn: true, takenThisMonthMicros: cents(2500), consent: { byName: 'Dana', atMs: 0 } });

export function billing(settings: Partial<PaymentSettings> = {}, facts: Partial<OpenBilling> = {}): OpenBilling {
  return {
    state: 'open',
    settings: samplePaymentSettings(settings),
    checkout: { step: 'none' },
    list: { state: 'unopened' },
    answering: null,
    lastPaid: null,
    isSaving: false,
    refusal: null,
    ...facts,
  };
}

function shown(billingSnapshot: BillingSnapshot, facts: Partial<PhoneSnapshot> = {}): PhoneSnapshot {
  return { ...IDLE, me: ADMIN, balance: HELD_BALANCE, billing: billingSnapshot, ...facts };
}

function at(checkout: Checkout, settings: Partial<PaymentSettings> = {}): PhoneSnapshot {
  return shown(billing(settings, { checkout }));
}

const REVIEW = { step: 'review', plan: SAVED, isBusy: false, refusal: null } as const;
const EMPTY = { balance: EMPTY_BALANCE, creditLevel: 'empty' } as const;

const PANEL: readonly Omit<Scene, 'panel'>[] = [
  { name: 'billing', snapshot: shown(billing()) },
  { name: 'billing-loading', snapshot: shown({ state: 'loading' }) },
  {
    name: 'billing-failed',
    snapshot: shown({ state: 'failed', refusal: { code: 'unavailable', whoCanFix: 'operator' } }),
  },
  { name: 'billing-off', snapshot: shown({ state: 'off' }, { me: { ...ADMIN, isDemo: false } }) },
  { name: 'billing-empty', snapshot: shown(billing({ card: null }), EMPTY) },
  { name: 'billing-coming', snapshot: shown(billing({ comingMicros: cents(2500) }), EMPTY) },
  { name: 'billing-owed', snapshot: shown(billing({ owedMicros: cents(600), isDisputed: true })) },
  { name: 'billing-auto-on', snapshot: shown(billing({ autoRecharge: ON })) },
  {
    name: 'billing-auto-paused',
    snapshot: shown(
      billing({ autoRecharge: { ...ON, pause: 'card_expired' }, card: { ...VISA, expiryMonth: 2, expiryYear: 2024 } }),
    ),
  },
  { name: 'billing-auto-form', snapshot: shown(billing()), press: ['Edit'] },
  { name: 'billing-auto-form-on', snapshot: shown(billing({ autoRecharge: ON }), EMPTY), press: ['Edit'] },
  {
    name: 'billing-auto-form-wrong',
    snapshot: shown(billing({ autoRecharge: { ...ON, thresholdMicros: cents(1) } })),
    press: ['Edit', 'Save'],
  },
  {
    name: 'billing-auto-form-trial',
    snapshot: shown(billing({ autoRecharge: sampleAutoRecharge({ cannotTurnOn: 'trial' }) })),
    press: ['Edit'],
  },
  { name: 'billing-remove', snapshot: shown(billing()), press: ['Remove'] },
  {
    name: 'billing-remove-refused',
    snapshot: shown(billing({}, { refusal: paymentRefusal('payments_frozen') })),
  },
  { name: 'billing-add', snapshot: shown(billing(), { balance: BALANCE }), press: ['Add credit'] },
  {
    name: 'billing-add-presets',
    snapshot: shown(billing({ topUp: { ...samplePaymentSettings().topUp, isOtherAmountAllowed: false } })),
    press: ['Add credit'],
  },
  { name: 'checkout-review', snapshot: at(REVIEW) },
  { name: 'checkout-review-busy', snapshot: at({ ...REVIEW, isBusy: true }) },
  { name: 'checkout-review-new', snapshot: at({ ...REVIEW, plan: NEW }) },
  {
    name: 'checkout-review-meanwhile',
    snapshot: at({ ...REVIEW, refusal: paymentRefusal('payment_meanwhile', { byName: 'Luis' }) }),
  },
  { name: 'checkout-card', snapshot: at({ step: 'card', ...STEP }) },
  { name: 'checkout-card-wrong', snapshot: at({ step: 'card', ...STEP }), press: ['Pay $25.00'] },
  {
    name: 'checkout-card-no-test-card',
    snapshot: at({ step: 'card', ...STEP, refusal: { code: 'request_invalid', whoCanFix: 'host' } }),
  },
  { name: 'checkout-card-save', snapshot: at({ step: 'card', ...STEP, plan: null, isBusy: true }) },
  { name: 'checkout-bank', snapshot: at({ step: 'authenticate', ...STEP }) },
  { name: 'checkout-pending', snapshot: at({ step: 'pending', plan: SAVED }) },
  { name: 'checkout-done', snapshot: at({ step: 'done', plan: SAVED, card: VISA }) },
  { name: 'checkout-card-saved', snapshot: at({ step: 'done', plan: null, card: VISA }) },
  {
    name: 'checkout-declined',
    snapshot: at({ step: 'failed', plan: SAVED, failure: { kind: 'insufficient_funds', retry: 'new_card' } }),
  },
  {
    name: 'checkout-not-confirmed',
    snapshot: at({ step: 'failed', plan: SAVED, failure: { kind: 'authentication_failed', retry: 'authenticate' } }),
  },
  { name: 'rtl-billing', snapshot: shown(billing({ autoRecharge: ON })), isRightToLeft: true },
  { name: 'rtl-checkout-review', snapshot: at(REVIEW), isRightToLeft: true },
];

export const BILLING_SCENES: readonly Scene[] = PANEL.map((scene) => ({ ...scene, panel: 'credit' }));
