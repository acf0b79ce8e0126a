/**
 * The widget's files as `npm run build` made them, so that a host page needs this server's address and nothing else. Public, for pages of
 * any origin: what a page may do with the gate is decided by CORS_ORIGINS and its token.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** What a host page names. All other files have their content's hash in their name, and so never change. */
const ENTRIES = ['credit-phone.js', 'connect-phone.js'];
/** In the folder itself: no path leads out of it or below. */
const FILE_PATH = /^\/([\w-]+\.js)$/;
const COMPRESSION = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

/** Only for pages that were told this server's name: any origin may load the code, as from a content delivery network. */
const HEADERS = {
  'access-control-allow-origin': '*',
  'content-type': 'text/javascript; charset=utf-8',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
  vary: 'accept-encoding',
};
const UNCHANGING = 'public, max-age=31536000, immutable';
/** Asked for again each time, and then mostly answered by 304. */
const CHECKED = 'no-cache';

interface WidgetFile {
  /** By which a file that was built anew is found out. */
  readonly changedAtMs: number;
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
}

/**
 * Answers null for whatever is none of the widget's files. `folder`: where the build is, or will be: it may be made while the server runs.
 */
export function createWidgetFiles(folder: string): (request: Request) => Promise<Response | null> {
  const files = new Map<string, WidgetFile>();
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    const name = FILE_PATH.exec(new URL(request.url).pathname)?.[1];
    if (name === undefined) return null;
    const file = await currentFile(join(folder, name), files);
    if (file) return answerOf(request, { file, isEntry: ENTRIES.includes(name) });
    return ENTRIES.includes(name) ? notBuilt() : null;
  };
}

async function currentFile(path: string, files: Map<string, WidgetFile>): Promise<WidgetFile | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const known = files.get(path);
  if (known?.changedAtMs === found.mtimeMs) return known;
  const plain = new Uint8Array(await readFile(path));
  const brotli = new Uint8Array(await promisify(brotliCompress)(plain, COMPRESSION));
  const etag = `"${createHash('sha256').update(plain).digest('base64url')}"`;
  const file = { changedAtMs: found.mtimeMs, etag, plain, brotli };
  files.set(path, file);
  return file;
}

function answerOf(
  request: Request,
  { file, isEntry }: { readonly file: WidgetFile; readonly isEntry: boolean },
): Response {
  const headers = { ...HEADERS, etag: file.etag, 'cache-control': isEntry ? CHECKED : UNCHANGING };
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
  const takesBrotli = /\bbr\b/.test(request.headers.get('accept-encoding') ?? '');
  return takesBrotli
    ? new Response(file.brotli, { headers: { ...headers, 'content-encoding': 'br' } })
    : new Response(file.plain, { headers });
}

/** Readable for whoever opens the address to see why the phone is not there; a browser runs no script of a 404. */
function notBuilt(): Response {
  const words = 'The widget is not built here yet: "npm run build" makes its files, also while the server runs.\n';
  return new Response(words, {
    status: 404,
    headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
