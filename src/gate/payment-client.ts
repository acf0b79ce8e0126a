/** The payment addresses behind the PaymentGate port; loaded for those who manage credit, never for a call. */
import type { PaymentGate } from '../phone/payment-ports.ts';
import { INVOICE_FILE_PATH } from '../protocol/invoice.ts';
import { OFFICE_HEADER, OFFICES_ROUTE } from '../protocol/office.ts';
import { type OfficeOutcome, type OfficeRefusal, officeRefusalSchema } from '../protocol/office-problem.ts';
import { paymentEventSchema } from '../protocol/payment.ts';
import { PAYMENT_ROUTES, type PaymentEndpointName } from '../protocol/payment-routes.ts';
import type { Refusal } from '../protocol/problem.ts';
import { ROUTES, type Route } from '../protocol/routes.ts';
import { SIMULATED_PAYMENT_PATHS, simulatedAnswerSchema } from '../protocol/simulated-payment.ts';
import { EventStream } from './event-stream.ts';
import type { GateClientOptions } from './gate-client.ts';
import { isUndecided, refusalOfProblem } from './gate-error.ts';
import { askRoute, type GateInput, type RouteOutput } from './gate-request.ts';
import { repeatedly, WHILE_SOMEBODY_WAITS } from './repeatedly.ts';
import { type Download, saveFile } from './save-file.ts';

/** A bank may take its time, and the server waits for it. */
const BANK_PATIENCE_MS = 25_000;

const SIMULATED = {
  confirm: { method: 'POST', path: SIMULATED_PAYMENT_PATHS.confirm, response: simulatedAnswerSchema },
  authenticate: { method: 'POST', path: SIMULATED_PAYMENT_PATHS.authenticate, response: simulatedAnswerSchema },
} as const satisfies Record<string, Route>;

export interface PaymentClientOptions extends GateClientOptions {
  /** How a file reaches the person; a browser's download when nothing is said. */
  readonly download?: Download;
}

export function createPaymentClient(options: PaymentClientOptions, officeId: string | null = null): PaymentGate {
  const headers = officeId === null ? {} : { [OFFICE_HEADER]: officeId };
  const ask = <R extends Route>(route: R, input: GateInput = {}): Promise<OfficeOutcome<RouteOutput<R>>> =>
    askRoute({ patienceMs: BANK_PATIENCE_MS, headers, ...input, route, options, readRefusal });
  const repeat = <Name extends PaymentEndpointName>(name: Name, input: GateInput = {}) =>
    repeatedly(() => ask(PAYMENT_ROUTES[name], input), { options, policy: WHILE_SOMEBODY_WAITS, isOpen: isUndecided });
  const page = (cursor: string | null) => ({ query: cursor === null ? {} : { cursor } });
  return {
    ofOffice: (other) => createPaymentClient(options, other),
    offices: () => ask(OFFICES_ROUTE),
    balance: () => ask(ROUTES.balance),
    follow(listener) {
      const stream = new EventStream({ ...options, headers }, listener);
      stream.open();
      return () => stream.close();
    },
    settings: () => ask(PAYMENT_ROUTES.paymentSettings),
    saveAutoRecharge: (body) => repeat('saveAutoRecharge', { body }),
    removeCard: () => repeat('removeCard'),
    startCardSetup: (setupId) => repeat('startCardSetup', { body: { setupId } }),
    finishCardSetup: (setupId) => repeat('finishCardSetup', { params: { setupId } }),
    startCardCheck: (checkId) => repeat('startCardCheck', { body: { checkId } }),
    // Asked once: a guess whose answer was lost may have cost a try, which the person decides about.
    guessCardCheck: ({ checkId, amountMicros }) =>
      ask(PAYMENT_ROUTES.guessCardCheck, { params: { checkId }, body: { amountMicros } }),
    cardCheck: (checkId) => repeat('cardCheck', { params: { checkId } }),
    startPayment: (body) => repeat('startPayment', { body }),
    payment: (paymentId) => repeat('payment', { params: { paymentId } }),
    finishPayment: (paymentId) => repeat('finishPayment', { params: { paymentId } }),
    cancelPayment: (paymentId) => repeat('cancelPayment', { params: { paymentId } }),
    payments: (cursor) => ask(PAYMENT_ROUTES.payments, page(cursor)),
    invoices: (cursor) => ask(PAYMENT_ROUTES.invoices, page(cursor)),
    savePaper(name) {
      const file = `${name}.pdf`;
      const path = INVOICE_FILE_PATH.replace(':file', encodeURIComponent(file));
      return saveFile({ path, name: file, headers }, options);
    },
    giveTestCard: (body) => ask(SIMULATED.confirm, { body }),
    answerBank: (body) => ask(SIMULATED.authenticate, { body }),
    readPaymentEvent(content) {
      const read = paymentEventSchema.safeParse(content);
      return read.success ? read.data.payment : null;
    },
  };
}

function readRefusal(body: unknown): Refusal | OfficeRefusal {
  const read = officeRefusalSchema.safeParse(body);
  return read.success ? read.data : refusalOfProblem(body);
}
