/**
 * Which class stands for which tag, and when its code is loaded: with the page (what the first paint shows), or when it is first drawn. Lit
 * sets properties on a tag before its class is there, so nobody has to wait.
 */
import type { AddCreditForm } from './add-credit-form.ts';
import type { AlertBanner } from './alert-banner.ts';
import type { AlertMails } from './alert-mails.ts';
import type { AskForCredit } from './ask-for-credit.ts';
import type { AutoRechargeForm } from './auto-recharge-form.ts';
import type { BackButton } from './back-button.ts';
import { BalanceBar } from './balance-bar.ts';
import type { BillingPanel } from './billing-panel.ts';
import type { CallHistoryList } from './call-history-list.ts';
import type { CallOutcome } from './call-outcome.ts';
import type { CallPanel } from './call-panel.ts';
import type { CallQuote } from './call-quote.ts';
import type { CallRates } from './call-rates.ts';
import type { CallerChoice } from './caller-choice.ts';
import type { CardConfirmationForm } from './card-confirmation-form.ts';
import type { CheckoutPanel } from './checkout-panel.ts';
import type { ClosedPanel } from './closed-panel.ts';
import type { CreditPanel } from './credit-panel.ts';
import type { CreditRequestBanner } from './credit-request-banner.ts';
import { defineElement } from './define-element.ts';
import { DialPad } from './dial-pad.ts';
import type { FixButton } from './fix-button.ts';
import type { IncomingCall } from './incoming-call.ts';
import { KeyPad } from './key-pad.ts';
import type { KeysHelp } from './keys-help.ts';
import type { NoticeLine } from './notice-line.ts';
import type { NumberShop } from './number-shop.ts';
import type { OfficeSwitch } from './office-switch.ts';
import type { OwnNumbers } from './own-numbers.ts';
import type { PaymentList } from './payment-list.ts';
import type { PaymentReview } from './payment-review.ts';
import type { SpendChart } from './spend-chart.ts';
import type { SpendOutlook } from './spend-outlook.ts';
import type { StripeCardForm } from './stripe-card-form.ts';
import type { TestCardForm } from './test-card-form.ts';
import { addMessages } from './texts.ts';
import type { UsageExport } from './usage-export.ts';
import type { UsageFilter } from './usage-filter.ts';
import type { UsageGroups } from './usage-groups.ts';
import type { UsageLines } from './usage-lines.ts';
import type { UsagePanel } from './usage-panel.ts';

type Classes = Readonly<Record<string, CustomElementConstructor>>;

const FIRST_PAINT: Classes = {
  'credit-phone-balance-bar': BalanceBar,
  'credit-phone-dial-pad': DialPad,
  'credit-phone-key-pad': KeyPad,
};

const LATER = {
  call: async (): Promise<Classes> => {
    const part = await import('./call-stage.ts');
    return {
      'credit-phone-back-button': part.BackButton,
      'credit-phone-call-outcome': part.CallOutcome,
      'credit-phone-call-panel': part.CallPanel,
      'credit-phone-call-quote': part.CallQuote,
      'credit-phone-fix-button': part.FixButton,
      'credit-phone-incoming-call': part.IncomingCall,
      'credit-phone-notice-line': part.NoticeLine,
    };
  },
  alerts: async (): Promise<Classes> => ({
    'credit-phone-alert-banner': (await import('./alert-banner.ts')).AlertBanner,
  }),
  ask: async (): Promise<Classes> => ({
    'credit-phone-ask-for-credit': (await import('./ask-for-credit.ts')).AskForCredit,
  }),
  caller: async (): Promise<Classes> => ({
    'credit-phone-caller-choice': (await import('./caller-choice.ts')).CallerChoice,
  }),
  chart: async (): Promise<Classes> => ({ 'credit-phone-spend-chart': (await import('./spend-chart.ts')).SpendChart }),
  closed: async (): Promise<Classes> => ({
    'credit-phone-closed-panel': (await import('./closed-panel.ts')).ClosedPanel,
  }),
  credit: async (): Promise<Classes> => {
    const part = await import('./credit-stage.ts');
    return {
      'credit-phone-add-credit-form': part.AddCreditForm,
      'credit-phone-alert-mails': part.AlertMails,
      'credit-phone-auto-recharge-form': part.AutoRechargeForm,
      'credit-phone-billing-panel': part.BillingPanel,
      'credit-phone-card-confirmation-form': part.CardConfirmationForm,
      'credit-phone-checkout-panel': part.CheckoutPanel,
      'credit-phone-credit-panel': part.CreditPanel,
      'credit-phone-office-switch': part.OfficeSwitch,
      'credit-phone-payment-list': part.PaymentList,
      'credit-phone-payment-review': part.PaymentReview,
      'credit-phone-test-card-form': part.TestCardForm,
    };
  },
  history: async (): Promise<Classes> => ({
    'credit-phone-call-history-list': (await import('./call-history-list.ts')).CallHistoryList,
  }),
  keys: async (): Promise<Classes> => ({ 'credit-phone-keys-help': (await import('./keys-help.ts')).KeysHelp }),
  numbers: async (): Promise<Classes> => ({
    'credit-phone-number-shop': (await import('./number-shop.ts')).NumberShop,
  }),
  own_numbers: async (): Promise<Classes> => ({
    'credit-phone-own-numbers': (await import('./own-numbers.ts')).OwnNumbers,
  }),
  stripe: async (): Promise<Classes> => ({
    'credit-phone-stripe-card-form': (await import('./stripe-card-form.ts')).StripeCardForm,
  }),
  requests: async (): Promise<Classes> => ({
    'credit-phone-credit-request-banner': (await import('./credit-request-banner.ts')).CreditRequestBanner,
  }),
  usage: async (): Promise<Classes> => {
    const part = await import('./usage-stage.ts');
    return {
      'credit-phone-call-rates': part.CallRates,
      'credit-phone-spend-outlook': part.SpendOutlook,
      'credit-phone-usage-export': part.UsageExport,
      'credit-phone-usage-filter': part.UsageFilter,
      'credit-phone-usage-groups': part.UsageGroups,
      'credit-phone-usage-lines': part.UsageLines,
      'credit-phone-usage-panel': part.UsagePanel,
    };
  },
} as const;

export type LaterPart = keyof typeof LATER;

/** Parts that need nothing of panel-messages.ts. */
const SAYS_NOTHING_ELSE: ReadonlySet<LaterPart> = new Set(['call', 'caller', 'chart', 'closed']);

export function defineFirstPaint(): void {
  defineAll(FIRST_PAINT);
}

const loading = new Map<LaterPart, Promise<void>>();

/** Loads a part once. Rejects when its code could not be fetched; the next call tries again. */
export function loadPart(part: LaterPart): Promise<void> {
  const known = loading.get(part);
  if (known) return known;
  const loaded = Promise.all([LATER[part](), loadMessages(part)]).then(([classes]) => defineAll(classes));
  loading.set(part, loaded);
  loaded.catch(() => loading.delete(part));
  return loaded;
}

async function loadMessages(part: LaterPart): Promise<void> {
  const [{ LATER_MESSAGES }, panels, alerts, billing, usage, own] = await Promise.all([
    import('./later-messages.ts'),
    SAYS_NOTHING_ELSE.has(part) ? null : import('./panel-messages.ts'),
    part === 'credit' || part === 'alerts' ? import('./alert-messages.ts') : null,
    part === 'credit' ? import('./billing-messages.ts') : null,
    part === 'usage' ? import('./usage-messages.ts') : null,
    part === 'own_numbers' || part === 'caller' ? import('./own-number-messages.ts') : null,
  ]);
  addMessages({
    ...LATER_MESSAGES,
    ...panels?.PANEL_MESSAGES,
    ...alerts?.ALERT_MESSAGES,
    ...billing?.BILLING_MESSAGES,
    ...usage?.USAGE_MESSAGES,
    ...own?.OWN_NUMBER_MESSAGES,
  });
}

function defineAll(classes: Classes): void {
  for (const [tag, elementClass] of Object.entries(classes)) defineElement(tag, elementClass);
}

declare global {
  interface HTMLElementTagNameMap {
    'credit-phone-add-credit-form': AddCreditForm;
    'credit-phone-alert-banner': AlertBanner;
    'credit-phone-alert-mails': AlertMails;
    'credit-phone-ask-for-credit': AskForCredit;
    'credit-phone-auto-recharge-form': AutoRechargeForm;
    'credit-phone-back-button': BackButton;
    'credit-phone-balance-bar': BalanceBar;
    'credit-phone-billing-panel': BillingPanel;
    'credit-phone-call-history-list': CallHistoryList;
    'credit-phone-call-outcome': CallOutcome;
    'credit-phone-call-panel': CallPanel;
    'credit-phone-call-quote': CallQuote;
    'credit-phone-call-rates': CallRates;
    'credit-phone-caller-choice': CallerChoice;
    'credit-phone-card-confirmation-form': CardConfirmationForm;
    'credit-phone-checkout-panel': CheckoutPanel;
    'credit-phone-closed-panel': ClosedPanel;
    'credit-phone-credit-panel': CreditPanel;
    'credit-phone-credit-request-banner': CreditRequestBanner;
    'credit-phone-dial-pad': DialPad;
    'credit-phone-fix-button': FixButton;
    'credit-phone-incoming-call': IncomingCall;
    'credit-phone-key-pad': KeyPad;
    'credit-phone-keys-help': KeysHelp;
    'credit-phone-notice-line': NoticeLine;
    'credit-phone-number-shop': NumberShop;
    'credit-phone-office-switch': OfficeSwitch;
    'credit-phone-own-numbers': OwnNumbers;
    'credit-phone-payment-list': PaymentList;
    'credit-phone-payment-review': PaymentReview;
    'credit-phone-spend-chart': SpendChart;
    'credit-phone-spend-outlook': SpendOutlook;
    'credit-phone-stripe-card-form': StripeCardForm;
    'credit-phone-test-card-form': TestCardForm;
    'credit-phone-usage-export': UsageExport;
    'credit-phone-usage-filter': UsageFilter;
    'credit-phone-usage-groups': UsageGroups;
    'credit-phone-usage-lines': UsageLines;
    'credit-phone-usage-panel': UsagePanel;
  }
}
