/** What is measured and reported, and when a call is cut. */
import { describe, expect, test } from 'vitest';
import { allow } from '../fake-gate-server.ts';
import { callIdOf, type EdgeStage, expectCut, pause } from './edge-stage.ts';

export function describeMeter(stage: EdgeStage): void {
  describe('the meter', () => {
    test.concurrent('answered and ended are reported in order, with the duration measured by the edge', async () => {
      const { dialog, client, answer, callId } = await stage.answeredCall();
      await pause(600);
      const saidMs = performance.now();
      expect((await dialog.ask('BYE')).status).toBe(200);
      const ended = await stage.gate.ended(callId);
      expect(stage.reportsOf(callId).map(({ kind }) => kind)).toEqual(['answered', 'ended']);
      expect(ended.reason).toBe('hung_up');
      expect(Math.abs((ended.durationMs ?? 0) - (saidMs - answer.atMs))).toBeLessThan(stage.edge.toleranceMs);
      expect(client.isClosed).toBe(false);
    });

    test.concurrent('the call is cut when the lease ends, with a BYE that says why', async () => {
      const { dialog, answer, callId } = await stage.answeredCall({ leaseSeconds: 1 });
      const bye = await dialog.bye();
      expectCut(stage, bye.atMs - answer.atMs, 1);
      expect(bye.header('reason')).toMatch(/^Q\.850;cause=102;text="[^"]*lease[^"]*"$/);
      const ended = await stage.gate.ended(callId);
      expect(ended.reason).toBe('lease_expired');
      expect(ended.durationMs).toBeLessThanOrEqual(1000);
      expect(ended.durationMs).toBeGreaterThan(1000 - stage.edge.toleranceMs);
    });

    test.concurrent('both legs of a call between two widgets are cut', async () => {
      const { dialog, far, answer, callId, farCallId } = await stage.bridgedCall({ leaseSeconds: 1 });
      const [near, distant] = await Promise.all([dialog.bye(), far.bye()]);
      expectCut(stage, near.atMs - answer.atMs, 1);
      expectCut(stage, distant.atMs - answer.atMs, 1);
      expect((await stage.gate.ended(callId)).reason).toBe('lease_expired');
      await stage.gate.ended(farCallId);
    });

    test.concurrent("the called widget's own lease cuts both legs too", async () => {
      const { dialog, far, answer, callId, farCallId } = await stage.bridgedCall();
      expect((await stage.command(farCallId, 'lease', { leaseSeconds: 1, isFinal: true })).status).toBe(200);
      const [near, distant] = await Promise.all([dialog.bye(), far.bye()]);
      expectCut(stage, near.atMs - answer.atMs, 1);
      expectCut(stage, distant.atMs - answer.atMs, 1);
      expect((await stage.gate.ended(farCallId)).reason).toBe('lease_expired');
      expect((await stage.gate.ended(callId)).reason).toBe('far_end_hung_up');
    });

    test.concurrent('what the server answers to a report is obeyed', async () => {
      const client = await stage.client();
      const admission = allow({ leaseSeconds: 60 });
      const callId = callIdOf(admission);
      stage.gate.reportAnswers.set(callId, { leaseSeconds: 1, isOver: false });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(admission) });
      const answer = await dialog.final();
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('a call that is over for the server is ended', async () => {
      const client = await stage.client();
      const admission = allow();
      stage.gate.reportAnswers.set(callIdOf(admission), { leaseSeconds: null, isOver: true });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(admission) });
      await dialog.final();
      await dialog.bye();
    });
  });
}
