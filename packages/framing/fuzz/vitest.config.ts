import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@socklab/source', 'node', 'module', 'default'] } },
  // Each property stops by itself after FUZZ_SECONDS.
  test: { include: ['fuzz/**/*.fuzz.ts'], testTimeout: 600_000 },
});
