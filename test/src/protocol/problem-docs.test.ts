/** Error codes are public API, so their documentation is tested like code. */
import { describe, expect, test } from 'vitest';
import { EXPLAINED_CODES, problemParagraphs } from '../../../server/http/problem-page.ts';
import { statusOf } from '../../../server/http/problem-response.ts';
import { PROBLEM_TITLES } from '../../../src/protocol/problem-titles.ts';

const paragraphs = problemParagraphs();

describe('src/protocol/README.md', () => {
  test('has a paragraph for each problem code, in the order of the table, and for nothing else', () => {
    expect([...paragraphs.keys()]).toEqual(EXPLAINED_CODES);
  });

  test.each(EXPLAINED_CODES)('%s is explained in whole sentences', (code) => {
    const paragraph = paragraphs.get(code) ?? '';
    expect(paragraph).toMatch(/^[A-Z].{30,}\.$/s);
    expect(paragraph).not.toBe(PROBLEM_TITLES[code]);
  });

  test.each(EXPLAINED_CODES)('%s has an HTTP status that is an error', (code) => {
    expect(statusOf(code)).toBeGreaterThanOrEqual(400);
    expect(statusOf(code)).toBeLessThan(600);
  });
});
