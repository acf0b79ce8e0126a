/**
 * The explanation of each problem code, as written in src/protocol/README.md: what a problem's `type` leads to (RFC 9457 section 3.1.1).
 */
import { readFileSync } from 'node:fs';
import { OFFICE_PROBLEM_CODES, type OfficeProblemCode } from '../../src/protocol/office-problem.ts';
import { PROBLEM_CODES, type ProblemCode } from '../../src/protocol/problem.ts';

const README = new URL('../../src/protocol/README.md', import.meta.url);

export const EXPLAINED_CODES: readonly (ProblemCode | OfficeProblemCode)[] = [
  ...PROBLEM_CODES,
  ...OFFICE_PROBLEM_CODES,
];

/** The paragraph under each "### `code`" heading. */
export function problemParagraphs(): ReadonlyMap<ProblemCode | OfficeProblemCode, string> {
  const sections = readFileSync(README, 'utf8').split(/^#{2,3} /m);
  const paragraphs = new Map<ProblemCode | OfficeProblemCode, string>();
  for (const section of sections) {
    const [heading = '', ...lines] = section.split('\n');
    const code = EXPLAINED_CODES.find((one) => heading.trim() === `\`${one}\``);
    if (code) paragraphs.set(code, lines.join('\n').trim());
  }
  return paragraphs;
}
