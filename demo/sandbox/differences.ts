/** What is otherwise than a step promises. Facts that take a moment to come true are waited for. */
import type { Facts, World } from './world.ts';

const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** One sentence for each; none when everything is as it should be. */
export async function differences(world: Pick<World, 'facts'>, expected: Partial<Facts>): Promise<readonly string[]> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const wrong = wrongFacts(await world.facts(), expected);
    if (wrong.length === 0 || performance.now() > giveUpAtMs) return wrong;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

export function wrongFacts(facts: Facts, expected: Partial<Facts>): readonly string[] {
  const all: Readonly<Record<string, unknown>> = { ...facts };
  return Object.entries(expected)
    .filter(([name, value]) => all[name] !== value)
    .map(([name, value]) => `${name} is ${String(all[name])}, expected ${String(value)}`);
}
