/** What the edge does while nobody answers its questions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allow } from '../fake-gate-server.ts';
import { EdgeStage, expectCut, pause, type StartEdge } from './edge-stage.ts';

export function describeOutage(name: string, start: StartEdge): void {
  describe(`${name} without its server`, () => {
    const stage = new EdgeStage(start);
    beforeAll(() => stage.open());
    afterAll(() => stage.close());

    test('fails closed with the true reason while the server answers with errors', async () => {
      const client = await stage.client();
      stage.gate.isFailing = true;
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) }).final();
      stage.gate.isFailing = false;
      expect([answer.status, answer.header('x-refusal')]).toEqual([503, 'unavailable']);
    });

    test('a running call lives to the end of its lease, and its reports arrive in order when the server is back', async () => {
      const client = await stage.client();
      await stage.gate.stop();
      const refused = await client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) }).final();
      expect([refused.status, refused.header('x-refusal')]).toEqual([503, 'unavailable']);
      await stage.gate.restart();

      const ringing = await stage.answeredCall({ leaseSeconds: 1 }, client);
      await stage.gate.untilReport(({ callId, kind }) => callId === ringing.callId && kind === 'answered');
      await stage.gate.stop();
      const bye = await ringing.dialog.bye();
      expectCut(stage, bye.atMs - ringing.answer.atMs, 1);
      await pause(500);
      await stage.gate.restart();
      const ended = await stage.gate.ended(ringing.callId);
      expect(ended.durationMs).toBeLessThanOrEqual(1000);
      expect(ended.happenedAgoMs).toBeGreaterThanOrEqual(450);
      expect(Math.abs(ended.atMs - ended.happenedAgoMs - bye.atMs)).toBeLessThan(stage.edge.toleranceMs);
      expect(stage.reportsOf(ringing.callId).map(({ kind }) => kind)).toEqual(['answered', 'ended']);
    });
  });
}
