/**
 * Every scenario of the demo, played from its own file on the real gate with a moved clock: each step is as it says, and the books are
 * right.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { differences } from '../../../demo/sandbox/differences.ts';
import { Sandbox } from '../../../demo/sandbox/sandbox.ts';
import { World } from '../../../demo/sandbox/world.ts';
import { SCENARIOS, scenarioById } from '../../../demo/scenarios/all-scenarios.ts';
import { ledgerFaults } from '../../support/ledger-invariants.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.open({ url: 'http://sandbox.invalid', startMs: Date.UTC(2027, 0, 29, 10) });
}, 60_000);
afterEach(() => sandbox.close(), 60_000);

describe.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('%s', (_id, scenario) => {
  test(scenario.title, { timeout: 90_000 }, async () => {
    const world = new World(sandbox);
    for (const step of scenario.steps) {
      await step.act(world);
      expect(await differences(world, step.expect), step.say).toEqual([]);
      const { balance, held } = await world.facts();
      expect(Math.min(balance, balance - held), `${step.say} (never below zero)`).toBeGreaterThanOrEqual(0);
    }
    expect(await ledgerFaults(sandbox.store)).toEqual([]);
  });
});

test('each has its own address, and says of each step what happens and where to look', () => {
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  for (const { id, steps } of SCENARIOS) {
    expect(scenarioById(id)?.id).toBe(id);
    for (const step of steps) {
      expect(step.say.length * step.look.length, id).toBeGreaterThan(0);
      expect(Object.keys(step.expect), `${id}: ${step.say}`).not.toEqual([]);
    }
  }
  expect(scenarioById('nobody-knows-it')).toBeNull();
});
