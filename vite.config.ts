import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { slimSip } from './src/bundle/slim-sip.ts';
import { slimTemplates } from './src/bundle/slim-templates.ts';
import { slimZod } from './src/bundle/slim-zod.ts';

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

/** Tests with a runner or a configuration of their own. */
const ELSEWHERE = [
  'test/src/elements/**',
  'test/src/**/*.browser.test.ts',
  'test/flows/**',
  'test/faults/**',
  'node_modules/**',
];

/** Tests that need a process, and the cores, for themselves. */
const ALONE = [
  // Real SIP and sound in real time.
  'test/demo/phone-network/*.test.ts',
  // They choose the store before anything is imported.
  'test/**/*-on-postgres.test.ts',
];

/** Vitest leaves a core to itself and takes what is left: one of two. These tests wait for disks and processes half of their time. */
const WORKERS = Math.max(2, availableParallelism());

export default defineConfig({
  plugins: [slimSip(), slimTemplates(), slimZod()],
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
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...ELSEWHERE, ...ALONE],
          // Loading what is tested takes longer than testing it: files of one worker share what they import.
          isolate: false,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: ELSEWHERE,
          maxWorkers: 1,
          // Of the tests of one file that run at once. They wait for the clock, not for a core.
          maxConcurrency: 10,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    // PostgreSQL, for the tests that ask for it.
    globalSetup: ['test/support/postgres-global-setup.ts'],
    // A busy machine may take its time: what is late by seconds is no failure, what never comes is one.
    testTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // The first who asks waits until PostgreSQL has started.
    hookTimeout: 120_000,
    // PostgreSQL of the run ends with it.
    teardownTimeout: 60_000,
  },
});
