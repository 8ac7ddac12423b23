import { defaultClientConditions, defineConfig, runnerImport } from 'vite';
import type { Plugin } from 'vite';

const SOURCE = '@socklab/source';

/** Imports a module of the workspace from its source, as the page does: nothing has to be built before. */
async function fromSource<Module>(id: string): Promise<Module> {
  const resolve = { conditions: [SOURCE], noExternal: [/^@socklab\//] };
  const { module } = await runnerImport<Module>(id, { environments: { inline: { resolve } } });
  return module;
}

/** What lists of framings say is known when the page is built: for names alone it loads no framing. */
const listsAsTheyAre: Plugin = {
  name: 'framing-lists',
  async load(id) {
    if (!id.endsWith('/src/framing-lists.ts')) return undefined;
    const module = await fromSource<Readonly<Record<string, readonly string[]>>>(id);
    return Object.entries(module)
      .map(([name, list]) => `export const ${name} = ${JSON.stringify(list)};`)
      .join('\n');
  },
};

export default defineConfig({
  root: `${import.meta.dirname}/web`,
  // The page may stand behind a path of a proxy.
  base: './',
  plugins: [listsAsTheyAre],
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What is shown together is compressed together: small chunks of their own cost a tenth more.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'shared',
              test: /web\/(?:controls\/(?!framing)|app|views\/doors|shell\/(?!events\/hub))|playground\/run-model|framing-lists|preload-helper/,
            },
            { name: 'picture', test: /web\/picture|lab\/src\/picture/ },
            { name: 'lessons', test: /views\/home\/|(?:views|pages)\/lessons\// },
            { name: 'try', test: /(?:views|pages)\/(?:playground|exercises)\/|src\/exercises/ },
            { name: 'program', test: /(?:views|pages)\/(?:chat|proxy\/(?!throughput\/chart)|probe)/ },
            { name: 'codec', test: /(?:views|pages)\/codec\/(?!capture\/wire|wire-)|framing\/src/ },
          ],
        },
      },
    },
  },
});
