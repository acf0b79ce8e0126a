/** Settings of a library that we set once and for all: written in, so that the minifier drops the code for every other setting. */
import { type ESTree, Visitor } from 'vite';
import { type Edit, edited, program } from './source-edits.ts';

/** Expression as it stands in the source -> what it always is. */
export type FixedValues = Readonly<Record<string, boolean | number>>;

/** Replaces every reading of these expressions. Throws when one of them is nowhere read: then somebody has to look. */
export function withFixedValues(path: string, code: string, fixed: FixedValues): string {
  const tree = program(path, code);
  const written = writtenIn(tree);
  const missing = new Set(Object.keys(fixed));
  const edits: Edit[] = [];
  const replace = ({ start, end }: ESTree.MemberExpression | ESTree.BinaryExpression) => {
    const text = code.slice(start, end);
    const value = Object.hasOwn(fixed, text) ? fixed[text] : undefined;
    if (value === undefined || written.has(start)) return;
    missing.delete(text);
    edits.push({ start, end, text: String(value) });
  };
  new Visitor({ MemberExpression: replace, BinaryExpression: replace }).visit(tree);
  if (missing.size > 0) throw new Error(`${path} has no ${[...missing].join(', ')} any more.`);
  return edited(code, edits);
}

function writtenIn(tree: ESTree.Program): Set<number> {
  const written = new Set<number>();
  new Visitor({
    AssignmentExpression({ left }) {
      written.add(left.start);
    },
    UpdateExpression({ argument }) {
      written.add(argument.start);
    },
  }).visit(tree);
  return written;
}
