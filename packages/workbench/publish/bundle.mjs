import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const CONDITIONS = ['@socklab/source', 'node', 'module', 'default'];

/**
 * Bundles a program, with all its imports, into one folder: it installs without dependencies.
 *
 * @param page the vite configuration of a page, which is built into its folder `web`
 * @param entries files below `root`, by their names in `outDir`
 */
export async function bundle({ root, entries, outDir, page }) {
  const modules = new Set();
  const plugins = [{ name: 'modules', moduleParsed: ({ id }) => void modules.add(id) }];
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    resolve: { conditions: CONDITIONS },
    ssr: { noExternal: true, target: 'node', resolve: { conditions: CONDITIONS } },
    build: {
      ssr: true,
      target: 'node22',
      outDir,
      emptyOutDir: false,
      rolldownOptions: { input: entries, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
    },
    plugins,
  });
  if (page !== undefined) await build({ configFile: page, logLevel: 'error', build: { outDir: join(outDir, 'web') }, plugins });
  await writeFile(join(outDir, 'THIRD-PARTY-NOTICES.txt'), await noticesOf(modules));
}

/** The licences of the bundled packages: each must be shipped with its code. */
async function noticesOf(modules) {
  const folders = new Set();
  for (const id of modules) {
    const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ''));
    if (match !== null) folders.add(await realpath(match[1]).catch(() => match[1]));
  }
  const notices = await Promise.all([...folders].toSorted((a, b) => (a < b ? -1 : 1)).map(noticeOf));
  return `${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return `${name}@${version} (${license})\n\n${texts.join('\n').trim()}\n`;
}
