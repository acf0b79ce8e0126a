/** Where the billing panel asks: the payment addresses and what they answer. payment-endpoints.ts adds what the server checks. */
import { cardCheckSchema } from './card-check.ts';
import { invoicePageSchema } from './invoice.ts';
import { cardSetupSchema, paymentPageSchema, paymentProgressSchema, paymentSettingsSchema } from './payment.ts';
import type { Route } from './routes.ts';

export const PAYMENT_ROUTES = {
  paymentSettings: { method: 'GET', path: '/v1/payment-settings', response: paymentSettingsSchema },
  saveAutoRecharge: { method: 'PUT', path: '/v1/payment-settings/auto-recharge', response: paymentSettingsSchema },
  startCardSetup: { method: 'POST', path: '/v1/card-setups', response: cardSetupSchema },
  finishCardSetup: { method: 'POST', path: '/v1/card-setups/:setupId/finish', response: cardSetupSchema },
  removeCard: { method: 'POST', path: '/v1/payment-settings/remove-card', response: paymentSettingsSchema },
  startPayment: { method: 'POST', path: '/v1/payments', response: paymentProgressSchema },
  payments: { method: 'GET', path: '/v1/payments', response: paymentPageSchema },
  payment: { method: 'GET', path: '/v1/payments/:paymentId', response: paymentProgressSchema },
  finishPayment: { method: 'POST', path: '/v1/payments/:paymentId/finish', response: paymentProgressSchema },
  cancelPayment: { method: 'POST', path: '/v1/payments/:paymentId/cancel', response: paymentProgressSchema },
  startCardCheck: { method: 'POST', path: '/v1/card-checks', response: cardCheckSchema },
  guessCardCheck: { method: 'POST', path: '/v1/card-checks/:checkId/guess', response: cardCheckSchema },
  cardCheck: { method: 'GET', path: '/v1/card-checks/:checkId', response: cardCheckSchema },
  invoices: { method: 'GET', path: '/v1/invoices', response: invoicePageSchema },
} as const satisfies Record<string, Route>;

export type PaymentEndpointName = keyof typeof PAYMENT_ROUTES;

/** Where the provider reports: raw body, signed by the provider, no access token. */
export const WEBHOOK_PATH = '/v1/webhooks/:provider';
