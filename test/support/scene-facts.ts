/** What scenes of several panels are made of. */
import type { CallSnapshot, PhoneSnapshot } from '../../src/phone/phone-snapshot.ts';
import { ADMIN, BALANCE, CALL, cents, EMPTY_BALANCE, HELD_BALANCE, IDLE, QUOTE } from './element-facts.ts';

export const LOW_BALANCE = {
  ...BALANCE,
  availableMicros: cents(410),
  balanceMicros: cents(410),
  level: 'low',
  talkSeconds: 68 * 60,
} as const;
export const CRITICAL_BALANCE = {
  ...BALANCE,
  availableMicros: cents(24),
  balanceMicros: cents(24),
  level: 'critical',
  talkSeconds: 250,
} as const;
export const ADMIN_IDLE: PhoneSnapshot = { ...IDLE, me: ADMIN };
export const EMPTY: PhoneSnapshot = { ...IDLE, balance: EMPTY_BALANCE, creditLevel: 'empty' };
export const TYPED: PhoneSnapshot = {
  ...IDLE,
  dialled: '+4915123456789',
  quote: { state: 'known', to: '+4915123456789', quote: QUOTE },
};

export function typed(quote: Partial<typeof QUOTE>, dialled = '+4915123456789'): PhoneSnapshot {
  return { ...IDLE, dialled, quote: { state: 'known', to: dialled, quote: { ...QUOTE, ...quote } } };
}

export function inCall(facts: Partial<CallSnapshot>, more: Partial<PhoneSnapshot> = {}): PhoneSnapshot {
  return { ...IDLE, balance: HELD_BALANCE, call: { ...CALL, ...facts }, ...more };
}
