/**
 * A file that arrives piece by piece on its way to the person. Where it is large and the browser can (File System Access), it is written to
 * the disk as it comes, and memory stays small; elsewhere it is a download of a Blob.
 */
import { type Download, downloadInBrowser } from './save-file.ts';

/** Rows above which a place on the disk is asked for; below, a plain download spares the person the question. */
export const LARGE_FROM_ROWS = 50_000;

export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole: only now it is there under its name. */
  finish(): Promise<void>;
  /** Nothing of it stays. */
  discard(): Promise<void>;
}

/** What of File System Access is used here; TypeScript's DOM does not have the picker yet. */
interface PickingWindow {
  showSaveFilePicker(options: {
    readonly suggestedName: string;
    readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
  }): Promise<FileSystemFileHandle>;
}

/** Null when the person was asked for a place and wanted none. Must be called in the click: browsers ask for nothing else. */
export async function openFileSink(file: {
  readonly name: string;
  readonly expectedRows: number | null;
  readonly download?: Download | undefined;
}): Promise<FileSink | null> {
  const isLarge = file.expectedRows !== null && file.expectedRows >= LARGE_FROM_ROWS;
  const world: object = globalThis;
  if (!isLarge || !hasPicker(world)) return memorySink(file);
  try {
    const accept = { 'text/csv': ['.csv'] };
    const handle = await world.showSaveFilePicker({ suggestedName: file.name, types: [{ accept }] });
    return diskSink(await handle.createWritable());
  } catch (cause) {
    // Forbidden here (a frame, a policy): the way that always works is left.
    return cause instanceof DOMException && cause.name === 'AbortError' ? null : memorySink(file);
  }
}

function hasPicker(world: object): world is PickingWindow {
  return 'showSaveFilePicker' in world;
}

function diskSink(stream: FileSystemWritableFileStream): FileSink {
  return {
    write: (bytes) => stream.write(bytes),
    finish: () => stream.close(),
    discard: () => stream.abort(),
  };
}

function memorySink({
  name,
  download = downloadInBrowser,
}: {
  readonly name: string;
  readonly download?: Download | undefined;
}): FileSink {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    write: async (bytes) => void parts.push(bytes),
    finish: async () => download({ name, content: new Blob(parts, { type: 'text/csv;charset=utf-8' }) }),
    discard: async () => {
      parts = [];
    },
  };
}
