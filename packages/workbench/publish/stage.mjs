// All published packages, each as a folder and as the tarball that npm makes of it:   node packages/workbench/publish/stage.mjs FOLDER [--release] [NAME...] Programs are
// bundled, and the probe brings what it depends on, so that each installs alone. --release adds the address of the source, and fails without it; SOCKLAB_VERSION is the version of the programs.
import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { pnpmCommand } from '../start/pnpm.mjs';
import { ROOT } from '../start/versions.mjs';
import { bundle } from './bundle.mjs';
import { metadata } from './metadata.mjs';

const run = promisify(execFile);
const LIBRARIES = ['framing', 'probe'];
const PROGRAMS = {
  'tcp-echo': 'A TCP test target: echo, discard, chargen, an operator: bounded, observable, TLS; its client measures',
  'udp-multi': 'A UDP service for many peers on one socket: rooms, multicast, no amplification',
  'sticky-lab': 'See on real sockets why TCP needs message boundaries: experiments, a page, a probe, a proxy that cuts',
};

const words = process.argv.slice(2);
const isRelease = words.includes('--release');
const [target, ...names] = words.filter((word) => word !== '--release');
if (target === undefined) throw new Error('stage.mjs needs the folder to write to');
const all = [...LIBRARIES, ...Object.keys(PROGRAMS)];
for (const name of names.length > 0 ? names : all) {
  // Each takes seconds; the addresses alone go to standard output.
  process.stderr.write(`packing ${name} …\n`);
  const folder = resolve(target, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const source = LIBRARIES.includes(name) ? `packages/${name}` : `apps/${name}`;
  // Before anything is built: fails for a release without an address.
  const from = isRelease ? metadata(source) : {};
  const manifest = LIBRARIES.includes(name) ? await stageLibrary(name, folder) : await stageProgram(name, folder);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...from }, undefined, 2)}\n`);
  process.stdout.write(`${join(resolve(target), await packed(folder))}\n`);
}

/** @returns the name of the tarball, which is beside its folder */
async function packed(folder) {
  const { stdout } = await run('npm', ['pack', '--silent', folder], { cwd: resolve(target), shell: process.platform === 'win32' });
  return stdout.trim();
}

/** The probe also gets its commands, and brings what it depends on. */
async function stageLibrary(name, folder) {
  const manifest = await unpack(name, folder);
  if (name !== 'probe') return manifest;
  await bundle({ root: join(ROOT, 'apps/sticky-lab'), entries: { 'socklab-probe': 'src/probe-main.ts' }, outDir: join(folder, 'bin') });
  await chmod(join(folder, 'bin/socklab-probe.js'), 0o755);
  const bundleDependencies = Object.keys(manifest.dependencies);
  for (const dependency of bundleDependencies) await bring(dependency, join(folder, 'node_modules', dependency));
  return { ...manifest, bin: { 'socklab-probe': 'bin/socklab-probe.js' }, files: [...manifest.files, 'bin'], bundleDependencies };
}

/** Packed by pnpm: the catalog resolved, `publishConfig` applied. @returns the manifest, without what only this repository needs */
async function unpack(name, folder) {
  const work = await mkdtemp(join(tmpdir(), 'socklab-pack-'));
  const [command, ...rest] = pnpmCommand(['--filter', `@socklab/${name}`, 'pack', '--pack-destination', work]);
  await run(command, rest, { cwd: ROOT });
  const [tarball] = await readdir(work);
  await run('tar', ['-xf', join(work, tarball), '--strip-components=1', '-C', folder]);
  await rm(work, { recursive: true });
  const { scripts: _, devDependencies: __, ...manifest } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return manifest;
}

/** A dependency of the probe as its users would install it, so that they need no registry. */
async function bring(dependency, folder) {
  await mkdir(folder, { recursive: true });
  const own = LIBRARIES.find((name) => dependency === `@socklab/${name}`);
  if (own === undefined) return cp(await realpath(join(ROOT, 'packages/probe/node_modules', dependency)), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await unpack(own, folder), undefined, 2)}\n`);
}

async function stageProgram(name, folder) {
  const root = join(ROOT, 'apps', name);
  const { version, license, type, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const page = name === 'sticky-lab' ? join(root, 'vite.config.ts') : undefined;
  await bundle({ root, entries: { main: 'src/main.ts', healthcheck: 'src/healthcheck.ts' }, outDir: join(folder, 'dist'), page });
  await chmod(join(folder, 'dist/main.js'), 0o755);
  await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  await cp(join(root, 'README.md'), join(folder, 'README.md'));
  const keywords = ['socket', 'test-server', 'message-boundaries', name.startsWith('udp') ? 'udp' : 'tcp'];
  return {
    name: `@socklab/${name}`,
    version: process.env['SOCKLAB_VERSION'] ?? version,
    description: PROGRAMS[name],
    keywords,
    license,
    type,
    bin: { [name]: 'dist/main.js' },
    files: ['dist'],
    engines,
    publishConfig: { access: 'public' },
  };
}
