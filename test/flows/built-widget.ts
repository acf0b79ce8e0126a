/** The widget as a host page gets it: the library build of this repository, in a folder of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..', '..');

export interface BuiltWidget {
  readonly folder: string;
  remove(): void;
}

/** `npm run build` into another folder, without the test runner's environment: that would build Lit for developers. */
export async function buildWidget(): Promise<BuiltWidget> {
  const folder = mkdtempSync(join(tmpdir(), 'credit-phone-widget-'));
  const { NODE_ENV: _ofTheRunner, ...env } = process.env;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', folder, '--logLevel', 'error'], {
    cwd: root,
    env,
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
