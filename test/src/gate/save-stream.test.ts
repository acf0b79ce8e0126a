/** Where a file goes: a download for most, the disk itself for large ones where the browser can, and always the way that works. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LARGE_FROM_ROWS, openFileSink } from '../../../src/gate/save-stream.ts';

/** A disk, as File System Access shows it: what is written is there once it is closed. */
class FakeDisk {
  readonly files = new Map<string, string>();
  readonly asked: string[] = [];

  picker = async ({ suggestedName }: { readonly suggestedName: string }) => {
    this.asked.push(suggestedName);
    let written = '';
    const stream = {
      write: async (bytes: Uint8Array) => {
        written += new TextDecoder().decode(bytes);
      },
      close: async () => void this.files.set(suggestedName, written),
      abort: async () => {
        written = '';
      },
    };
    return { createWritable: async () => stream };
  };
}

const downloads: { readonly name: string; readonly content: Blob }[] = [];
const download = (file: (typeof downloads)[number]): void => void downloads.push(file);
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const LARGE = { name: 'march.csv', expectedRows: LARGE_FROM_ROWS, download };

function withPicker(picker: (options: { readonly suggestedName: string }) => Promise<unknown>): void {
  vi.stubGlobal('showSaveFilePicker', picker);
}

afterEach(() => {
  vi.unstubAllGlobals();
  downloads.length = 0;
});

describe('a large file', () => {
  test('is written to the disk while it comes, and is there under its name once it is whole', async () => {
    const disk = new FakeDisk();
    withPicker(disk.picker);
    const sink = await openFileSink(LARGE);
    await sink?.write(bytes('a,b\r\n'));
    await sink?.write(bytes('1,2\r\n'));
    expect([disk.asked, disk.files.size]).toEqual([['march.csv'], 0]);
    await sink?.finish();
    expect([disk.files.get('march.csv'), downloads]).toEqual(['a,b\r\n1,2\r\n', []]);
  });

  test('that is stopped leaves nothing', async () => {
    const disk = new FakeDisk();
    withPicker(disk.picker);
    const sink = await openFileSink(LARGE);
    await sink?.write(bytes('half'));
    await sink?.discard();
    expect(disk.files.size).toBe(0);
  });

  test('for which somebody wants no place is not fetched at all', async () => {
    withPicker(async () => {
      throw new DOMException('The user aborted a request.', 'AbortError');
    });
    expect(await openFileSink(LARGE)).toBeNull();
  });

  test('is a download where the browser does not let the page ask, or cannot', async () => {
    withPicker(async () => {
      throw new DOMException('Cross origin sub frames are not allowed.', 'SecurityError');
    });
    const refused = await openFileSink(LARGE);
    await refused?.write(bytes('a'));
    await refused?.finish();
    vi.unstubAllGlobals();
    const unable = await openFileSink(LARGE);
    await unable?.write(bytes('b'));
    await unable?.finish();
    expect(await Promise.all(downloads.map(({ content }) => content.text()))).toEqual(['a', 'b']);
    expect(downloads[0]).toMatchObject({ name: 'march.csv', content: { type: 'text/csv;charset=utf-8' } });
  });
});

describe('a file of ordinary size', () => {
  test('is a download without a question, also where nobody has counted', async () => {
    const disk = new FakeDisk();
    withPicker(disk.picker);
    for (const expectedRows of [LARGE_FROM_ROWS - 1, null]) {
      const sink = await openFileSink({ ...LARGE, expectedRows });
      await sink?.write(bytes('x'));
      await sink?.finish();
    }
    expect([disk.asked, downloads.length]).toEqual([[], 2]);
  });

  test('that is stopped is none', async () => {
    const sink = await openFileSink({ ...LARGE, expectedRows: 1 });
    await sink?.write(bytes('x'));
    await sink?.discard();
    expect(downloads).toEqual([]);
  });
});
