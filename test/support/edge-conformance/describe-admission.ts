/** Who may register, and which calls the edge lets in. */
import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '../../../src/protocol/problem.ts';
import { allow, refuse } from '../fake-gate-server.ts';
import type { EdgeStage } from './edge-stage.ts';

export function describeRegistration(stage: EdgeStage): void {
  describe('registration', () => {
    test.concurrent('a wrong password is refused', async () => {
      const client = await stage.client({ isRegistered: false });
      expect((await client.register({ secret: 'not the secret' })).status).toBe(401);
    });

    test.concurrent('credentials that have expired are refused', async () => {
      const client = await stage.client({ isRegistered: false, validSeconds: -10 });
      expect((await client.register()).status).toBe(401);
    });

    test.concurrent("another user's credentials are refused", async () => {
      const client = await stage.client({ isRegistered: false });
      const { status } = await client.register({ asUser: 'conformance.somebodyelse' });
      expect([401, 403]).toContain(status);
    });

    test.concurrent('nobody calls without having proved who it is, and the server is not even asked', async () => {
      const client = await stage.client({ isRegistered: false });
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()) });
      expect([401, 403, 407]).toContain((await dialog.final()).status);
      expect(stage.admissionsOf(client.user)).toEqual([]);
    });

    test.concurrent('nobody calls in the name of another', async () => {
      const client = await stage.client();
      const from = 'conformance.boss';
      const dialog = client.invite(stage.edge.numbers.answersAtOnce, { grant: stage.grant(allow()), from });
      expect([401, 403]).toContain((await dialog.final()).status);
      expect(stage.admissionsOf(from)).toEqual([]);
    });
  });
}

export function describeAdmission(stage: EdgeStage): void {
  const refusals: [string, ProblemCode, number][] = [
    ['a used grant', 'grant_used', 402],
    ['a grant for another number', 'grant_mismatch', 402],
    ['an expired grant', 'grant_expired', 402],
    ['a grant that nobody made', 'grant_invalid', 402],
    ['too little credit', 'insufficient_credit', 402],
    ['a pause by the admin', 'calling_paused', 403],
  ];

  describe('admission', () => {
    test.concurrent('the server hears who calls whom with which grant', async () => {
      const { client, dialog } = await stage.answeredCall();
      const [admission, ...more] = stage.admissionsOf(client.user);
      expect(more).toEqual([]);
      expect(admission).toMatchObject({
        direction: 'outbound',
        sipCallId: dialog.callId,
        callerUser: client.user,
        calledNumber: stage.edge.numbers.answersAtOnce,
        grant: expect.stringMatching(/^grant-/),
      });
    });

    test.concurrent('an INVITE without a grant gets 402, a readable reason and the code', async () => {
      const client = await stage.client();
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant: null }).final();
      expect(answer.status).toBe(402);
      expect(answer.phrase).toBe('The call carries no grant');
      expect(answer.header('x-refusal')).toBe('grant_missing');
      expect(stage.admissionsOf(client.user)[0]).toMatchObject({ grant: null });
    });

    test.concurrent.each(refusals)('%s is refused with code %s and status %i', async (_what, code, sipStatus) => {
      const client = await stage.client();
      const reasonPhrase = `Because of ${code}`;
      const grant = stage.grant(refuse(code, { sipStatus, reasonPhrase }));
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant }).final();
      expect([answer.status, answer.phrase, answer.header('x-refusal')]).toEqual([sipStatus, reasonPhrase, code]);
    });

    test.concurrent('a reason phrase cannot smuggle in a header', async () => {
      const client = await stage.client();
      const grant = stage.grant(refuse('no_credit', { reasonPhrase: 'No"credit\r\nX-Evil: 1' }));
      const answer = await client.invite(stage.edge.numbers.answersAtOnce, { grant }).final();
      expect(answer.status).toBe(402);
      expect(answer.header('x-evil')).toBeUndefined();
    });

    test.concurrent('one admission never becomes two calls, even when the server would say yes again', async () => {
      const client = await stage.client();
      const grant = stage.grant(allow());
      const number = stage.edge.numbers.answersAtOnce;
      expect((await client.invite(number, { grant }).final()).status).toBe(200);
      const again = await client.invite(number, { grant }).final();
      expect([again.status, again.header('x-refusal')]).toEqual([402, 'grant_used']);
    });
  });
}
