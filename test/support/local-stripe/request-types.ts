/** The requests that the local Stripe takes, as the SDK's own types say. request-schemas.ts makes JSON schemas of them. */
import type Stripe from 'stripe';

export interface StripeRequests {
  readonly 'POST /v1/customers': Stripe.CustomerCreateParams;
  readonly 'POST /v1/payment_intents': Stripe.PaymentIntentCreateParams;
  readonly 'GET /v1/payment_intents': Stripe.PaymentIntentListParams;
  readonly 'GET /v1/payment_intents/:id': Stripe.PaymentIntentRetrieveParams;
  readonly 'POST /v1/payment_intents/:id/cancel': Stripe.PaymentIntentCancelParams;
  readonly 'POST /v1/setup_intents': Stripe.SetupIntentCreateParams;
  readonly 'GET /v1/setup_intents/:id': Stripe.SetupIntentRetrieveParams;
  readonly 'GET /v1/payment_methods/:id': Stripe.PaymentMethodRetrieveParams;
  readonly 'POST /v1/payment_methods/:id/detach': Stripe.PaymentMethodDetachParams;
  readonly 'POST /v1/refunds': Stripe.RefundCreateParams;
  readonly 'GET /v1/refunds': Stripe.RefundListParams;
  readonly 'GET /v1/refunds/:id': Stripe.RefundRetrieveParams;
  readonly 'GET /v1/disputes/:id': Stripe.DisputeRetrieveParams;
  readonly 'GET /v1/events': Stripe.EventListParams;
}
