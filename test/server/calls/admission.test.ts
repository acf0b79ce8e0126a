/** The SIP edge's question: may this INVITE pass? Hostile grants, and inbound calls by policy. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Admission } from '../../../server/edge/edge-contract.ts';
import { sipUserOf } from '../../../server/edge/sip-user.ts';
import { DEFAULT_POLICY } from '../../../server/policy/default-policy.ts';
import type { Policy } from '../../../server/policy/policy.ts';
import type { Identity } from '../../../server/services.ts';
import { micros } from '../../../src/protocol/money.ts';
import { ANN, AUSTRIA, DANA, GERMAN_MOBILE, granted, KIM, OfficeRig, SAM, STRANGER } from '../../support/office-rig.ts';

let rig: OfficeRig;
beforeEach(async () => {
  rig = await OfficeRig.open();
});
afterEach(async () => {
  await rig.close();
});

function refusedWith(admission: Admission) {
  if (admission.decision !== 'refuse') throw new Error('The call was let through');
  expect(admission.reasonPhrase).not.toMatch(/["\r\n]/);
  expect(admission.reasonPhrase.length).toBeGreaterThan(10);
  return [admission.sipStatus, admission.refusal.code];
}

describe('an INVITE with a grant', () => {
  beforeEach(async () => {
    await rig.addCredit(1_000_000);
  });

  test('of its caller, for its number, passes with the lease that was paid for', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    expect(await rig.admit(authorized)).toEqual({
      decision: 'allow',
      accountId: 'acme',
      callId: authorized.callId,
      leaseSeconds: 60,
      ringSeconds: DEFAULT_POLICY.calls.ringSeconds,
      callerNumber: null,
      callerName: 'Sam Reed',
      routeToUser: null,
    });
  });

  test('passes once: the same Call-ID again gets the same answer, another one is refused', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    const first = await rig.admit(authorized);
    expect(await rig.admit(authorized)).toEqual(first);
    expect(refusedWith(await rig.admit(authorized, { sipCallId: 'another' }))).toEqual([402, 'grant_used']);
  });

  test('passes once when twenty INVITEs come at once', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    const admissions = await Promise.all(
      Array.from({ length: 20 }, (_, index) => rig.admit(authorized, { sipCallId: `sip-${index}` })),
    );
    expect(admissions.filter(({ decision }) => decision === 'allow')).toHaveLength(1);
  });

  test('for another number, or of another caller, is refused', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    expect(refusedWith(await rig.admit(authorized, { number: AUSTRIA }))).toEqual([402, 'grant_mismatch']);
    expect(refusedWith(await rig.admit(authorized, { number: `${GERMAN_MOBILE}0` }))).toEqual([402, 'grant_mismatch']);
    for (const identity of [KIM, STRANGER]) {
      expect(refusedWith(await rig.admit(authorized, { identity }))).toEqual([402, 'grant_mismatch']);
    }
    expect((await rig.admit(authorized)).decision).toBe('allow');
  });

  test('is good to its last millisecond, and refused at its end', async () => {
    const early = granted(await rig.authorize(GERMAN_MOBILE));
    const late = granted(await rig.authorize(GERMAN_MOBILE));
    rig.clock.advance(early.grantExpiresInSeconds * 1_000 - 1);
    expect((await rig.admit(early)).decision).toBe('allow');
    rig.clock.advance(1);
    expect(refusedWith(await rig.admit(late))).toEqual([402, 'grant_expired']);
    expect((await rig.admit(early)).decision).toBe('allow');
  });

  test('that is missing, made up, or signed by somebody else is refused', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    expect(refusedWith(await rig.admit(authorized, { grant: null }))).toEqual([402, 'grant_missing']);
    expect(refusedWith(await rig.admit(authorized, { grant: '' }))).toEqual([402, 'grant_missing']);
    const [header = '', payload = '', signature = ''] = authorized.grant.split('.');
    const claims = { acc: 'acme', num: GERMAN_MOBILE };
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setJti(authorized.callId)
      .setSubject('sam')
      .setAudience('credit-phone-edge')
      .setExpirationTime(4_000_000_000)
      .sign(new TextEncoder().encode('another-secret-of-more-than-32-bytes-012345'));
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const longer = Buffer.from(payload, 'base64url')
      .toString()
      .replace(/"exp":\d+/, '"exp":4000000000');
    const forged = [
      'garbage',
      foreign,
      `${none}.${payload}.`,
      `${header}.${Buffer.from(longer).toString('base64url')}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      '","allow":true,"x":"',
    ];
    for (const grant of forged) {
      expect(refusedWith(await rig.admit(authorized, { grant }))).toEqual([402, 'grant_invalid']);
    }
  });

  test('of a call that was given up is refused', async () => {
    const authorized = granted(await rig.authorize(GERMAN_MOBILE));
    granted(await rig.services.handlers.releaseCall(SAM, { callId: authorized.callId }));
    expect(refusedWith(await rig.admit(authorized))).toEqual([402, 'call_ended']);
  });
});

const TOLL_FREE = '+18885550100';
const LOCAL_NUMBER = '+12025550123';

function inbound(calledNumber: string | null, who: { readonly identity?: Identity; readonly sipCallId?: string } = {}) {
  return rig.services.edge.admit({
    direction: 'inbound',
    edgeId: 'embedded',
    sipCallId: who.sipCallId ?? randomUUID(),
    callerNumber: '+4930123456',
    calledUser: sipUserOf(who.identity ?? SAM),
    calledNumber,
  });
}

function withInbound(inboundAtZero: Policy['inboundAtZero']): Policy {
  return { ...DEFAULT_POLICY, inboundAtZero };
}

describe('an inbound call', () => {
  beforeEach(async () => {
    granted(await rig.services.handlers.me(SAM, {}));
  });

  test('F-10: with no credit does not ring, is kept, and is told to the agent as missed', async () => {
    const sipCallId = randomUUID();
    expect(refusedWith(await inbound(LOCAL_NUMBER, { sipCallId }))).toEqual([402, 'no_credit']);
    expect(refusedWith(await inbound(LOCAL_NUMBER, { sipCallId }))).toEqual([402, 'no_credit']);
    const missed = rig.told.filter(({ event }) => event.type === 'missed_call');
    expect(missed).toHaveLength(1);
    expect(missed[0]?.audience).toEqual({ accountId: 'acme', officeId: 'berlin', personId: 'sam' });
    const { calls } = granted(await rig.services.handlers.calls(SAM, {}));
    expect(calls).toMatchObject([
      { direction: 'inbound', status: 'refused', number: '+4930123456', refusal: { code: 'no_credit' }, costMicros: 0 },
    ]);
    await rig.addCredit(1);
    expect(await inbound(LOCAL_NUMBER)).toMatchObject({ decision: 'allow', routeToUser: 'acme.sam', leaseSeconds: 60 });
  });

  test('F-10: with low credit does not ring either', async () => {
    rig.policy = { ...DEFAULT_POLICY, credit: { ...DEFAULT_POLICY.credit, callFloorMicros: micros(2_000_000) } };
    await rig.addCredit(1_999_999);
    expect(refusedWith(await inbound(LOCAL_NUMBER))).toEqual([402, 'low_credit']);
    await rig.addCredit(1);
    expect((await inbound(LOCAL_NUMBER)).decision).toBe('allow');
  });

  test('C-01: in the toll-free profile only what costs is refused without credit', async () => {
    rig.policy = withInbound('toll_free_only');
    expect((await inbound(LOCAL_NUMBER)).decision).toBe('allow');
    expect(refusedWith(await inbound(TOLL_FREE))).toEqual([402, 'no_credit']);
    await rig.addCredit(19_999);
    expect(refusedWith(await inbound(TOLL_FREE))).toEqual([402, 'insufficient_credit']);
    await rig.addCredit(1);
    expect((await inbound(TOLL_FREE)).decision).toBe('allow');
  });

  test('is let in by the open profile without credit, and what could not be held is not charged', async () => {
    rig.policy = withInbound('allow');
    const admission = await inbound(TOLL_FREE);
    if (admission.decision !== 'allow') throw new Error('refused');
    await rig.answered(admission.callId);
    await rig.ended(admission.callId, 61_000);
    expect(await rig.row(admission.callId)).toMatchObject({ status: 'settled', costMicros: 0 });
    expect(await rig.wallet()).toEqual({ balance: 0, held: 0, available: 0 });
  });

  test('D-21, C-19: to a toll-free number costs 0.02 for 60 s and 0.04 for 61 s', async () => {
    await rig.addCredit(1_000_000);
    for (const [durationMs, cost] of [
      [60_000, 20_000],
      [61_000, 40_000],
    ] as const) {
      const admission = await inbound(TOLL_FREE);
      if (admission.decision !== 'allow') throw new Error('refused');
      await rig.answered(admission.callId);
      await rig.pass(durationMs / 1_000);
      await rig.ended(admission.callId, durationMs);
      expect(await rig.row(admission.callId)).toMatchObject({ costMicros: cost, kind: 'toll_free' });
    }
    const entries = await rig.store.db
      .selectFrom('entry')
      .selectAll()
      .where('entryKind', '=', 'inbound_call')
      .execute();
    expect(entries).toHaveLength(4);
    const { rates } = granted(await rig.services.handlers.rates(SAM, { search: 'toll' }));
    expect(rates).toMatchObject([{ destination: 'Toll-free', steps: [{ priceMicros: 20_000 }] }]);
  });

  test('to an extension rings without credit, whatever the policy', async () => {
    expect(await inbound(null)).toMatchObject({ decision: 'allow', routeToUser: 'acme.sam' });
  });

  test('that costs is refused while calling is paused', async () => {
    await rig.addCredit(1_000_000);
    granted(await rig.services.handlers.setPause(DANA, { isPaused: true }));
    expect(refusedWith(await inbound(TOLL_FREE))).toEqual([403, 'calling_paused']);
    expect((await inbound(LOCAL_NUMBER)).decision).toBe('allow');
  });

  test('to somebody who is not known is refused as such', async () => {
    expect(refusedWith(await inbound(null, { identity: ANN }))).toEqual([404, 'number_unknown']);
  });

  test('that comes again is the same call', async () => {
    await rig.addCredit(1_000_000);
    const sipCallId = randomUUID();
    const admissions = await Promise.all([1, 2, 3].map(() => inbound(TOLL_FREE, { sipCallId })));
    expect(new Set(admissions.map((admission) => JSON.stringify(admission))).size).toBe(1);
    expect((await rig.wallet()).held).toBe(20_000);
  });
});
