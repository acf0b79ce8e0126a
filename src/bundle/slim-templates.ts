/**
 * Takes the indentation out of the templates of Lit, and the comments out of its stylesheets: browsers read `css` and `html` the same with
 * one line break, and no stylesheet of ours keeps white space (white-space: pre). Only line breaks with the spaces after them go; text
 * within a line stays.
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
  const parts: { readonly start: number; readonly end: number; readonly isCss: boolean }[] = [];
  const parsed = parseSync(path, code);
  const [error] = parsed.errors;
  if (error) throw new Error(`${path} can't be read: ${error.message}`);
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== 'Identifier' || !TAGS.has(tag.name)) return;
      for (const { start, end } of quasi.quasis) parts.push({ start, end, isCss: tag.name === 'css' });
    },
  }).visit(parsed.program);
  return parts
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, isCss }) => {
      const part = text.slice(start, end);
      return text.slice(0, start) + collapsed(isCss ? withoutComments(part) : part) + text.slice(end);
    }, code);
}

function withoutComments(css: string): string {
  return css.replace(/\/\*.*?\*\//gs, '');
}

function collapsed(text: string): string {
  return text.replace(/\n\s+/g, '\n');
}
