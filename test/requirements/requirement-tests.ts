/** Which tests prove which requirement: by the ids in the names of tests, so that there is no second list that could be wrong. */
import { parse } from 'csv-parse/sync';

export interface Requirement {
  readonly id: string;
  /** M must, S should, N note. */
  readonly rank: 'M' | 'S' | 'N';
  readonly text: string;
}

export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface ProvedRequirement extends Requirement {
  readonly tests: readonly NamedTest[];
}

/** What must be met and is not shown: by no test at all, or by none in which an account goes by the product's profile. */
export interface Missing {
  readonly id: string;
  readonly why: 'no_test' | 'no_profile_test';
}

const ID = /\b[FCSLD]-\d{2}\b/g;
const RANGE = /\b([FCSLD])-(\d{2}) to \1-(\d{2})\b/g;

/** Where an account goes by the rules of a product: tests of its profile on the server, and the walk through its panel in a browser. */
const PROFILE_TEST = /^test\/(?:server\/profiles\/[^/]+\.test|flows\/profiles\.flow\.test)\.ts$/;

/** "C-09 to C-11" names C-10, too. */
export function idsIn(name: string): readonly string[] {
  const between = [...name.matchAll(RANGE)].flatMap(([, product = '', first, last]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => idOf(product, Number(first) + index)),
  );
  return [...new Set([...(name.match(ID) ?? []), ...between])];
}

function idOf(product: string, number: number): string {
  return `${product}-${String(number).padStart(2, '0')}`;
}

/** The table test/requirements/ids.csv. */
export function readRequirements(csv: string): readonly Requirement[] {
  // csv-parse types cells as unknown; with `columns: true` each row has the three headers.
  const rows = parse(csv, { columns: true }) as readonly { id: string; rank: string; requirement: string }[];
  return rows.map(({ id, rank, requirement }) => {
    if (rank !== 'M' && rank !== 'S' && rank !== 'N') throw new Error(`${id} has the rank "${rank}"`);
    return { id, rank, text: requirement };
  });
}

/** A string after `test(`, `it(`, `describe(` or a table of cases; what is skipped proves nothing. */
const NAME = /(?:\b(?:test|it|describe)|(?:\]|\] as const|\)))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
const SKIPPED = /\b(?:test|it|describe)\.(?:skip|todo)\b/;

export function namesOfTests(file: { readonly path: string; readonly source: string }): readonly NamedTest[] {
  if (SKIPPED.test(file.source)) throw new Error(`${file.path} skips tests: it is not known which`);
  return [...file.source.matchAll(NAME)].map(([, , name = '']) => ({ file: file.path, name }));
}

export function proved(
  requirements: readonly Requirement[],
  tests: readonly NamedTest[],
): { readonly requirements: readonly ProvedRequirement[]; readonly unknownIds: readonly string[] } {
  const byId = new Map<string, NamedTest[]>();
  for (const test of tests) {
    for (const id of idsIn(test.name)) byId.set(id, [...(byId.get(id) ?? []), test]);
  }
  const known = new Set(requirements.map(({ id }) => id));
  return {
    requirements: requirements.map((requirement) => ({ ...requirement, tests: byId.get(requirement.id) ?? [] })),
    unknownIds: [...byId.keys()].filter((id) => !known.has(id)),
  };
}

export function missingOf(requirements: readonly ProvedRequirement[]): readonly Missing[] {
  return requirements
    .filter(({ rank }) => rank === 'M')
    .flatMap(({ id, tests }): readonly Missing[] => {
      if (tests.length === 0) return [{ id, why: 'no_test' }];
      return tests.some(({ file }) => PROFILE_TEST.test(file)) ? [] : [{ id, why: 'no_profile_test' }];
    });
}
