/** Runs a file of rating vectors: a line for each vector, the totals as one JSON object on the last line. */
import { checkVector } from './check/check-vector.ts';
import { readVectors, type Verdict } from './check/vector.ts';

/** Returns the exit code: 1 when a vector fails. */
export function checkRatesCommand(text: string, print: (line: string) => void): number {
  const vectors = readVectors(text);
  const byId = new Map(vectors.map((vector) => [vector.id, vector]));
  const totals = { pass: 0, unsupported: 0, fail: 0 } satisfies Record<Verdict['outcome'], number>;
  for (const vector of vectors) {
    const verdict = checkVector(vector, (id) => byId.get(id));
    totals[verdict.outcome] += 1;
    const reason = verdict.outcome === 'pass' ? '' : `: ${verdict.reason}`;
    print(`${verdict.outcome.padEnd(11)} ${vector.id} (${vector.kind})${reason}`);
  }
  print(JSON.stringify(totals));
  return totals.fail > 0 ? 1 : 0;
}
