import { defineConfig } from 'vitest/config';

/** Faults of disks, processes, databases and the ways between them. One at a time: each loads the machine by itself. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.fault.test.ts'],
    fileParallelism: false,
    // More rounds take more time.
    testTimeout: 120_000 + Number(process.env.FAULT_ROUNDS ?? 0) * 15_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
