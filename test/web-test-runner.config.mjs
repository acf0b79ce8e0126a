/** Element and line tests in a real Chromium: `npm run test:elements`. */

import { existsSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { findChromium } from './support/find-chromium.ts';
import { webTestRunnerReporter } from './support/web-test-runner-reporter.ts';

const chromium = await findChromium();
const linePlugin = new URL('./support/line-server-plugin.ts', import.meta.url);
const plugins = existsSync(linePlugin) ? [(await import(linePlugin.href)).lineServerPlugin()] : [];

export default {
  rootDir: new URL('..', import.meta.url).pathname,
  files: process.env.WTR_FILES ?? 'test/src/**/*.browser.test.ts',
  nodeResolve: { exportConditions: ['browser', 'development'] },
  concurrency: 1,
  testFramework: { config: { timeout: 30_000 } },
  // The gallery has hundreds of tests; each has its own limit above.
  testsFinishTimeout: 600_000,
  reporters: [defaultReporter(), webTestRunnerReporter()],
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: new URL('../tsconfig.json', import.meta.url).pathname,
    }),
    ...plugins,
  ],
  browsers: [
    playwrightLauncher({
      product: 'chromium',
      launchOptions: {
        executablePath: chromium.executablePath,
        args: [...chromium.args],
        env: { ...process.env, ...chromium.env },
      },
    }),
  ],
};
