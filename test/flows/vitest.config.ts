import { defineConfig } from 'vitest/config';

/** Stories through the whole stack: a real server process, real SIP, real audio, one at a time because they share two cores. */
export default defineConfig({
  test: {
    include: ['test/flows/**/*.flow.test.ts'],
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // Two browsers and two servers share the cores: what is not measured may take its time.
    expect: { poll: { timeout: 5_000 } },
  },
});
