// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source code under test is text here.
/** The indentation of Lit's templates is for us, not for the wire. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutIndentation } from '../../../src/bundle/slim-templates.ts';

const elements = resolve(import.meta.dirname, '..', '..', '..', 'src', 'elements');

describe('templates in the build', () => {
  test('lose the indentation of css, html and svg, around and between their values', () => {
    const code =
      'const a = html`\n    <p>\n      ${b}\n    </p>\n  `; const c = css`\n  :host {\n    color: red;\n  }`;';
    expect(withoutIndentation('a.js', code)).toBe(
      'const a = html`\n<p>\n${b}\n</p>\n`; const c = css`\n:host {\ncolor: red;\n}`;',
    );
  });

  test('lose the comments of css, and of css alone', () => {
    expect(withoutIndentation('a.js', 'css`a{}/* why\n */b{}`; html`<p>/* text */</p>`')).toBe(
      'css`a{}b{}`; html`<p>/* text */</p>`',
    );
  });

  test('are slimmed within each other as well', () => {
    expect(withoutIndentation('a.js', 'html`\n  ${a ? html`\n    <b>1</b>` : ""}\n  <i></i>`')).toBe(
      'html`\n${a ? html`\n<b>1</b>` : ""}\n<i></i>`',
    );
  });

  test('keep the spaces within a line, and other strings keep everything', () => {
    const code = 'html`<p>two  spaces</p>`; say`\n  as it is`; const text = `\n  as it is`;';
    expect(withoutIndentation('a.js', code)).toBe(code);
  });

  test('may lose it: no stylesheet shows white space', () => {
    const keeping = readdirSync(elements).filter((file) =>
      /white-space:\s*(pre|break)|<pre|<textarea[^>]*>[^<]*\n/.test(readFileSync(join(elements, file), 'utf8')),
    );
    expect(keeping).toEqual([]);
  });
});
