/**
 * Builds the widget and the demo page with Vite on start, so that `npm start` works from a fresh clone and always shows the sources as
 * they are. The server answers meanwhile; whoever asks for a script waits for the build.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { slimSip } from '../../src/bundle/slim-sip.ts';
import { slimTemplates } from '../../src/bundle/slim-templates.ts';

const root = resolve(import.meta.dirname, '..', '..');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

export interface BuiltPage {
  /** The file for a path of the page, null when there is none. Waits for the build where it has to. */
  file(path: string): Promise<PageFile | null>;
  /** Resolves when the page is built; rejects with the builder's own words. */
  readonly ready: Promise<void>;
}

/** Starts the build into memory; nothing is written to disk. */
export function buildPage(): BuiltPage {
  const built = bundle();
  return { ready: built.then(() => undefined), file: (path) => pageFile(path, built) };
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { build } = await import('vite');
  const output = await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [slimSip(), slimTemplates()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: {
          'credit-phone': join(root, 'src/index.ts'),
          page: join(root, 'demo/page/page.ts'),
          'scenario-player': join(root, 'demo/page/scenario-player.ts'),
        },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js' },
      },
    },
  });
  const bundles = (Array.isArray(output) ? output : [output]).filter((result) => 'output' in result);
  return new Map(
    bundles.flatMap((result) =>
      result.output.flatMap((file) => (file.type === 'chunk' ? [[`/${file.fileName}`, file.code] as const] : [])),
    ),
  );
}

async function pageFile(path: string, built: Promise<ReadonlyMap<string, string>>): Promise<PageFile | null> {
  if (path === '/') return read(join(root, 'demo/index.html'));
  if (path === '/scenarios') return read(join(root, 'demo/scenarios.html'));
  if (path === '/demo.css') return read(join(root, 'demo/page/demo.css'));
  if (!path.endsWith('.js')) return null;
  const code = (await built).get(path);
  return code === undefined ? null : { content: new TextEncoder().encode(code), contentType: contentType('.js') };
}

async function read(file: string): Promise<PageFile> {
  return { content: new Uint8Array(await readFile(file)), contentType: contentType(extname(file)) };
}

function contentType(extension: string): string {
  return CONTENT_TYPES[extension] ?? 'application/octet-stream';
}
