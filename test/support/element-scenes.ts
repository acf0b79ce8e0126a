/** The gallery: every screen in every state. Screenshots, accessibility and fit are checked scene by scene. */

import { UNCONNECTED_SNAPSHOT } from '../../src/elements/unconnected-snapshot.ts';
import { ALERT_SCENES } from './alert-scenes.ts';
import { BILLING_SCENES } from './billing-scenes.ts';
import { CALL_SCENES } from './call-scenes.ts';
import { CREDIT_SCENES } from './credit-scenes.ts';
import { CALL, cents, HELD_BALANCE, IDLE, NO_CREDIT, NOW_MS, REQUEST } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { OWN_NUMBER_SCENES } from './own-number-scenes.ts';
import { PHONE_SCENES } from './phone-scenes.ts';
import { RATE_SCENES } from './rate-scenes.ts';
import { ADMIN_IDLE, CRITICAL_BALANCE, EMPTY, inCall, TYPED } from './scene-facts.ts';
import { SHOP_SCENES, shop } from './shop-scenes.ts';
import { USAGE_SCENES } from './usage-scenes.ts';

export const SCENES: readonly Scene[] = [
  ...PHONE_SCENES,
  ...CALL_SCENES,
  {
    name: 'closed',
    snapshot: { ...UNCONNECTED_SNAPSHOT, signInRefusal: { code: 'phone_disabled', whoCanFix: 'operator' } },
  },
  { name: 'ask-form', snapshot: EMPTY, view: 'ask' },
  { name: 'ask-sent', snapshot: { ...EMPTY, creditRequests: [REQUEST] }, view: 'ask' },
  {
    name: 'ask-declined',
    snapshot: {
      ...EMPTY,
      creditRequests: [{ ...REQUEST, state: 'declined', answeredByName: 'Dana', words: 'wait until Monday' }],
    },
    view: 'ask',
  },
  {
    name: 'ask-too-soon',
    snapshot: {
      ...EMPTY,
      creditRequests: [{ ...REQUEST, state: 'declined', answeredByName: 'Dana', words: null }],
      askRefusal: { code: 'already_asked', whoCanFix: 'admin', retryInSeconds: 42 },
    },
    view: 'ask',
  },
  { name: 'keys', snapshot: IDLE, view: 'keys' },
  { name: 'history', snapshot: { ...IDLE, missed: [{ number: '+442079460123', atMs: NOW_MS }] }, panel: 'history' },
  { name: 'history-empty', snapshot: { ...IDLE, history: [] }, panel: 'history' },
  { name: 'history-loading', snapshot: { ...IDLE, history: [], isHistoryLoaded: false }, panel: 'history' },
  ...SHOP_SCENES,
  ...CREDIT_SCENES,
  ...BILLING_SCENES,
  ...ALERT_SCENES,
  ...USAGE_SCENES,
  ...RATE_SCENES,
  ...OWN_NUMBER_SCENES,
  { name: 'bar-idle', snapshot: TYPED, layout: 'bar' },
  { name: 'bar-call', snapshot: inCall({}), layout: 'bar' },
  {
    name: 'bar-incoming',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0 } },
    layout: 'bar',
  },
  {
    name: 'bar-refused',
    snapshot: { ...EMPTY, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
    layout: 'bar',
  },
  { name: 'docked', snapshot: TYPED, layout: 'docked' },
  { name: 'menu', snapshot: IDLE, press: ['Menu'] },
  { name: 'menu-admin', snapshot: ADMIN_IDLE, press: ['Menu'] },
  { name: 'call-keys', snapshot: inCall({}), press: ['Keys'] },
  {
    name: 'call-credit-low',
    snapshot: inCall(
      { warning: 60, secondsLeft: 40 },
      { balance: { ...CRITICAL_BALANCE, heldMicros: cents(1030) }, creditLevel: 'critical' },
    ),
  },
  {
    name: 'call-credit-held',
    snapshot: inCall(
      { warning: 60, secondsLeft: 40 },
      {
        balance: {
          ...HELD_BALANCE,
          balanceMicros: cents(40),
          heldMicros: cents(40),
          availableMicros: cents(0),
          level: 'empty',
        },
        creditLevel: 'empty',
      },
    ),
  },
  { name: 'rtl-typed', snapshot: TYPED, isRightToLeft: true },
  { name: 'rtl-call', snapshot: inCall({ warning: 60, secondsLeft: 58 }), isRightToLeft: true },
  { name: 'rtl-credit', snapshot: { ...ADMIN_IDLE, balance: HELD_BALANCE }, panel: 'credit', isRightToLeft: true },
  { name: 'rtl-numbers', snapshot: { ...ADMIN_IDLE, shop: shop({}) }, panel: 'numbers', isRightToLeft: true },
  { name: 'rtl-history', snapshot: IDLE, panel: 'history', isRightToLeft: true },
];
