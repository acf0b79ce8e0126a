import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { idsIn, missingOf, namesOfTests, proved, readRequirements } from './requirement-tests.ts';

const ids = readFileSync(resolve(import.meta.dirname, 'ids.csv'), 'utf8');
const names = (source: string) => namesOfTests({ path: 'a.test.ts', source }).map(({ name }) => name);

test('the table has every requirement once, with its rank', () => {
  const requirements = readRequirements(ids);
  expect(requirements).toHaveLength(120);
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(120);
  expect(requirements.filter(({ rank }) => rank === 'M')).toHaveLength(98);
  for (const { id, text } of requirements) {
    expect(id).toMatch(/^[FCSLD]-\d\d$/);
    expect(text.length).toBeGreaterThan(10);
  }
  expect(() => readRequirements('id,rank,requirement\nF-01,X,what')).toThrow('F-01 has the rank "X"');
});

test('names are those of tests, groups and tables of cases, in any quotes', () => {
  expect(names(`test('F-01: one', async () => {`)).toEqual(['F-01: one']);
  expect(names(`describe("F-02: it's two", () => {`)).toEqual([`F-02: it's two`]);
  expect(names('it(`F-03: three`, () => {')).toEqual(['F-03: three']);
  expect(names(`test.each([\n  ['a'],\n])('F-04: %s', (a) => {`)).toEqual(['F-04: %s']);
  expect(names(`test.each([\n  'a',\n] as const)('F-05: %s', (a) => {`)).toEqual(['F-05: %s']);
  expect(names(`test('it isn\\'t F-06', () => {`)).toEqual([`it isn\\'t F-06`]);
});

test('what only stands in a comment or is skipped proves nothing', () => {
  expect(names(`/** F-01 is here. */\nconst id = 'F-02';\nexpect(x).toBe('F-03');`)).toEqual([]);
  expect(() => names(`test.skip('F-01: one', () => {})`)).toThrow('a.test.ts skips tests');
  expect(() => names(`describe.todo('F-01')`)).toThrow('skips tests');
});

test('a name can have several ids, and a range', () => {
  expect(idsIn('F-01, S-05: both')).toEqual(['F-01', 'S-05']);
  expect(idsIn('C-09 to C-11, L-16: four')).toEqual(['C-09', 'C-11', 'L-16', 'C-10']);
  expect(idsIn('RFC-99, UTF-16, F-1 and X-01 are none')).toEqual([]);
});

test('each requirement has its tests; ids that are none are told', () => {
  const requirements = readRequirements('id,rank,requirement\nF-01,M,first thing\nF-02,M,second thing');
  const tests = ['F-01: a', 'F-01, F-99: b'].map((name) => ({ file: 'a.test.ts', name }));
  const found = proved(requirements, tests);
  expect(found.requirements.map((requirement) => requirement.tests.length)).toEqual([2, 0]);
  expect(found.unknownIds).toEqual(['F-99']);
});

test('what must be met needs a test of a profile; what should be met needs none', () => {
  const requirements = readRequirements(
    'id,rank,requirement\nF-01,M,a\nF-02,M,b\nF-03,M,c\nF-04,M,d\nF-05,S,e\nF-06,N,f\nF-07,M,g\nF-08,M,h',
  );
  const tests = [
    ['test/server/profiles/freshcaller.test.ts', 'F-01'],
    ['test/flows/profiles.flow.test.ts', 'freshcaller, F-02'],
    ['test/server/calls/calls.test.ts', 'F-03'],
    ['test/flows/other.flow.test.ts', 'F-07'],
    ['test/server/profiles/deep/freshcaller.test.ts', 'F-08'],
  ].map(([file = '', name = '']) => ({ file, name }));
  expect(missingOf(proved(requirements, tests).requirements)).toEqual([
    { id: 'F-03', why: 'no_profile_test' },
    { id: 'F-04', why: 'no_test' },
    { id: 'F-07', why: 'no_profile_test' },
    { id: 'F-08', why: 'no_profile_test' },
  ]);
});
