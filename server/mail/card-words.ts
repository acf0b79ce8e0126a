/** Cards, and why one was declined, in words. */
import type { Card, PaymentFailure } from '../../src/protocol/payment.ts';

/** "Visa ...4242". */
export function cardName({ brand, last4 }: Card): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} ...${last4}`;
}

export function expiryText({ expiryMonth, expiryYear }: Card): string {
  return `${String(expiryMonth).padStart(2, '0')}/${expiryYear}`;
}

export function reasonOf(failure: PaymentFailure | null): string {
  switch (failure?.kind) {
    case 'insufficient_funds':
      return 'there is not enough money on the card';
    case 'expired':
      return 'the card has ended';
    case 'authentication_required':
    case 'authentication_failed':
      return 'the bank wants you to confirm the payment';
    case 'provider_unavailable':
    case 'processing':
      return 'the bank could not be reached';
    default:
      return 'the card was declined';
  }
}

export function whatToDo(failure: PaymentFailure | null): string {
  if (failure?.retry === 'authenticate') {
    return 'Open Billing in the phone: the payment is listed there, and Confirm opens the window of your bank.';
  }
  if (failure?.retry === 'later') return 'To be on the safe side, open Billing in the phone and add credit by hand.';
  return 'Open Billing in the phone, choose Change card, and add credit by hand if it is urgent.';
}
