/** A file that may change while the server runs (the policy). Looked at every second; a bad version leaves the last good one in force. */
import { type Stats, statSync } from 'node:fs';

const LOOK_EVERY_MS = 1_000;

export interface WatchedFile {
  stop(): void;
}

/**
 * Calls `load` when the file is another one than before (it was replaced or written to). Throws what `load` throws for the first
 * version; later failures go to `onError`. A file that is not there is not loaded.
 */
export function watchFile(
  path: string,
  { load, onError }: { readonly load: (path: string) => void; readonly onError: (error: unknown) => void },
): WatchedFile {
  let seen = versionOf(path);
  if (seen !== null) load(path);
  const timer = setInterval(() => {
    const now = versionOf(path);
    if (now === null || now === seen) return;
    seen = now;
    try {
      load(path);
    } catch (error) {
      onError(error);
    }
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function versionOf(path: string): string | null {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}
