/** The custom elements manifest of <credit-phone>, made afresh from its sources. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

export interface ElementManifest {
  readonly tagName: string;
  readonly attributes: readonly Described[];
  readonly events: readonly Described[];
  readonly cssParts: readonly Described[];
  readonly cssProperties: readonly Described[];
  readonly members: readonly (Described & { readonly kind: 'field' | 'method'; readonly privacy?: string })[];
}

const ROOT = resolve(import.meta.dirname, '../..');
/** Git-ignored, inside the project: the analyzer takes no other folder. */
const FOLDER = '.data/manifest';

export function readElementManifest(): ElementManifest {
  const analyzer = join(ROOT, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
  const config = 'test/docs/custom-elements-manifest.config.mjs';
  execFileSync(process.execPath, [analyzer, 'analyze', '--config', config, '--outdir', FOLDER], {
    cwd: ROOT,
    stdio: 'pipe',
  });
  // The shape is the analyzer's schema (customElements 1.0); the tests that use it fail on any gap.
  const manifest = JSON.parse(readFileSync(join(ROOT, FOLDER, 'custom-elements.json'), 'utf8')) as {
    modules: { declarations?: ElementManifest[] }[];
  };
  const element = manifest.modules
    .flatMap((module) => module.declarations ?? [])
    .find((declaration) => declaration.tagName === 'credit-phone');
  if (!element) throw new Error('The manifest has no credit-phone.');
  return element;
}

/** Properties and methods that are for hosts. */
export function publicMembers(element: ElementManifest, kind: 'field' | 'method'): readonly Described[] {
  return element.members.filter((member) => member.kind === kind && member.privacy !== 'private' && member.description);
}
