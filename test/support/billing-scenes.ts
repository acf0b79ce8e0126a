/** The screens of paying, in every state. */
import type {
  BillingSnapshot,
  CardConfirmationStep,
  Checkout,
  PaymentListSnapshot,
  PaymentPlan,
} from '../../src/phone/billing-snapshot.ts';
import type { PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import type { Me } from '../../src/protocol/account.ts';
import type { CardCheck } from '../../src/protocol/card-check.ts';
import { officeRefusal } from '../../src/protocol/office-problem.ts';
import type { Payment, PaymentSettings } from '../../src/protocol/payment.ts';
import { ADMIN, BALANCE, cents, EMPTY_BALANCE, HELD_BALANCE, IDLE, REQUEST } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { sampleAutoRecharge, samplePaper, samplePayment, samplePaymentSettings, VISA } from './payment-samples.ts';

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

const WANTED = { thresholdMicros: cents(500), amountMicros: cents(2500), monthlyLimitMicros: cents(10_000) } as const;
const ON_ACCOUNT = {
  onAccount: {
    openMicros: cents(4_000),
    ceilingMicros: cents(50_000),
    invoicedAtMs: Date.UTC(2026, 1, 1, 12),
  },
} as const;
const INVOICED: PaymentPlan = { amountMicros: cents(2500), payWith: 'invoice', keepsCard: false };
const NO_CARD = sampleAutoRecharge({ cannotTurnOn: 'card_missing', isCardAskedFor: true });
const LIST = { ...samplePaymentSettings().topUp, isOtherAmountAllowed: false, isList: true } as const;

const CHECK: CardCheck = {
  checkId: 'check-0001',
  status: 'waiting',
  triesLeft: 3,
  card: VISA,
  step: null,
  failure: null,
  leastMicros: cents(101),
  mostMicros: cents(199),
  currency: 'USD',
};
const CONFIRM: CardConfirmationStep = {
  step: 'confirm_card',
  plan: SAVED,
  card: VISA,
  check: null,
  isWrong: false,
  isBusy: false,
  refusal: null,
};

function confirming(check: Partial<CardCheck>, step: Partial<CardConfirmationStep> = {}): PhoneSnapshot {
  return at({ ...CONFIRM, check: { ...CHECK, ...check }, ...step }, { isCardUnconfirmed: true });
}

const REVIEW = { step: 'review', plan: SAVED, isBusy: false, refusal: null } as const;
const EMPTY = { balance: EMPTY_BALANCE, creditLevel: 'empty' } as const;

const DAY_MS = 24 * 60 * 60_000;
const PAYMENTS: readonly Payment[] = [
  samplePayment({ paymentId: 'payment-0007', status: 'pending', amountMicros: cents(5000) }),
  samplePayment({ paymentId: 'payment-0006', kind: 'auto_recharge', byName: null, availableMicros: cents(496) }),
  samplePayment({
    paymentId: 'payment-0005',
    status: 'failed',
    byName: 'Konstantinos Papadopoulos-Vassilakis',
    failure: { kind: 'insufficient_funds', retry: 'new_card' },
  }),
  samplePayment({ paymentId: 'payment-0004', returnedMicros: cents(2500) }),
  samplePayment({ paymentId: 'payment-0003', returnedMicros: cents(1000), byName: 'Luis' }),
  samplePayment({ paymentId: 'payment-0002', status: 'canceled', card: null }),
  samplePayment({ paymentId: 'payment-0001', status: 'requires_action' }),
].map((payment, index) => ({ ...payment, createdAtMs: payment.createdAtMs - index * DAY_MS }));
const PAID: Extract<PaymentListSnapshot, { state: 'full' }> = {
  state: 'full',
  payments: PAYMENTS,
  isMoreThere: false,
  isLoadingMore: false,
  papers: [
    samplePaper({ name: 'acme-000008', kind: 'credit_note', reference: 'payment-0004', amountMicros: cents(-2500) }),
    samplePaper({ name: 'acme-000007', reference: 'payment-0006' }),
    samplePaper({ name: 'acme-000006', reference: 'payment-0004' }),
  ],
  savingPaper: null,
  refusal: null,
};

/** C-21: nothing was added, and services are paid by invoice. */
const MONTHS: Extract<PaymentListSnapshot, { state: 'full' }> = {
  ...PAID,
  payments: [],
  papers: [
    samplePaper({ name: 'acme-000010', kind: 'invoice', reference: null, amountMicros: cents(4210), isOpen: true }),
    samplePaper({
      name: 'acme-000009',
      kind: 'invoice',
      reference: 'services:a',
      amountMicros: cents(12),
      isOpen: false,
    }),
  ],
};

const COMPANY: Me = { ...ADMIN, role: 'company' };
const BERLIN = { officeId: 'berlin', name: 'Berlin office' } as const;
const OFFICES = [
  BERLIN,
  { officeId: ADMIN.office.officeId, name: ADMIN.office.name },
  { officeId: 'long', name: 'Konstantinopel-Papadopoulou regional customer support office' },
];

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
    snapshot: shown(billing({}, { refusal: officeRefusal('payments_frozen') })),
  },
  { name: 'billing-add', snapshot: shown(billing(), { balance: BALANCE }), press: ['Add credit'] },
  {
    name: 'billing-add-presets',
    snapshot: shown(billing({ topUp: { ...samplePaymentSettings().topUp, isOtherAmountAllowed: false } })),
    press: ['Add credit'],
  },
  { name: 'billing-add-list', snapshot: shown(billing({ topUp: LIST })), press: ['Add credit'] },
  {
    name: 'billing-add-choose',
    snapshot: shown(billing({ topUp: { ...samplePaymentSettings().topUp, isChoiceNeeded: true } })),
    press: ['Add credit'],
  },
  {
    name: 'billing-add-trial',
    snapshot: shown(billing({ autoRecharge: sampleAutoRecharge({ cannotTurnOn: 'trial' }) })),
    press: ['Add credit'],
  },
  {
    name: 'billing-auto-form-no-card',
    snapshot: shown(billing({ card: null, autoRecharge: NO_CARD }), EMPTY),
    press: ['Edit'],
  },
  { name: 'billing-on-account', snapshot: shown(billing(ON_ACCOUNT)) },
  { name: 'checkout-confirm', snapshot: at(CONFIRM, { isCardUnconfirmed: true }) },
  { name: 'checkout-confirm-no-card', snapshot: at({ ...CONFIRM, card: null, plan: NEW }, { card: null }) },
  { name: 'checkout-confirm-busy', snapshot: at({ ...CONFIRM, isBusy: true }) },
  { name: 'checkout-confirm-amount', snapshot: confirming({}) },
  { name: 'checkout-confirm-wrong', snapshot: confirming({ triesLeft: 1 }, { isWrong: true }) },
  { name: 'checkout-confirm-charging', snapshot: confirming({ status: 'charging' }) },
  { name: 'checkout-confirm-locked', snapshot: confirming({ status: 'locked', triesLeft: 0 }) },
  { name: 'checkout-confirm-expired', snapshot: confirming({ status: 'expired' }) },
  {
    name: 'checkout-confirm-failed',
    snapshot: confirming({ status: 'failed', failure: { kind: 'declined', retry: 'new_card' } }),
  },
  { name: 'checkout-confirm-limit', snapshot: at({ ...CONFIRM, refusal: officeRefusal('card_check_limit') }) },
  { name: 'checkout-bank-check', snapshot: at({ step: 'authenticate', ...STEP, plan: SAVED, isCheck: true }) },
  { name: 'checkout-review-account', snapshot: at({ ...REVIEW, plan: INVOICED }, ON_ACCOUNT) },
  {
    name: 'checkout-review-ceiling',
    snapshot: at(
      {
        ...REVIEW,
        plan: INVOICED,
        refusal: officeRefusal('credit_ceiling', { mostMicros: cents(1000), currency: 'USD' }),
      },
      ON_ACCOUNT,
    ),
  },
  { name: 'checkout-done-account', snapshot: at({ step: 'done', plan: INVOICED, card: null }, ON_ACCOUNT) },
  { name: 'checkout-review-auto', snapshot: at({ ...REVIEW, plan: { ...SAVED, autoRecharge: WANTED } }) },
  {
    name: 'checkout-review-auto-new',
    snapshot: at({ ...REVIEW, plan: { ...NEW, autoRecharge: WANTED } }, { card: null }),
  },
  {
    name: 'checkout-done-auto',
    snapshot: at({ step: 'done', plan: { ...SAVED, autoRecharge: WANTED }, card: VISA, autoRecharge: 'on' }),
  },
  {
    name: 'checkout-done-auto-refused',
    snapshot: at({
      step: 'done',
      plan: null,
      card: VISA,
      autoRecharge: officeRefusal('trial_account'),
    }),
  },
  { name: 'checkout-review-first-card', snapshot: at({ ...REVIEW, plan: NEW }, { card: null }) },
  { name: 'checkout-review', snapshot: at(REVIEW) },
  { name: 'checkout-review-busy', snapshot: at({ ...REVIEW, isBusy: true }) },
  { name: 'checkout-review-new', snapshot: at({ ...REVIEW, plan: NEW }) },
  {
    name: 'checkout-review-meanwhile',
    snapshot: at({ ...REVIEW, refusal: officeRefusal('payment_meanwhile', { byName: 'Luis' }) }),
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
  { name: 'payments', snapshot: shown(billing({}, { list: PAID })) },
  { name: 'payments-all', snapshot: shown(billing({}, { list: PAID })), press: ['Show more'] },
  { name: 'payments-loading', snapshot: shown(billing({}, { list: { state: 'loading' } })) },
  { name: 'payments-empty', snapshot: shown(billing({}, { list: { ...PAID, payments: [], papers: [] } })) },
  {
    name: 'payments-invoices',
    snapshot: shown(
      billing({ onInvoice: { openMicros: cents(4210), invoicedAtMs: Date.UTC(2026, 1, 1, 12) } }, { list: MONTHS }),
    ),
  },
  {
    name: 'payments-failed',
    snapshot: shown(
      billing({}, { list: { state: 'failed', refusal: { code: 'unavailable', whoCanFix: 'operator' } } }),
    ),
  },
  {
    name: 'payments-busy',
    snapshot: shown(
      billing({}, { list: { ...PAID, isMoreThere: true, isLoadingMore: true, savingPaper: 'acme-000007' } }),
    ),
  },
  {
    name: 'payments-receipt-failed',
    snapshot: shown(billing({}, { list: { ...PAID, refusal: { code: 'unavailable', whoCanFix: 'operator' } } })),
  },
  { name: 'office-own', snapshot: shown(billing(), { me: COMPANY, offices: { choices: OFFICES, other: null } }) },
  {
    name: 'office-other',
    snapshot: shown(billing(), {
      me: COMPANY,
      offices: { choices: OFFICES, other: { ...BERLIN, balance: { ...EMPTY_BALANCE, officeId: 'berlin' } } },
    }),
  },
  {
    name: 'office-other-loading',
    snapshot: shown(
      { state: 'loading' },
      { me: COMPANY, offices: { choices: OFFICES, other: { ...BERLIN, balance: null } } },
    ),
  },
  {
    name: 'office-other-off',
    snapshot: shown(
      { state: 'off' },
      { me: COMPANY, offices: { choices: OFFICES, other: { ...BERLIN, balance: null } } },
    ),
  },
  { name: 'request-add', snapshot: shown(billing(), { ...EMPTY, creditRequests: [REQUEST] }) },
  {
    name: 'request-answering',
    snapshot: shown(billing({}, { answering: REQUEST.requestId }), { ...EMPTY, creditRequests: [REQUEST] }),
  },
  {
    name: 'request-decline',
    snapshot: shown(billing(), { ...EMPTY, creditRequests: [REQUEST] }),
    press: ['Not now'],
  },
  { name: 'rtl-payments', snapshot: shown(billing({}, { list: PAID })), isRightToLeft: true },
  { name: 'rtl-billing', snapshot: shown(billing({ autoRecharge: ON })), isRightToLeft: true },
  { name: 'rtl-checkout-review', snapshot: at(REVIEW), isRightToLeft: true },
];

export const BILLING_SCENES: readonly Scene[] = PANEL.map((scene) => ({
  ...(/payments/.test(scene.name) ? { lookAt: 'credit-phone-payment-list' } : {}),
  ...scene,
  panel: 'credit',
}));
