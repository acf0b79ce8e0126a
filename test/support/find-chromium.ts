/**
 * A Chromium to test in, without root and without apt: $CHROME_PATH, else one that is installed, else the one that comes as an npm
 * package. `npm test` says in one sentence what to do when there is none.
 */
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Chromium {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A microphone that beeps, no permission prompt, sound without a gesture, calls on a machine that only has a loopback. */
const TEST_ARGUMENTS = [
  '--no-sandbox',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
] as const;

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
] as const;

export async function findChromium(environment: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const named = environment.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`CHROME_PATH names ${named}, which is not a program that can be run.`);
    return chromium(named);
  }
  const installed = INSTALLED.find(isExecutable);
  return installed === undefined ? packagedChromium() : chromium(installed);
}

function chromium(executablePath: string, env: Readonly<Record<string, string>> = {}): Chromium {
  return { executablePath, args: TEST_ARGUMENTS, env };
}

/** The package unpacks its libraries (nss and friends) only where it believes to be on its home platform. */
async function packagedChromium(): Promise<Chromium> {
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    return chromium(executablePath, {
      LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib'),
      FONTCONFIG_PATH: join(tmpdir(), 'fonts'),
    });
  } catch (cause) {
    throw new Error(
      'No browser to test in: install Chromium or Chrome, or name one in CHROME_PATH (the packaged one could not be unpacked).',
      { cause },
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
