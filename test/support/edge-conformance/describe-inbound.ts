/** Calls to a widget. */
import { describe, expect, test } from 'vitest';
import { allow, refuse } from '../fake-gate-server.ts';
import { callIdOf, type EdgeStage, expectCut, pause } from './edge-stage.ts';

export function describeInbound(stage: EdgeStage): void {
  describe('calls to the widget', () => {
    test.concurrent('F-10: a refused call does not ring, and the caller does not hear why', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      stage.scriptInbound(callee.user, refuse('no_credit'));
      const admission = allow({ routeToUser: callee.user });
      const answer = await caller.invite('2001', { grant: stage.grant(admission) }).final();
      expect(answer.status).toBe(480);
      expect([answer.phrase, answer.header('reason'), answer.header('x-refusal')].join()).not.toMatch(/credit/i);
      expect(callee.received.some(({ method }) => method === 'INVITE')).toBe(false);
      expect((await stage.gate.ended(callIdOf(admission))).durationMs).toBeNull();
    });

    test.concurrent('the called widget learns the call id, the number and the name', async () => {
      const { invite, farCallId, callee } = await stage.bridgedCall({
        callerNumber: '+493012345678',
        callerName: 'Anna',
      });
      expect(invite.header('x-call-id')).toBe(farCallId);
      expect(invite.header('from')).toMatch(/^"Anna" <sip:\+493012345678@/);
      expect(stage.admissionsOf(callee.user)).toMatchObject([
        { direction: 'inbound', callerNumber: '+493012345678', calledNumber: null },
      ]);
    });

    test.concurrent('a call of the network is asked for, rings, is metered and cut', async (context) => {
      const { callUser } = stage.edge;
      if (!callUser) return context.skip();
      const callee = await stage.client();
      const admission = allow({ leaseSeconds: 1 });
      const callId = callIdOf(admission);
      stage.scriptInbound(callee.user, admission);
      await callUser(callee.user, '+442079460000');
      const { invite, dialog } = await callee.incoming();
      expect(invite.header('x-call-id')).toBe(callId);
      const bye = await dialog.bye();
      const ended = await stage.gate.ended(callId);
      expectCut(stage, bye.atMs - invite.atMs, 1);
      expect([ended.reason, ended.durationMs]).toEqual(['lease_expired', 1000]);
    });

    test.concurrent('a refused call of the network does not ring', async (context) => {
      const { callUser } = stage.edge;
      if (!callUser) return context.skip();
      const callee = await stage.client();
      stage.scriptInbound(callee.user, refuse('no_credit'));
      await callUser(callee.user, '+442079460000');
      await pause(100);
      expect(callee.received.some(({ method }) => method === 'INVITE')).toBe(false);
    });
  });
}
