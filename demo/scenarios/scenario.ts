/**
 * What a scenario is: steps in words, what each does in the sandbox, and what must be true after it. Data, played by page and tests alike.
 */
import type { Facts, World } from '../sandbox/world.ts';

export interface ScenarioStep {
  /** What happens now. */
  readonly say: string;
  /** Where to look, and what it shows. */
  readonly look: string;
  readonly act: (world: World) => Promise<void>;
  /** Only what is named is looked at. */
  readonly expect: Partial<Facts>;
}

export interface Scenario {
  /** As in addresses: "late-webhook". */
  readonly id: string;
  readonly title: string;
  /** The question that it answers, in one sentence. */
  readonly why: string;
  readonly steps: readonly ScenarioStep[];
}

export const DOLLAR = 1_000_000;
