import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@socklab/source', 'node', 'module', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Longer than any wait of this package, so that a wait fails first and says what came instead.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
