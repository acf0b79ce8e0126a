/** The ways in which calls end, and what is reported of each. */
import { describe, expect, test } from 'vitest';
import { allow } from '../fake-gate-server.ts';
import { callIdOf, type EdgeStage } from './edge-stage.ts';

export function describeEndings(stage: EdgeStage): void {
  describe('endings', () => {
    test.concurrent('CANCEL ends a ringing call that costs nothing', async () => {
      const client = await stage.client();
      const admission = allow();
      const dialog = client.invite(stage.edge.numbers.ringsForEver, { grant: stage.grant(admission) });
      await client.until(({ status }) => status === 180);
      dialog.cancel();
      expect((await dialog.final()).status).toBe(487);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'cancelled']);
      expect(stage.reportsOf(callIdOf(admission)).map(({ kind }) => kind)).toEqual(['ringing', 'ended']);
    });

    test.concurrent('a busy number costs nothing', async () => {
      const client = await stage.client();
      const admission = allow();
      const dialog = client.invite(stage.edge.numbers.isBusy, { grant: stage.grant(admission) });
      expect((await dialog.final()).status).toBe(486);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'busy']);
    });

    test.concurrent('ringing ends when the server said it should', async () => {
      const client = await stage.client();
      const admission = allow({ ringSeconds: 1 });
      const dialog = client.invite(stage.edge.numbers.ringsForEver, { grant: stage.grant(admission) });
      expect([408, 480, 487]).toContain((await dialog.final()).status);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'no_answer']);
    });

    test.concurrent('the far side hanging up ends both sides', async () => {
      const { dialog, far, callId, farCallId } = await stage.bridgedCall();
      far.send('BYE');
      await dialog.bye();
      expect((await stage.gate.ended(callId)).reason).toBe('far_end_hung_up');
      expect((await stage.gate.ended(farCallId)).reason).toBe('hung_up');
    });

    test.concurrent('hanging up tells the far side', async () => {
      const { dialog, far, callId } = await stage.bridgedCall();
      await dialog.ask('BYE');
      await far.bye();
      expect((await stage.gate.ended(callId)).reason).toBe('hung_up');
    });

    test.concurrent('a widget that declines is reported as such', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      callee.manners.inviteAnswer = 603;
      stage.scriptInbound(callee.user, allow());
      const admission = allow({ routeToUser: callee.user });
      const answer = await caller.invite('2001', { grant: stage.grant(admission) }).final();
      expect(answer.status).toBe(603);
      const ended = await stage.gate.ended(callIdOf(admission));
      expect([ended.durationMs, ended.reason]).toEqual([null, 'declined']);
    });

    test.concurrent('CANCEL stops the far widget ringing', async () => {
      const [caller, callee] = [await stage.client(), await stage.client()];
      callee.manners.inviteAnswer = null;
      stage.scriptInbound(callee.user, allow());
      const dialog = caller.invite('2001', { grant: stage.grant(allow({ routeToUser: callee.user })) });
      const { invite } = await callee.incoming();
      callee.answer(invite, 180);
      await caller.until(({ status }) => status === 180);
      dialog.cancel();
      await callee.until(({ method }) => method === 'CANCEL');
    });
  });
}
