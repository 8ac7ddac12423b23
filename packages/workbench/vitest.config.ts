import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@socklab/source', 'node', 'module', 'default'] } },
  test: { include: ['test/**/*.test.ts'] },
});
