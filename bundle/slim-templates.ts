/**
 * Takes the indentation out of the templates of Lit: browsers read `css` and `html` the same with one line break, and no stylesheet of ours
 * keeps white space (white-space: pre). Only line breaks with the spaces after them go; text within a line stays.
 */
import { type Plugin, parseSync, Visitor } from 'vite';

const TAGS: ReadonlySet<string> = new Set(['css', 'html', 'svg']);

export function slimTemplates(): Plugin {
  return {
    name: 'slim-templates',
    apply: 'build',
    // After TypeScript has become JavaScript.
    enforce: 'post',
    transform(code, id) {
      return /[\\/]src[\\/]elements[\\/]/.test(id) ? { code: withoutIndentation(id, code), map: null } : null;
    },
  };
}

export function withoutIndentation(path: string, code: string): string {
  const parts: { readonly start: number; readonly end: number }[] = [];
  const parsed = parseSync(path, code);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path} can't be read: ${error.message}`);
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type === 'Identifier' && TAGS.has(tag.name)) parts.push(...quasi.quasis);
    },
  }).visit(parsed.program);
  return parts
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + collapsed(text.slice(start, end)) + text.slice(end), code);
}

function collapsed(text: string): string {
  return text.replace(/\n\s+/g, '\n');
}
