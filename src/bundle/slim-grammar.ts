/**
 * SIP.js's grammar is byte code of PEG.js: numbered rules that call each other, and a table of constants. This leaves out the rules, and
 * the constants, that none of the start rules in use reaches. An unknown start rule or operation fails the build.
 */
import { type ESTree, parseSync, Visitor } from 'vite';

/** What SIP.js asks its grammar for: start lines, addresses, and the headers that it reads. Not: subscriptions, timers, STUN addresses. */
export const START_RULES = [
  ...[
    'Request_Response',
    'SIP_URI',
    'absoluteURI',
    'uuid',
    'Name_Addr_Header',
    'Record_Route',
    'Contact',
    'Via',
    'From',
    'To',
  ],
  ...['Call_ID', 'CSeq', 'Max_Forwards', 'Content_Length', 'Content_Type', 'Content_Disposition'],
  ...['WWW_Authenticate', 'Proxy_Authenticate', 'Event', 'Refer_To', 'Replaces'],
] as const;

/** Length of each operation with its arguments, by its number in PEG.js. CALL is longer by as many as its parameters. */
const LENGTHS = [2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 2, 1, 3, 3, 3, 2, 3, 4, 4, 4, 2, 2, 2, 2, 1, 4, 2, 1, 1];
const CALL = 26;
const RULE = 27;
/** PUSH, MATCH_STRING, MATCH_STRING_IC, MATCH_REGEXP, ACCEPT_STRING, FAIL, CALL: their first argument is a constant. */
const WITH_CONSTANT: ReadonlySet<number> = new Set([0, 18, 19, 20, 22, 23, CALL]);

interface Operation {
  readonly name: number;
  readonly argument: number;
}

export function withoutUnusedRules(path: string, code: string): string {
  const tables = new Map<string, ESTree.Expression>();
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (id.type === 'Identifier' && init !== null) tables.set(id.name, init);
    },
  }).visit(parseSync(path, code).program);
  const bytecode = elementsOf(tables.get('peg$bytecode'));
  const rules = bytecode.map(operationsOf);
  const kept = reachable(rules, startsOf(tables.get('peg$startRuleIndices')));
  const constants = new Set(
    [...kept]
      .flatMap((rule) => (rules[rule] ?? []).filter(({ name }) => WITH_CONSTANT.has(name)))
      .map(({ argument }) => argument),
  );
  const gone = [
    ...bytecode.filter((_rule, index) => !kept.has(index)),
    ...elementsOf(tables.get('peg$consts')).filter((_constant, index) => !constants.has(index)),
  ];
  return gone
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => `${text.slice(0, start)}0${text.slice(end)}`, code);
}

function elementsOf(table: ESTree.Expression | undefined): { readonly start: number; readonly end: number }[] {
  if (table?.type !== 'ArrayExpression') throw new Error("SIP.js's grammar is no byte code any more.");
  return table.elements.filter((element) => element !== null);
}

function startsOf(table: ESTree.Expression | undefined): number[] {
  if (table?.type !== 'ObjectExpression') throw new Error("SIP.js's grammar has no start rules any more.");
  const indices = new Map(
    table.properties.flatMap((property) =>
      property.type === 'Property' && property.key.type === 'Identifier' && property.value.type === 'Literal'
        ? [[property.key.name, Number(property.value.value)] as const]
        : [],
    ),
  );
  return START_RULES.map((name) => {
    const index = indices.get(name);
    if (index === undefined) throw new Error(`SIP.js's grammar has no rule ${name} any more.`);
    return index;
  });
}

/** peg$decode("...") as operations. */
function operationsOf(element: object): Operation[] {
  // The elements of an array literal are expressions; what kind is asked right here.
  const node = element as ESTree.Expression;
  const text = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  if (text?.type !== 'Literal' || typeof text.value !== 'string')
    throw new Error("SIP.js's grammar is coded in another way now.");
  const codes = [...text.value].map((letter) => letter.charCodeAt(0) - 32);
  const operations: Operation[] = [];
  for (let at = 0; at < codes.length; ) {
    const name = codes[at] ?? -1;
    const length = LENGTHS[name];
    if (length === undefined) throw new Error(`SIP.js's grammar has an operation ${name}.`);
    operations.push({ name, argument: codes[at + 1] ?? 0 });
    at += name === CALL ? length + (codes[at + 3] ?? 0) : length;
  }
  return operations;
}

function reachable(rules: readonly (readonly Operation[])[], starts: readonly number[]): Set<number> {
  const found = new Set<number>();
  const waiting = [...starts];
  for (let rule = waiting.pop(); rule !== undefined; rule = waiting.pop()) {
    if (found.has(rule)) continue;
    found.add(rule);
    waiting.push(...(rules[rule] ?? []).filter(({ name }) => name === RULE).map(({ argument }) => argument));
  }
  return found;
}
