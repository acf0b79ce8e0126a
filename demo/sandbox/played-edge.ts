/** A SIP edge without SIP: it holds the leases it is told and cuts a call when its lease ends, as every edge does. */
import type { CallAtEdge, EdgeCommandOutcome, EdgeCommands, LeaseCommand } from '../../server/edge/edge-contract.ts';
import type { ServerClock } from '../../server/services.ts';
import type { EndReason } from '../../src/protocol/call.ts';
import { MILLISECONDS_PER_SECOND } from '../../src/protocol/duration.ts';

export interface PlayedCall {
  readonly accountId: string;
  readonly callId: string;
  readonly answeredAtMs: number;
  leaseSeconds: number;
}

/** Tells the server that a call is over. */
export type ReportEnd = (
  call: PlayedCall,
  end: { readonly durationMs: number; readonly reason: EndReason },
) => Promise<void>;

export class PlayedEdge implements EdgeCommands {
  readonly #clock: ServerClock;
  readonly #calls = new Map<string, PlayedCall>();
  /** False: no word reaches the edge, and none comes from it. */
  isReachable = true;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  answer(call: PlayedCall): void {
    this.#calls.set(call.callId, call);
  }

  get calls(): readonly PlayedCall[] {
    return [...this.#calls.values()];
  }

  forget(callId: string): void {
    this.#calls.delete(callId);
  }

  /** Calls whose lease has ended are cut; what nobody can be told is told later. */
  async cutWhatIsOver(report: ReportEnd): Promise<void> {
    if (!this.isReachable) return;
    for (const call of this.calls) {
      const leaseMs = call.leaseSeconds * MILLISECONDS_PER_SECOND;
      if (this.#clock.nowMs() - call.answeredAtMs < leaseMs) continue;
      this.#calls.delete(call.callId);
      await report(call, { durationMs: leaseMs, reason: 'lease_expired' });
    }
  }

  setLease = async ({ callId }: CallAtEdge, command: LeaseCommand): Promise<EdgeCommandOutcome> => {
    if (!this.isReachable) return { outcome: 'unreachable', cause: 'the network is lost' };
    const call = this.#calls.get(callId);
    if (call === undefined) return { outcome: 'gone' };
    call.leaseSeconds = command.leaseSeconds;
    return this.#done(call);
  };

  end = async ({ callId }: CallAtEdge): Promise<EdgeCommandOutcome> => {
    if (!this.isReachable) return { outcome: 'unreachable', cause: 'the network is lost' };
    const call = this.#calls.get(callId);
    if (call === undefined) return { outcome: 'gone' };
    this.#calls.delete(callId);
    return this.#done(call);
  };

  #done({ callId, answeredAtMs, leaseSeconds }: PlayedCall): EdgeCommandOutcome {
    const elapsedMs = Math.max(0, this.#clock.nowMs() - answeredAtMs);
    return { outcome: 'done', call: { callId, state: 'answered', elapsedMs, leaseSeconds } };
  }
}
