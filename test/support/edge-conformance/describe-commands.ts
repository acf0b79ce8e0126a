/** What the server may say about a running call, one at a time and as a list. */
import { describe, expect, test } from 'vitest';
import { MAX_LEASES_TOGETHER } from '../../../server/edge/edge-contract.ts';
import { ACCOUNT } from '../fake-gate-server.ts';
import { type EdgeStage, expectCut, pause } from './edge-stage.ts';

export function describeCommands(stage: EdgeStage): void {
  describe('commands', () => {
    test.concurrent('a longer lease extends the call, counted from the answer', async () => {
      const { dialog, answer, callId } = await stage.answeredCall({ leaseSeconds: 1 });
      await pause(400);
      const response = await stage.command(callId, 'lease', { leaseSeconds: 2, isFinal: false });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ callId, state: 'answered', leaseSeconds: 2 });
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 2);
    });

    test.concurrent('the same lease said twice is the same lease', async () => {
      const { dialog, answer, callId } = await stage.answeredCall();
      await stage.command(callId, 'lease', { leaseSeconds: 1, isFinal: true });
      await pause(500);
      await stage.command(callId, 'lease', { leaseSeconds: 1, isFinal: true });
      expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('a lease that is used up already ends the call now', async () => {
      const { dialog, callId } = await stage.answeredCall();
      await pause(100);
      await stage.command(callId, 'lease', { leaseSeconds: 0, isFinal: true });
      await dialog.bye();
      expect((await stage.gate.ended(callId)).durationMs).toBe(0);
    });

    test.concurrent('the end command ends both legs at once, for the reason given', async () => {
      const { dialog, far, callId } = await stage.bridgedCall();
      const response = await stage.command(callId, 'end', { reason: 'paused', text: 'calling was "paused"' });
      expect(response.status).toBe(200);
      const bye = await dialog.bye();
      await far.bye();
      expect(bye.header('reason')).toMatch(/;text="[^"]*"$/);
      expect((await stage.gate.ended(callId)).reason).toBe('paused');
    });

    test.concurrent('an unknown call is 404', async () => {
      expect((await stage.command('no-such-call', 'lease', { leaseSeconds: 9, isFinal: false })).status).toBe(404);
      expect((await stage.command('no-such-call', 'end', { reason: 'paused', text: '' })).status).toBe(404);
    });

    test.concurrent("a call is commanded under its own account's name only: another one's call of that id is 404", async () => {
      const { dialog, callId } = await stage.answeredCall();
      const foreign = { accountId: 'other', reason: 'paused', text: '' };
      expect((await stage.command(callId, 'end', foreign)).status).toBe(404);
      expect(
        (await stage.command(callId, 'lease', { accountId: 'other', leaseSeconds: 0, isFinal: true })).status,
      ).toBe(404);
      expect((await stage.command(callId, 'end', { ...foreign, accountId: '' })).status).toBe(400);
      expect(dialog.hasBye()).toBe(false);
      expect(stage.reportsOf(callId).map(({ accountId }) => accountId)).toEqual([ACCOUNT]);
    });

    test.concurrent('a call that has ended is 404', async () => {
      const { dialog, callId } = await stage.answeredCall();
      await dialog.ask('BYE');
      await stage.gate.ended(callId);
      expect((await stage.command(callId, 'lease', { leaseSeconds: 9, isFinal: false })).status).toBe(404);
    });

    test.concurrent('nobody without the secret commands', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const response = await stage.command(callId, 'end', { reason: 'paused', text: '' }, 'guess');
      expect([401, 403]).toContain(response.status);
      expect(dialog.hasBye()).toBe(false);
    });

    test.concurrent('a command that makes no sense changes nothing', async () => {
      const { dialog, callId } = await stage.answeredCall();
      expect((await stage.command(callId, 'lease', { leaseSeconds: 'plenty' })).status).toBe(400);
      expect((await stage.command(callId, 'end', { reason: 'because' })).status).toBe(400);
      expect(dialog.hasBye()).toBe(false);
    });
  });
}

/** An edge without lists answers 404 or 405 to each of them, and is told one lease at a time. */
export function describeLists(stage: EdgeStage): void {
  const lease = { accountId: ACCOUNT, leaseSeconds: 9, isFinal: false };

  /** The answer to a good list; null when the edge has no lists. */
  async function calls(leases: readonly object[]): Promise<unknown> {
    const answer = await stage.listOfLeases(leases);
    if ([404, 405].includes(answer.status)) return null;
    expect(answer.status).toBe(200);
    return (await answer.json()).calls;
  }

  describe('a list of leases', () => {
    test.concurrent('lengthens each, in its order, and tells null of what is not here', async () => {
      const [one, two] = await Promise.all([stage.answeredCall(), stage.answeredCall()]);
      const told = await calls([
        { ...lease, callId: two.callId, leaseSeconds: 20 },
        { ...lease, callId: 'no-such-call' },
        { ...lease, callId: one.callId, accountId: 'other', leaseSeconds: 0 },
        { ...lease, callId: one.callId, leaseSeconds: 30 },
      ]);
      if (told === null) return;
      expect(told).toMatchObject([
        { callId: two.callId, state: 'answered', leaseSeconds: 20 },
        null,
        null,
        { callId: one.callId, state: 'answered', leaseSeconds: 30 },
      ]);
      expect([one.dialog.hasBye(), two.dialog.hasBye()]).toEqual([false, false]);
    });

    test.concurrent('cuts at the new end, counted from the answer', async () => {
      const { dialog, answer, callId } = await stage.answeredCall();
      const other = await stage.answeredCall();
      const told = await calls([
        { ...lease, callId, leaseSeconds: 1, isFinal: true },
        { ...lease, callId: other.callId },
      ]);
      if (told !== null) expectCut(stage, (await dialog.bye()).atMs - answer.atMs, 1);
    });

    test.concurrent('is taken from nobody without the secret', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const { status } = await stage.listOfLeases([{ ...lease, callId, leaseSeconds: 0 }], 'guess');
      expect([401, 403, 404, 405]).toContain(status);
      expect(dialog.hasBye()).toBe(false);
    });

    test.concurrent('that makes no sense changes nothing, also where it does', async () => {
      const { dialog, callId } = await stage.answeredCall();
      const ending = { ...lease, callId, leaseSeconds: 0 };
      const tooMany = Array.from({ length: MAX_LEASES_TOGETHER + 1 }, () => ending);
      for (const leases of [[ending, { callId }], 'plenty', [], tooMany]) {
        expect([400, 404, 405, 413]).toContain((await stage.listOfLeases(leases)).status);
      }
      expect(dialog.hasBye()).toBe(false);
    });
  });
}
