/**
 * One side of group-commit.bench.ts, in a process of its own so that its syncs can be slowed: the ledger with 64 clients, and the same
 * statements without it, with a commit for each operation and with one for 64, in alternating rounds. Prints { group, single, bare }:
 * medians in operations a second.
 * Usage: node group-commit-child.ts FOLDER
 */
import { join } from 'node:path';
import { median } from '../bench/measure.ts';
import { openLedgerSide, openRawSide, ratePerSecond } from './ledger-sides.ts';

const ROUNDS = 5;
const CLIENTS = 64;
const GROUP_CALLS = 8_000;
const SINGLE_CALLS = 300;

const [folder = ''] = process.argv.slice(2);
const group = await openLedgerSide({ path: join(folder, 'group.db'), clients: CLIENTS });
const single = await openRawSide({ path: join(folder, 'single.db'), operationsPerCommit: 1 });
const bare = await openRawSide({ path: join(folder, 'bare.db'), operationsPerCommit: CLIENTS });
const rates = { group: [] as number[], single: [] as number[], bare: [] as number[] };
for (let round = 0; round <= ROUNDS; round += 1) {
  rates.group.push(await ratePerSecond(group, { round, calls: GROUP_CALLS }));
  rates.single.push(await ratePerSecond(single, { round, calls: SINGLE_CALLS }));
  rates.bare.push(await ratePerSecond(bare, { round, calls: GROUP_CALLS }));
  // The first round warms up.
  if (round === 0) for (const list of Object.values(rates)) list.length = 0;
}
await group.close();
await single.close();
await bare.close();
const medians = { group: median(rates.group), single: median(rates.single), bare: median(rates.bare) };
process.stdout.write(`${JSON.stringify(medians)}\n`);
