/** What the Credit tab is made of, but for the real provider's card form. */
export { AddCreditForm } from './add-credit-form.ts';
export { AlertMails } from './alert-mails.ts';
export { AutoRechargeForm } from './auto-recharge-form.ts';
export { BillingPanel } from './billing-panel.ts';
export { CardConfirmationForm } from './card-confirmation-form.ts';
export { CheckoutPanel } from './checkout-panel.ts';
export { CreditPanel } from './credit-panel.ts';
export { OfficeSwitch } from './office-switch.ts';
export { PaymentList } from './payment-list.ts';
export { PaymentReview } from './payment-review.ts';
export { TestCardForm } from './test-card-form.ts';
