/** Plausible payment facts, shared by fakes and scenes. */

import type { Invoice } from '../../src/protocol/invoice.ts';
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { AutoRecharge, Card, Payment, PaymentSettings } from '../../src/protocol/payment.ts';

export const VISA: Card = { brand: 'visa', last4: '4242', expiryMonth: 9, expiryYear: 2029 };

const dollars = (amount: number) => micros(amount * 1_000_000);

export function sampleAutoRecharge(change: Partial<AutoRecharge> = {}): AutoRecharge {
  return {
    isOn: false,
    thresholdMicros: dollars(5),
    amountMicros: dollars(25),
    monthlyLimitMicros: dollars(100),
    comparison: 'below',
    thresholdBounds: { leastMicros: dollars(5), mostMicros: dollars(500) },
    amountBounds: { leastMicros: dollars(10), mostMicros: dollars(1_000) },
    mostInMonthMicros: dollars(100),
    takenThisMonthMicros: ZERO_MICROS,
    cannotTurnOn: null,
    pause: null,
    nextTryAtMs: null,
    consent: null,
    ...change,
  };
}

export function samplePaymentSettings(change: Partial<PaymentSettings> = {}): PaymentSettings {
  return {
    officeId: 'office-1',
    currency: 'USD',
    provider: { kind: 'simulated', isTest: true },
    topUp: {
      presetsMicros: [dollars(5), dollars(10), dollars(25)],
      isOtherAmountAllowed: true,
      bounds: { leastMicros: dollars(5), mostMicros: dollars(1_000) },
      stepMicros: micros(10_000),
    },
    card: VISA,
    autoRecharge: sampleAutoRecharge(),
    comingMicros: ZERO_MICROS,
    owedMicros: ZERO_MICROS,
    works: { callingOut: true, receiving: true, buyingNumbers: true },
    isDisputed: false,
    lastPaymentId: null,
    ...change,
  };
}

export function samplePayment(change: Partial<Payment> = {}): Payment {
  return {
    paymentId: 'payment-0001',
    officeId: 'office-1',
    kind: 'top_up',
    status: 'succeeded',
    amountMicros: dollars(25),
    currency: 'USD',
    byName: 'Dana',
    card: VISA,
    failure: null,
    returnedMicros: ZERO_MICROS,
    availableMicros: null,
    createdAtMs: Date.UTC(2026, 0, 15, 9, 30),
    changedAtMs: Date.UTC(2026, 0, 15, 9, 30),
    version: 1,
    ...change,
  };
}

export function samplePaper(change: Partial<Invoice> = {}): Invoice {
  return {
    name: 'acme-000001',
    kind: 'receipt',
    officeId: 'office-1',
    amountMicros: dollars(25),
    taxMicros: ZERO_MICROS,
    currency: 'USD',
    issuedAtMs: Date.UTC(2026, 0, 15, 9, 31),
    reference: 'payment-0001',
    ...change,
  };
}
