import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@socklab/source', 'node', 'module', 'default'] } },
  // A bound, not a wait: real processes start slowly on a busy machine, and every wait ends earlier with its own message.
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
