/**
 * Plays a scenario step by step, each play in a sandbox of its own. One play at a time: what the page shows is what was asked for last.
 *
 *   begin ──► ready ──► next ──► ready ... ──► over
 *               └──────── stop ────────┴──► idle      begin again is a fresh sandbox
 */
import { SCENARIOS, scenarioById } from '../scenarios/all-scenarios.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { differences } from './differences.ts';
import type { Sandbox } from './sandbox.ts';
import { type Facts, World } from './world.ts';

/** A step that was played. */
export interface PlayedStep {
  /** What is otherwise than it should be; empty when all is as promised. */
  readonly wrong: readonly string[];
  readonly facts: Facts;
  readonly atMs: number;
}

/** What the page shows. */
export interface PlayState {
  readonly scenarios: readonly Pick<Scenario, 'id' | 'title' | 'why'>[];
  /** Null while nothing is played. */
  readonly play: {
    readonly id: string;
    /** Counts up: the sandbox of an earlier play is gone. */
    readonly run: number;
    readonly steps: readonly { readonly say: string; readonly look: string }[];
    readonly played: readonly PlayedStep[];
    readonly isBusy: boolean;
    readonly nowMs: number;
  } | null;
}

interface Play {
  readonly scenario: Scenario;
  readonly run: number;
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly played: PlayedStep[];
  isBusy: boolean;
}

export class ScenarioPlayer {
  readonly #openSandbox: (run: number) => Promise<Sandbox>;
  #play: Play | null = null;
  #run = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(openSandbox: (run: number) => Promise<Sandbox>) {
    this.#openSandbox = openSandbox;
  }

  get state(): PlayState {
    const scenarios = SCENARIOS.map(({ id, title, why }) => ({ id, title, why }));
    return { scenarios, play: this.#play === null ? null : shown(this.#play) };
  }

  /** The sandbox of this run; null once it is gone. */
  sandboxOf(run: number): Sandbox | null {
    return this.#play?.run === run ? this.#play.sandbox : null;
  }

  /** False when there is no such scenario. The one before is stopped. */
  begin(id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const scenario = scenarioById(id);
      if (scenario === null) return false;
      await this.#end();
      this.#run += 1;
      const sandbox = await this.#openSandbox(this.#run);
      this.#play = { scenario, run: this.#run, sandbox, world: new World(sandbox), played: [], isBusy: false };
      return true;
    });
  }

  /** Plays the step that is next in this run; false when there is none, or another run has begun. */
  next(run: number): Promise<boolean> {
    return this.#inTurn(async () => {
      const play = this.#play;
      const step = play?.scenario.steps[play.played.length];
      if (play === null || step === undefined || play.run !== run) return false;
      play.isBusy = true;
      try {
        await step.act(play.world);
        const wrong = await differences(play.world, step.expect);
        play.played.push({ wrong, facts: await play.world.facts(), atMs: play.sandbox.clock.nowMs() });
      } finally {
        play.isBusy = false;
      }
      return true;
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  async #end(): Promise<void> {
    const play = this.#play;
    this.#play = null;
    await play?.sandbox.close();
  }

  /** One thing after the other, whoever presses. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function shown({ scenario, run, sandbox, played, isBusy }: Play): PlayState['play'] {
  const steps = scenario.steps.map(({ say, look }) => ({ say, look }));
  return { id: scenario.id, run, steps, played: [...played], isBusy, nowMs: sandbox.clock.nowMs() };
}
