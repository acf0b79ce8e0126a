import type { PayerRow, PaymentRow } from '../storage/rows.ts';
import type { PaymentRoom } from './payment-room.ts';
import { nextLookMs } from './payment-row.ts';

/** All that a new payment of any kind begins with. */
export function emptyPayment(
  room: PaymentRoom,
  {
    payer,
    officeId,
  }: {
    readonly payer: Pick<PayerRow, 'accountId' | 'walletId' | 'provider' | 'customerRef'>;
    readonly officeId: string;
  },
): Omit<PaymentRow, 'paymentId' | 'kind' | 'amountMicros' | 'currency' | 'method'> {
  const nowMs = room.clock.nowMs();
  return {
    accountId: payer.accountId,
    officeId,
    walletId: payer.walletId,
    provider: payer.provider,
    status: 'pending',
    personId: null,
    personName: null,
    isCardKept: false,
    customerRef: payer.customerRef,
    cardRef: null,
    card: null,
    cardGeneration: 0,
    providerRef: null,
    failureKind: null,
    failureRetry: null,
    returnedMicros: 0,
    isDisputed: false,
    availableMicros: null,
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    dueAtMs: nextLookMs({ status: 'pending', createdAtMs: nowMs }, nowMs),
    version: 1,
  };
}
