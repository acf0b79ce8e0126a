/** Payments put together: what the addresses ask for, what the provider reports, and what is done again and again by itself. */
import type { OfficeOutcome } from '../../src/protocol/office-problem.ts';
import { officeRefusal } from '../../src/protocol/office-problem.ts';
import type { WalletAddress } from '../accounts/wallet.ts';
import { issueInvoices } from '../invoices/issue-invoices.ts';
import { invoiceFile, listInvoices } from '../invoices/list-invoices.ts';
import type { Identity, PaymentHandlers } from '../services.ts';
import { guessCardCheck, showCardCheck, startCardCheck } from './card-check.ts';
import { sweepCardChecks } from './card-check-charge.ts';
import { warnOfEndingCards } from './card-expiry.ts';
import { finishCardSetup, removeCard, startCardSetup } from './card-setup.ts';
import { collectDebts } from './debt.ts';
import { sweepPayment } from './look-at-payment.ts';
import { fetchMissedEvents, storeEvent, workOnEvent, workOnInbox } from './payment-inbox.ts';
import type { PaymentRoom } from './payment-room.ts';
import { type SettingsRoom, showPaymentSettings } from './payment-settings.ts';
import { rechargeNow } from './recharge-now.ts';
import { RechargeRounds } from './recharge-rounds.ts';
import { saveRecharge } from './save-recharge.ts';
import { cancelPayment, finishPayment, listPayments, showPayment } from './show-payments.ts';
import { startPayment } from './start-payment.ts';

/** A report as it came over the wire. */
export interface WebhookReport {
  /** The name in the address. */
  readonly provider: string;
  /** Byte for byte. */
  readonly body: string;
  readonly signature: string | null;
}

/** One piece of periodic work: finds what is due in the store, and is safe to be done twice. */
export interface PaymentWork {
  readonly name: string;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
}

export interface PaymentService {
  readonly handlers: PaymentHandlers;
  /** Resolves when the report is stored; it is worked on afterwards. */
  readonly takeReport: (report: WebhookReport) => Promise<OfficeOutcome<null>>;
  /** A paper as PDF, by the name that is printed on it; null when this person has no such paper. */
  readonly invoiceFile: (identity: Identity, name: string) => Promise<Buffer | null>;
  /** Lets auto-recharge go first where something is about to be refused for lack of credit; true when it may have brought some. */
  readonly rechargeNow: (wallet: WalletAddress) => Promise<boolean>;
  readonly works: readonly PaymentWork[];
  /** All of it once, now; for tests and the operator. */
  readonly workOnce: () => Promise<void>;
}

const INBOX_MS = 1_000;
const SWEEP_MS = 5_000;
const RECHARGE_MS = 500;
const DEBTS_MS = 1_000;
const INVOICES_MS = 1_000;
const CARDS_MS = 60 * 60_000;
const EVENTS_MS = 15 * 60_000;
/** Payments that are looked at in one round. */
const MAX_SWEPT = 50;

export function createPaymentService(room: SettingsRoom): PaymentService {
  const { provider } = room;
  return provider === null ? withoutProvider(room) : withProvider(room, { ...room, provider });
}

function withProvider(settings: SettingsRoom, room: PaymentRoom): PaymentService {
  const recharges = new RechargeRounds(room);
  const works: readonly PaymentWork[] = [
    { name: 'payments/inbox', everyMs: INBOX_MS, work: () => workOnInbox(room) },
    { name: 'payments/sweep', everyMs: SWEEP_MS, work: () => sweep(room) },
    { name: 'payments/recharges', everyMs: RECHARGE_MS, work: () => recharges.round() },
    { name: 'payments/debts', everyMs: DEBTS_MS, work: () => collectDebts(room) },
    invoiceWork(room),
    { name: 'payments/card-checks', everyMs: SWEEP_MS, work: () => sweepCardChecks(room) },
    { name: 'payments/cards', everyMs: CARDS_MS, work: () => warnOfEndingCards(room) },
    { name: 'payments/events', everyMs: EVENTS_MS, work: async () => void (await fetchMissedEvents(room)) },
  ];
  return {
    handlers: handlersOf(settings, room),
    takeReport: (report) => takeReport(room, report),
    invoiceFile: (identity, name) => invoiceFile(room.store, { identity, name }),
    rechargeNow: rechargeNow(room),
    works,
    workOnce: async () => {
      for (const { work } of works) await work();
    },
  };
}

function invoiceWork(room: SettingsRoom): PaymentWork {
  return { name: 'payments/invoices', everyMs: INVOICES_MS, work: () => issueInvoices(room) };
}

function handlersOf(settings: SettingsRoom, room: PaymentRoom): PaymentHandlers {
  const thenSettings = async (identity: Identity, done: OfficeOutcome<null>) =>
    done.ok ? await showPaymentSettings(settings, identity) : done;
  return {
    paymentSettings: (identity) => showPaymentSettings(settings, identity),
    saveAutoRecharge: async (identity, input) =>
      thenSettings(identity, await saveRecharge(room, { identity, ...input })),
    startCardSetup: (identity, { setupId }) => startCardSetup(room, { identity, setupId }),
    finishCardSetup: (identity, { setupId }) => finishCardSetup(room, { identity, setupId }),
    removeCard: async (identity) => thenSettings(identity, await removeCard(room, identity)),
    startPayment: (identity, input) => startPayment(room, { identity, ...input }),
    payments: (identity, { cursor }) => listPayments(room, { identity, cursor: cursor ?? null }),
    payment: (identity, { paymentId }) => showPayment(room, { identity, paymentId }),
    finishPayment: (identity, { paymentId }) => finishPayment(room, { identity, paymentId }),
    cancelPayment: (identity, { paymentId }) => cancelPayment(room, { identity, paymentId }),
    startCardCheck: (identity, { checkId }) => startCardCheck(room, { identity, checkId }),
    guessCardCheck: (identity, input) => guessCardCheck(room, { identity, ...input }),
    cardCheck: (identity, { checkId }) => showCardCheck(room, { identity, checkId }),
    invoices: (identity, { cursor }) => listInvoices(room.store, { identity, cursor: cursor ?? null }),
  };
}

async function takeReport(room: PaymentRoom, report: WebhookReport): Promise<OfficeOutcome<null>> {
  if (report.provider !== room.provider.kind) return { ok: false, refusal: officeRefusal('payments_off') };
  const event = await room.provider.readWebhook({ ...report, nowMs: room.clock.nowMs() });
  if (event === null) return { ok: false, refusal: officeRefusal('webhook_invalid') };
  const stored = await storeEvent(room, event);
  // Not waited for: the provider wants its answer at once. What is left undone is found by the inbox's own round.
  void workOnEvent(room, stored);
  return { ok: true, value: null };
}

async function sweep(room: PaymentRoom): Promise<void> {
  const due = await room.store.db
    .selectFrom('payment')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where('dueAtMs', '<=', room.clock.nowMs())
    .where('provider', '=', room.provider.kind)
    .orderBy('dueAtMs')
    .limit(MAX_SWEPT)
    .execute();
  for (const row of due) {
    await sweepPayment(room, row).catch((cause: unknown) => {
      room.log('a payment could not be looked at', { paymentId: row.paymentId, cause: String(cause) });
    });
  }
}

function withoutProvider(room: SettingsRoom): PaymentService {
  const off = async () => ({ ok: false, refusal: officeRefusal('payments_off') }) as const;
  return {
    handlers: {
      paymentSettings: (identity) => showPaymentSettings(room, identity),
      saveAutoRecharge: off,
      startCardSetup: off,
      finishCardSetup: off,
      removeCard: off,
      startPayment: off,
      payments: (identity, { cursor }) => listPayments(room, { identity, cursor: cursor ?? null }),
      payment: off,
      finishPayment: off,
      cancelPayment: off,
      startCardCheck: off,
      guessCardCheck: off,
      cardCheck: off,
      invoices: (identity, { cursor }) => listInvoices(room.store, { identity, cursor: cursor ?? null }),
    },
    takeReport: off,
    invoiceFile: (identity, name) => invoiceFile(room.store, { identity, name }),
    rechargeNow: async () => false,
    // Credit by the operator has papers, too.
    works: [invoiceWork(room)],
    workOnce: invoiceWork(room).work,
  };
}
