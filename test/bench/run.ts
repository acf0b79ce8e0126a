/**
 * `npm run bench [name ...]`: every benchmark, one after the other, each in a process of its own; then a table. Exit code 1 when a
 * goal was missed. Figures are ratios within one run wherever there is a peer, because machines differ.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PrintedMeasure } from './measure.ts';

const folder = import.meta.dirname;

function benches(wanted: readonly string[]): string[] {
  const all = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'));
  const unknown = wanted.filter((name) => !all.includes(`${name}.bench.ts`));
  if (unknown.length > 0) {
    console.error(
      `There is no benchmark "${unknown[0]}". There are: ${all.map((file) => file.split('.')[0]).join(', ')}.`,
    );
    process.exit(1);
  }
  return wanted.length === 0 ? all : wanted.map((name) => `${name}.bench.ts`);
}

async function run(
  file: string,
): Promise<{ readonly measures: readonly PrintedMeasure[]; readonly isBroken: boolean }> {
  console.log(`\n── ${file}`);
  const child = spawn(process.execPath, [`${folder}/${file}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  const measures: PrintedMeasure[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    // Only printMeasure writes lines that begin so.
    if (line.startsWith('{"name"')) measures.push(JSON.parse(line) as PrintedMeasure);
  }
  const code = await exited;
  return { measures, isBroken: code !== 0 && measures.every((measure) => measure.isMet !== false) };
}

function row({ name, value, unit, ratio, goal, isMet }: PrintedMeasure): string {
  const wish = goal === undefined ? '' : 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
  const verdict = isMet === undefined ? '' : isMet ? 'met' : 'MISSED';
  return [
    name.padEnd(78),
    `${value} ${unit}`.padStart(24),
    String(ratio ?? '').padStart(7),
    wish.padStart(12),
    verdict,
  ].join('  ');
}

const measures: PrintedMeasure[] = [];
let isBroken = false;
for (const file of benches(process.argv.slice(2))) {
  const result = await run(file);
  measures.push(...result.measures);
  if (result.isBroken) {
    console.error(`${file} broke off.`);
    isBroken = true;
  }
}
console.log(`\n${['figure'.padEnd(78), 'value'.padStart(24), 'ratio'.padStart(7), 'goal'.padStart(12)].join('  ')}`);
for (const measure of measures) console.log(row(measure));
process.exitCode = isBroken || measures.some((measure) => measure.isMet === false) ? 1 : 0;
