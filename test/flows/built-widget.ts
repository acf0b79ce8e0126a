/** The widget as a host page gets it: the library build of this repository, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '..', '..');

export interface BuiltWidget {
  readonly folder: string;
  remove(): void;
}

export async function buildWidget(): Promise<BuiltWidget> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-widget-'));
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
