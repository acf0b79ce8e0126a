/** What cards, failures and refusals of payments mean to a person. */
import type { BillingRefusal } from '../phone/billing-snapshot.ts';
import type { Me } from '../protocol/account.ts';
import type { Card, PaymentFailure } from '../protocol/payment.ts';
import { refusalText } from './refusal-text.ts';
import type { Texts } from './texts.ts';

/** As the schemes write themselves; what is not here is shown as the provider names it. */
const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

/** "Visa ··4242". */
export function cardText({ brand, last4 }: Card, texts: Texts): string {
  return texts.say('card.name', { brand: BRANDS[brand] ?? brand, last4 });
}

/** "ends 09/29", or "ended" once its last month is over. */
export function cardEndText({ expiryMonth, expiryYear }: Card, texts: Texts): string {
  const end = { month: String(expiryMonth).padStart(2, '0'), year: String(expiryYear % 100).padStart(2, '0') };
  return texts.say(hasEnded({ expiryMonth, expiryYear }) ? 'card.ended' : 'card.ends', end);
}

/** A card is good until the end of its month. */
export function hasEnded(card: Pick<Card, 'expiryMonth' | 'expiryYear'>, nowMs = Date.now()): boolean {
  return Date.UTC(card.expiryYear, card.expiryMonth, 1) <= nowMs;
}

export function failureText(failure: PaymentFailure | null, texts: Texts): string {
  return texts.say(failure === null ? 'fail.unknown' : `fail.${failure.kind}`);
}

export function billingRefusalText(refusal: BillingRefusal, texts: Texts, me: Me | null): string {
  const { say } = texts;
  switch (refusal.code) {
    case 'amount_out_of_bounds': {
      const { leastMicros: least, mostMicros: most, currency } = refusal;
      if (least === undefined || most === undefined) return say('no.amount.plain');
      return say('no.amount', { least: texts.price(least, currency), most: texts.price(most, currency) });
    }
    case 'payment_pending':
    case 'payment_meanwhile':
      return refusal.byName ? say(`no.${refusal.code}.by`, { name: refusal.byName }) : say(`no.${refusal.code}`);
    case 'payments_off':
    case 'currency_mismatch':
    case 'card_missing':
    case 'payment_unknown':
    case 'payments_frozen':
    case 'consent_missing':
    case 'trial_account':
    case 'card_setup_unknown':
    case 'provider_unavailable':
    case 'unavailable':
      return say(`no.${refusal.code}`);
    case 'card_unconfirmed':
    case 'card_check_closed':
    case 'card_check_locked':
    case 'card_check_limit':
      return say(`no.${refusal.code}`);
    case 'credit_ceiling': {
      const { mostMicros: most, currency } = refusal;
      return most ? say('no.credit_ceiling.most', { most: texts.price(most, currency) }) : say('no.credit_ceiling');
    }
    case 'assignee_unknown':
    case 'webhook_invalid':
    // The banner is gone by then.
    case 'alert_unknown':
    // What only the host's backend is told.
    case 'service_off':
    case 'service_not_metered':
    case 'service_unknown':
    case 'service_expired':
    case 'service_closed':
      return say('fail.unknown');
    default:
      return refusalText(refusal, texts, me);
  }
}
