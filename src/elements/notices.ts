import type { CallSnapshot, PhoneSnapshot } from '../phone/phone-snapshot.ts';
import { noticeEvent } from './events.ts';

/** The notices that one snapshot after another gives rise to, in the order in which a host page should hear them. */
export function noticesBetween(before: PhoneSnapshot | null, now: PhoneSnapshot): readonly CustomEvent[] {
  return [
    ...readyNotices(before, now),
    ...balanceNotices(before, now),
    ...callNotices(before?.call ?? null, now.call),
    ...paidNotices(before, now),
    ...requestNotices(before, now),
    ...errorNotices(before, now),
  ];
}

function readyNotices(before: PhoneSnapshot | null, { me }: PhoneSnapshot): CustomEvent[] {
  if (me === null || before?.me) return [];
  const { name, extension } = me;
  return [noticeEvent('credit-phone-ready', { name, officeId: me.office.officeId, extension })];
}

function balanceNotices(before: PhoneSnapshot | null, now: PhoneSnapshot): CustomEvent[] {
  const { balance, creditLevel } = now;
  if (balance === null) return [];
  const notices: CustomEvent[] = [];
  if (balance.version !== before?.balance?.version || balance.walletId !== before.balance.walletId) {
    const { availableMicros, heldMicros, currency, level } = balance;
    notices.push(noticeEvent('credit-phone-balance-change', { availableMicros, heldMicros, currency, level }));
  }
  if (creditLevel === before?.creditLevel) return notices;
  if (creditLevel === 'empty') notices.push(noticeEvent('credit-phone-credit-empty', { officeId: balance.officeId }));
  if (hasFallen(before?.creditLevel ?? 'unknown', creditLevel)) {
    const level = creditLevel === 'low' ? 'low' : 'critical';
    notices.push(noticeEvent('credit-phone-credit-low', { level, availableMicros: balance.availableMicros }));
  }
  return notices;
}

const FALLING = ['unknown', 'ok', 'low', 'critical'] as const;

function hasFallen(before: PhoneSnapshot['creditLevel'], now: PhoneSnapshot['creditLevel']): boolean {
  if (now !== 'low' && now !== 'critical') return false;
  return before !== 'empty' && FALLING.indexOf(before) < FALLING.indexOf(now);
}

function callNotices(before: CallSnapshot | null, now: CallSnapshot | null): CustomEvent[] {
  if (now === null) return before === null ? [] : [callChange(null)];
  const isOther = now.callId !== before?.callId;
  const notices: CustomEvent[] = [];
  if (isOther || now.phase !== before.phase) {
    notices.push(callChange(now));
    if (now.phase === 'ended') notices.push(callEnded(now));
    if (now.phase === 'refused') notices.push(callRefused(now));
  }
  if (now.warning !== null && (isOther || now.warning !== before.warning))
    notices.push(noticeEvent('credit-phone-call-ending-soon', { callId: now.callId, warningSeconds: now.warning }));
  return notices;
}

function callChange(call: CallSnapshot | null): CustomEvent {
  return noticeEvent('credit-phone-call-change', {
    callId: call?.callId ?? null,
    status: call?.phase ?? 'none',
    direction: call?.direction ?? null,
    number: call?.number ?? null,
  });
}

function callEnded(call: CallSnapshot): CustomEvent {
  const { callId, number, talkSeconds, costMicros, currency, isCostSettled } = call;
  const reason = call.endReason ?? 'failed';
  return noticeEvent('credit-phone-call-ended', {
    callId,
    number,
    reason,
    talkSeconds,
    costMicros,
    currency,
    isCostSettled,
  });
}

function callRefused({ callId, number, refusal }: CallSnapshot): CustomEvent {
  return noticeEvent('credit-phone-call-refused', { callId, number, refusal });
}

/** The billing room names each payment once; what it knew when it was opened is no news. */
function paidNotices(before: PhoneSnapshot | null, { billing }: PhoneSnapshot): CustomEvent[] {
  if (billing.state !== 'open' || before?.billing.state !== 'open') return [];
  const { lastPaid } = billing;
  if (lastPaid === null || lastPaid.paymentId === before.billing.lastPaid?.paymentId) return [];
  const { paymentId, officeId, kind, amountMicros, currency } = lastPaid;
  return [noticeEvent('credit-phone-topup-done', { paymentId, officeId, kind, amountMicros, currency })];
}

function requestNotices(before: PhoneSnapshot | null, now: PhoneSnapshot): CustomEvent[] {
  if (before?.me === null || before === null) return [];
  const known = new Set(before.creditRequests.map((request) => request.requestId));
  return now.creditRequests
    .filter(
      ({ requestId, agentId, state }) => agentId === now.me?.personId && state === 'asked' && !known.has(requestId),
    )
    .map(({ requestId, reason }) => noticeEvent('credit-phone-ask-for-credit', { requestId, reason }));
}

function errorNotices(before: PhoneSnapshot | null, now: PhoneSnapshot): CustomEvent[] {
  const notices: CustomEvent[] = [];
  const code = now.signInRefusal?.code ?? null;
  if (code !== null && code !== before?.signInRefusal?.code) notices.push(noticeEvent('credit-phone-error', { code }));
  if (now.lineFault !== null && now.lineFault !== before?.lineFault)
    notices.push(noticeEvent('credit-phone-error', { code: `line_${now.lineFault}` }));
  const fault = now.call?.microphoneFault ?? null;
  if (fault !== null && fault !== before?.call?.microphoneFault)
    notices.push(noticeEvent('credit-phone-error', { code: `microphone_${fault}` }));
  return notices;
}
