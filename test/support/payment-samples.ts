/** Plausible payment facts, shared by fakes and scenes. */
import { micros, ZERO_MICROS } from '../../src/protocol/money.ts';
import type { AutoRecharge, Card, PaymentSettings } from '../../src/protocol/payment.ts';

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
