import { defineConfig } from 'vitest/config';
import { slimSip } from './src/bundle/slim-sip.ts';
import { slimTemplates } from './src/bundle/slim-templates.ts';

/**
 * What is needed together travels together: one file compresses a tenth better than many, and is there sooner. Each takes its entry's
 * dependencies along, the first in the list first; everything else stays with the click that needs it.
 */
const CHUNKS = [
  {
    name: 'money',
    test: /src[\\/](protocol[\\/](money|duration|role|credit-level)|phone[\\/]first-snapshot)\.ts$/,
    priority: 4,
  },
  { name: 'first-paint', test: /src[\\/]index\.ts$/, priority: 3 },
  // The phone without elements, for those who import it alone: nothing of it may end up beside an element.
  { name: 'phone', test: /src[\\/]connect-phone\.ts$/, priority: 2 },
  {
    name: 'calling',
    test: /src[\\/]elements[\\/](call-stage|phone-link|later-messages|later-icons)\.ts$/,
    priority: 1,
  },
];

export default defineConfig({
  plugins: [slimSip(), slimTemplates()],
  build: {
    target: 'es2022',
    lib: {
      entry: {
        'credit-phone': 'src/index.ts',
        'connect-phone': 'src/connect-phone.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: {
      output: {
        chunkFileNames: '[name]-[hash].js',
        // Without this a library build keeps its white space and comments: 8 % of what goes over the wire.
        minify: true,
        comments: { annotation: false },
        codeSplitting: { groups: CHUNKS },
      },
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/src/elements/**',
      'test/src/**/*.browser.test.ts',
      'test/flows/**',
      'test/faults/**',
      'node_modules/**',
    ],
    // PostgreSQL, for the tests that ask for it.
    globalSetup: ['test/support/postgres-global-setup.ts'],
    testTimeout: 20_000,
    // The first who asks waits until PostgreSQL has started.
    hookTimeout: 60_000,
  },
});
