/** The same question again and again, for requests that the server answers once however often they are sent. */
import { askedToWaitMs, type ReconnectPolicy, retryDelayMs } from '../phone/reconnect-policy.ts';
import type { Refusal } from '../protocol/problem.ts';
import type { GateClientOptions } from './gate-client.ts';

/** Why not, as far as a repetition has to know it. */
type Reason = Pick<Refusal, 'retryInSeconds'> & { readonly code: string };
type Answer = { readonly ok: true } | { readonly ok: false; readonly refusal: Reason };

/** Somebody waits in front of the screen: a short break in the network is bridged, then the truth is told. */
export const WHILE_SOMEBODY_WAITS: ReconnectPolicy = { firstDelayMs: 200, maxDelayMs: 1_000, giveUpAfterMs: 5_000 };

export interface Repetition {
  readonly options: Pick<GateClientOptions, 'clock' | 'random'>;
  readonly policy: ReconnectPolicy;
  /** Whether this refusal leaves the question open. */
  readonly isOpen: (reason: Reason) => boolean;
}

/** Asks until the question is no longer open, or the policy's patience is at its end: then the last answer is the answer. */
export async function repeatedly<A extends Answer>(ask: () => Promise<A>, repetition: Repetition): Promise<A> {
  const { clock, random } = repetition.options;
  const startedAtMs = clock.monotonicMs();
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await ask();
    if (outcome.ok || !repetition.isOpen(outcome.refusal)) return outcome;
    const elapsedMs = clock.monotonicMs() - startedAtMs;
    const atLeastMs = askedToWaitMs(outcome.refusal);
    const delayMs = retryDelayMs(repetition.policy, { attempt, elapsedMs, atLeastMs, random: random() });
    if (delayMs === null) return outcome;
    await new Promise<void>((resolve) => clock.after(delayMs, resolve));
  }
}
