/**
 * `npm run test:faults`: every fault with more rounds than `npm test` has time for (FAULT_ROUNDS, 10 unless it is set), and a table of
 * what was acknowledged, lost and done twice.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultTable, readFaultRows } from '../support/fault-table.ts';

const ROUNDS = process.env.FAULT_ROUNDS ?? '10';
const folder = mkdtempSync(join(tmpdir(), 'credit-phone-faults-'));
const table = join(folder, 'rows');

function run(): Promise<number> {
  const parameters = ['run', '--config', 'test/faults/vitest.config.ts', ...process.argv.slice(2)];
  const child = spawn(join('node_modules', '.bin', 'vitest'), parameters, {
    stdio: 'inherit',
    env: { ...process.env, FAULT_ROUNDS: ROUNDS, FAULT_TABLE: table },
  });
  // It hears Ctrl+C too, and ends what it has started; the table tells what there is by then.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await run();
  console.log(`\n${faultTable(readFaultRows(table))}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
