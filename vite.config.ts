import { defineConfig } from 'vitest/config';
import { slimSip } from './bundle/slim-sip.ts';

export default defineConfig({
  plugins: [slimSip()],
  build: {
    target: 'es2022',
    lib: {
      entry: {
        'credit-phone': 'src/index.ts',
        'connect-phone': 'src/connect-phone.ts',
      },
      formats: ['es'],
    },
    // Without this a library build keeps its white space and comments: 8 % of what goes over the wire.
    rolldownOptions: { output: { chunkFileNames: '[name]-[hash].js', minify: true } },
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/src/elements/**', 'test/src/**/*.browser.test.ts', 'test/flows/**', 'node_modules/**'],
    testTimeout: 20_000,
  },
});
