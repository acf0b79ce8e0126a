/** What a client may try to get seconds that nobody holds credit for. */
import { describe, expect, test } from 'vitest';
import type { RawSipClient } from '../raw-sip-client.ts';
import { sampleOffer } from '../sample-session-description.ts';
import { type BridgedCall, type EdgeStage, expectCut, pause } from './edge-stage.ts';

interface HostileCase {
  readonly what: string;
  /** Before the INVITE. */
  readonly prepare?: (client: RawSipClient, leaseMs: number) => void;
  /** Some way into the lease: late for what might renew it, early for what might end the call without ending the far leg. */
  readonly act?: (call: BridgedCall) => void;
  readonly isEarly?: boolean;
}

/** Parts of the lease. */
const EARLY = 0.2;
const LATE = 0.75;

const HOSTILE_CASES: readonly HostileCase[] = [
  {
    what: 'never answers a BYE',
    prepare: ({ manners }) => {
      manners.answersRequests = false;
    },
  },
  {
    what: 'never acknowledges the answer',
    prepare: ({ manners }) => {
      manners.ackDelayMs = null;
    },
  },
  {
    what: 'acknowledges late',
    prepare: ({ manners }, leaseMs) => {
      manners.ackDelayMs = LATE * leaseMs;
    },
  },
  { what: 'loses its WebSocket', act: ({ client }) => client.kill() },
  { what: 'sends a re-INVITE', act: ({ dialog }) => void dialog.send('INVITE', { body: sampleOffer() }) },
  { what: 'sends a re-INVITE without an offer', act: ({ dialog }) => void dialog.send('INVITE') },
  { what: 'sends INFO', act: ({ dialog }) => void dialog.send('INFO') },
  { what: 'sends UPDATE', act: ({ dialog }) => void dialog.send('UPDATE') },
  {
    what: 'sends UPDATE with a session timer',
    act: ({ dialog }) => void dialog.send('UPDATE', { extra: ['Session-Expires: 9000'] }),
  },
  {
    what: 'sends REFER',
    act: ({ dialog }) => void dialog.send('REFER', { extra: ['Refer-To: <sip:+491701234567@phone.test>'] }),
  },
  {
    what: 'moves its contact elsewhere in a re-INVITE',
    act: ({ dialog }) => {
      dialog.send('INVITE', { body: sampleOffer(), contact: '<sip:x@192.0.2.200:5999;transport=tcp>' });
    },
  },
  {
    what: 'has a contact that does not exist',
    prepare: (client) => {
      client.contact = '<sip:x@no-such-host.invalid>';
    },
  },
  {
    what: 'has a contact on TCP',
    prepare: (client) => {
      client.contact = '<sip:x@192.0.2.200:5999;transport=tcp>';
    },
  },
  {
    what: 'says BYE with a wrong tag',
    isEarly: true,
    act: ({ dialog }) => void dialog.send('BYE', { remoteTag: 'bogus' }),
  },
  {
    what: 'says BYE with an old sequence number',
    isEarly: true,
    act: ({ dialog }) => void dialog.send('BYE', { cseq: 0 }),
  },
  { what: 'jumps its sequence number', act: ({ dialog }) => void dialog.send('INFO', { cseq: 1_000_000 }) },
  {
    what: 'says BYE below a sequence number it jumped to',
    isEarly: true,
    act: ({ dialog }) => {
      dialog.send('INFO', { cseq: 1_000_000 });
      dialog.send('BYE', { cseq: 3 });
    },
  },
  { what: 'cancels after the answer', isEarly: true, act: ({ dialog }) => dialog.cancel() },
  {
    what: 'invites again in the same dialog with a new grant',
    act: ({ dialog }) => void dialog.send('INVITE', { body: sampleOffer(), extra: ['X-Call-Grant: another'] }),
  },
];

export function describeHostileClients(stage: EdgeStage): void {
  describe('a hostile client gets no second more than the lease', () => {
    test.concurrent.each(HOSTILE_CASES)('one that $what', async ({ prepare, act, isEarly = false }) => {
      const { toleranceMs } = stage.edge;
      // Long enough that a lease renewed late, or a call ended early, is outside the tolerance.
      const leaseSeconds = Math.ceil((2 * toleranceMs) / 1000);
      const leaseMs = leaseSeconds * 1000;
      const client = await stage.client();
      prepare?.(client, leaseMs);
      const call = await stage.bridgedCall({ leaseSeconds }, client);
      await pause((isEarly ? EARLY : LATE) * leaseMs);
      act?.(call);
      const [bye, ended] = await Promise.all([
        call.far.bye(leaseMs + 5_000),
        stage.gate.ended(call.callId, leaseMs + 5_000),
      ]);
      expectCut(stage, bye.atMs - call.answer.atMs, leaseSeconds);
      expect(ended.durationMs).toBeLessThanOrEqual(leaseMs);
      expect(ended.durationMs).toBeGreaterThan(leaseMs - toleranceMs);
      await pause(200);
      expect(stage.reportsOf(call.callId).filter(({ kind }) => kind === 'ended')).toHaveLength(1);
      expect((await stage.command(call.callId, 'end', { reason: 'paused', text: '' })).status).toBe(404);
    });
  });
}
