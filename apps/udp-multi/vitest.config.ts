import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@socklab/source', 'node', 'module', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // A bound, not a wait: real processes start slowly on a busy machine, and every wait ends earlier with its own message.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    // What memory a test measures is what is left after a collection.
    execArgv: ['--expose-gc'],
  },
});
