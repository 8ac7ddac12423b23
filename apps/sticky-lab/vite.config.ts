import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: `${import.meta.dirname}/web`,
  // The page may stand behind a path of a proxy.
  base: './',
  resolve: { conditions: ['@socklab/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
