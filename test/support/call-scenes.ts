/** Calls in every phase, and how they end. */
import { ADMIN, CALL, cents, IDLE, NO_CREDIT, NOW_MS } from './element-facts.ts';
import type { Scene } from './element-scene.ts';
import { EMPTY, inCall } from './scene-facts.ts';

export const CALL_SCENES: readonly Scene[] = [
  { name: 'call-authorizing', snapshot: inCall({ phase: 'authorizing', talkSeconds: 0 }) },
  { name: 'call-ringing', snapshot: inCall({ phase: 'ringing', talkSeconds: 0 }) },
  { name: 'call-talking', snapshot: inCall({}) },
  { name: 'call-free', snapshot: inCall({ isFree: true, label: 'Echo test', number: '600', secondsLeft: null }) },
  { name: 'call-held-muted', snapshot: inCall({ isHeld: true, isMuted: true }) },
  { name: 'call-poor', snapshot: inCall({ quality: 'poor' }) },
  { name: 'call-no-microphone', snapshot: inCall({ microphoneFault: 'missing' }) },
  { name: 'call-link-lost', snapshot: inCall({ isLinkLost: true }) },
  {
    name: 'call-warning-120',
    snapshot: inCall({ warning: 120, secondsLeft: 119, talkSeconds: 603, costMicros: cents(66) }),
  },
  {
    name: 'call-warning-60',
    snapshot: inCall({ warning: 60, secondsLeft: 58, talkSeconds: 662, costMicros: cents(66) }),
  },
  {
    name: 'call-warning-30-admin',
    snapshot: inCall({ warning: 30, secondsLeft: 29, talkSeconds: 691, costMicros: cents(72) }, { me: ADMIN }),
  },
  { name: 'call-saved', snapshot: inCall({ wasExtended: true, secondsLeft: 48 * 60 }) },
  {
    name: 'call-long',
    snapshot: inCall({
      label: 'Dr. Konstantinos Papadopoulos-Vassilakis',
      talkSeconds: 5_432,
      costMicros: cents(12_345.67),
    }),
  },
  {
    name: 'call-waiting',
    snapshot: inCall(
      {},
      {
        waiting: {
          ...CALL,
          callId: 'call-0009',
          phase: 'incoming',
          direction: 'inbound',
          label: 'Grace Obi',
          number: '+442079460123',
        },
      },
    ),
  },
  { name: 'call-strip', snapshot: inCall({ warning: 60, secondsLeft: 44 }), panel: 'history' },
  {
    name: 'incoming',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'incoming', direction: 'inbound', talkSeconds: 0, isFree: true } },
  },
  {
    name: 'incoming-sound-blocked',
    snapshot: {
      ...IDLE,
      isSoundBlocked: true,
      call: {
        ...CALL,
        phase: 'incoming',
        direction: 'inbound',
        talkSeconds: 0,
        label: '',
        perMinuteMicros: cents(0.85),
      },
    },
  },
  {
    name: 'ended',
    snapshot: inCall({
      phase: 'ended',
      endReason: 'far_end_hung_up',
      isCostSettled: true,
      talkSeconds: 723,
      costMicros: cents(72),
    }),
  },
  {
    name: 'ended-busy',
    snapshot: inCall({ phase: 'ended', endReason: 'busy', talkSeconds: 0, costMicros: cents(0), isCostSettled: true }),
  },
  {
    name: 'ended-credit',
    snapshot: {
      ...EMPTY,
      call: {
        ...CALL,
        phase: 'ended',
        endReason: 'credit_exhausted',
        isCostSettled: true,
        talkSeconds: 723,
        costMicros: cents(72),
      },
    },
  },
  {
    name: 'refused-empty',
    snapshot: { ...EMPTY, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
  },
  {
    name: 'refused-empty-admin',
    snapshot: { ...EMPTY, me: ADMIN, call: { ...CALL, phase: 'refused', talkSeconds: 0, refusal: NO_CREDIT } },
  },
  {
    name: 'refused-paused',
    snapshot: {
      ...IDLE,
      call: {
        ...CALL,
        phase: 'refused',
        talkSeconds: 0,
        refusal: { code: 'calling_paused', whoCanFix: 'admin', sinceMs: NOW_MS },
      },
    },
  },
  {
    name: 'refused-microphone',
    snapshot: { ...IDLE, call: { ...CALL, phase: 'refused', talkSeconds: 0, microphoneFault: 'denied' } },
  },
];
