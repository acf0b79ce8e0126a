/** A small disk of a test's own (ext4 on a loop device) that can be full, and lose its power. Linux, and only as root. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH: what was not synced is gone (linux/fs/ext4/ext4.h). */
const SHUTDOWN_REQUEST = 0x8004587d;
const NO_LOG_FLUSH = 2;
const PYTHON = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), ${SHUTDOWN_REQUEST}, struct.pack('I', ${NO_LOG_FLUSH}))
`;
const C = `
#include <fcntl.h>
#include <sys/ioctl.h>
int main(int count, char **words) {
  unsigned flags = ${NO_LOG_FLUSH};
  return count < 2 || ioctl(open(words[1], O_RDONLY), ${SHUTDOWN_REQUEST}UL, &flags) != 0;
}
`;

export interface DiskNeeds {
  readonly canLosePower: boolean;
}

export class FaultDisk {
  /** Where the disk is. */
  readonly folder: string;
  readonly #home: string;
  readonly #image: string;
  readonly #undertaker: ChildProcess;

  private constructor(home: string) {
    this.#home = home;
    this.folder = join(home, 'disk');
    this.#image = join(home, 'image');
    this.#undertaker = buryWithUs(home);
  }

  /** Why such a disk cannot be had here, in one line; null when it can. */
  static missing({ canLosePower }: DiskNeeds): string | null {
    if (process.platform !== 'linux') return `loop-mounted ext4 is for Linux, and this is ${process.platform}`;
    if (process.getuid?.() !== 0) return 'only root may mount a disk';
    const lacks = ['mkfs.ext4', 'mount', 'umount'].find((program) => !isThere(program));
    if (lacks) return `there is no ${lacks}`;
    if (canLosePower && !isThere('python3') && !isThere('cc')) {
      return 'neither python3 nor cc is there to make the ioctl that takes the power away';
    }
    return mountRefusal();
  }

  static make({ sizeMiB }: { readonly sizeMiB: number }): FaultDisk {
    const disk = new FaultDisk(mkdtempSync(join(tmpdir(), 'credit-phone-disk-')));
    const image = openSync(disk.#image, 'w');
    ftruncateSync(image, sizeMiB * 1_048_576);
    closeSync(image);
    mkdirSync(disk.folder);
    run('mkfs.ext4', '-q', '-F', '-m', '0', disk.#image);
    disk.plugIn();
    return disk;
  }

  plugIn(): void {
    run('mount', '-o', 'loop', this.#image, this.folder);
  }

  /** What was written and not synced is gone; everything fails from now on until it is unplugged and plugged in again. */
  cutPower(): void {
    if (isThere('python3')) {
      run('python3', '-c', PYTHON, this.folder);
      return;
    }
    const program = join(this.#home, 'cut-power');
    writeFileSync(`${program}.c`, C);
    run('cc', '-o', program, `${program}.c`);
    run(program, this.folder);
  }

  /** Needs that nobody uses it any more. */
  unplug(): void {
    run('umount', this.folder);
  }

  remove(): void {
    // Lazily: a process that was killed a moment ago may not be gone yet.
    spawnSync('umount', ['-l', this.folder], { stdio: 'ignore' });
    rmSync(this.#home, { recursive: true, force: true });
    this.#undertaker.stdin?.end();
  }
}

/** A shell that unmounts and removes the disk as soon as this process is gone, by whatever end. */
function buryWithUs(home: string): ChildProcess {
  const script = 'cat >/dev/null; umount -l "$0/disk" 2>/dev/null; rm -rf --one-file-system "$0"';
  const undertaker = spawn('/bin/sh', ['-c', script, home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  undertaker.unref();
  return undertaker;
}

function isThere(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
}

/** Root in a container may not be allowed to mount: only trying tells. */
function mountRefusal(): string | null {
  try {
    const disk = FaultDisk.make({ sizeMiB: 4 });
    disk.unplug();
    disk.remove();
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `a disk cannot be mounted here (${words.trim().split('\n').at(-1)})`;
  }
}

function run(program: string, ...words: readonly string[]): void {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
