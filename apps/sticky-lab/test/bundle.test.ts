import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Rolldown } from 'vite';

/** What others wrote. */
const LIBRARIES = ['uplot', 'uplot/dist/uPlot.min.css', 'preact', 'preact/hooks', 'preact/jsx-runtime', '@preact/signals'];
/** Of all of the page's own code. A tenth of it is what only layouts in files need: the bench takes them all. */
const MAX_OWN_BYTES = 133_000;
/** Of what is loaded before a view is chosen. */
const MAX_FIRST_BYTES = 20_000;
/** Of the landing page and of the lessons, with what is loaded before. */
const MAX_LEARNING_BYTES = 45_000;
/** Of any other view, with what is loaded before: the codec bench has every framing with it, and reads every layout. */
const MAX_VIEW_BYTES = 78_000;

type Output = Rolldown.RolldownOutput['output'];
type Chunk = Rolldown.OutputChunk;

/** The page as it is delivered, or without some modules. */
async function builtPage(external: readonly string[]): Promise<Output> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  vi.stubEnv('NODE_ENV', 'production');
  const output = await build({
    configFile: `${root}/vite.config.ts`,
    root: `${root}/web`,
    logLevel: 'warn',
    build: { write: false, rolldownOptions: { external: [...external] } },
  });
  vi.unstubAllEnvs();
  return (output as Rolldown.RolldownOutput).output;
}

function contentOf(file: Output[number]): string {
  return file.type === 'chunk' ? file.code : file.source.toString();
}

function gzipped(output: Output, isCounted: (name: string) => boolean): Readonly<Record<string, number>> {
  const files = output.filter(({ fileName }) => /\.(?:js|css)$/.test(fileName) && isCounted(fileName));
  return Object.fromEntries(files.map((file) => [file.fileName, gzipSync(contentOf(file)).length]));
}

/** A chunk, its style sheets, and all that it imports before it runs. */
function neededBy(chunk: Chunk, known: Set<string> = new Set()): ReadonlySet<string> {
  if (known.has(chunk.fileName)) return known;
  for (const name of [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]) known.add(name);
  for (const file of page) if (file.type === 'chunk' && chunk.imports.includes(file.fileName)) neededBy(file, known);
  return known;
}

function sum(sizes: Readonly<Record<string, number>>): number {
  return Object.values(sizes).reduce((total, bytes) => total + bytes, 0);
}

let page: Output;
let index: string;
beforeAll(async () => {
  page = await builtPage([]);
  index = contentOf(page.find(({ fileName }) => fileName === 'index.html')!);
});

test('the page’s own code has at most 133 kB, gzipped', async () => {
  const own = gzipped(await builtPage(LIBRARIES), () => true);
  expect(Object.keys(own).length).toBeGreaterThan(1);
  expect(sum(own), `make something of the page smaller, or raise MAX_OWN_BYTES and say why: ${JSON.stringify(own)}`).toBeLessThanOrEqual(
    MAX_OWN_BYTES,
  );
});

test('what the page loads before a view is chosen has at most 20 kB, gzipped', () => {
  const first = gzipped(page, (name) => index.includes(name));
  expect(Object.keys(first).length).toBeGreaterThan(1);
  expect(sum(first), JSON.stringify(first)).toBeLessThanOrEqual(MAX_FIRST_BYTES);
});

test('no view has more than 78 kB, gzipped, with all that it needs, and those that one learns from 45 kB', () => {
  const views = readdirSync(new URL('../web/views/', import.meta.url), { withFileTypes: true }).filter((each) => each.isDirectory());
  expect(views.length).toBeGreaterThan(1);
  for (const { name } of views) {
    const view = page.find(
      (file): file is Chunk => file.type === 'chunk' && file.moduleIds.some((id) => id.endsWith(`/views/${name}/${name}.tsx`)),
    )!;
    const needed = new Set([...neededBy(view), ...page.flatMap(({ fileName }) => (/views-.*\.css$/.test(fileName) ? [fileName] : []))]);
    const loaded = gzipped(page, (file) => needed.has(file) || index.includes(file));
    const limit = ['home', 'lessons'].includes(name) ? MAX_LEARNING_BYTES : MAX_VIEW_BYTES;
    expect(sum(loaded), `${name}: ${JSON.stringify(loaded)}`).toBeLessThanOrEqual(limit);
  }
});

test('the page has no script and no style in its markup, and loads only its own files', () => {
  expect(index).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(index).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  const loaded = [...index.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(loaded.length).toBeGreaterThan(2);
  for (const address of loaded) expect(address).toMatch(/^(?:\.\/assets\/|data:,$)/);
});

test('nothing in the page comes from another host', () => {
  for (const file of page) {
    // The namespaces of SVG and HTML are names; nothing is fetched from them.
    const addresses = [...contentOf(file).matchAll(/https?:\/\/[^\s"'`)]+/g)].map(([address]) => address);
    const strange = addresses.filter((address) => !/^http:\/\/(?:www\.w3\.org|127\.0\.0\.1|localhost)/.test(address));
    expect([file.fileName, strange]).toEqual([file.fileName, []]);
  }
});
