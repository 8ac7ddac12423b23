// Installs what a row needs into a folder outside the workspace, once: packages of npm and Debian, compiled programs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env.TORTURE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'socklab-torture');
const decoders = fileURLToPath(new URL('decoders', import.meta.url));

/** The command of a row, and its version; `missing` says what is not installed. */
export async function prepare({ id, npm, debian, tool, build, run, version }) {
  const folder = join(cache, id);
  mkdirSync(folder, { recursive: true });
  const fill = (text) => text.replaceAll('{folder}', folder).replaceAll('{decoders}', decoders);
  const [program, ...words] = (tool ?? ['node', '--version']).map(fill);
  const found = spawnSync(program, words, { encoding: 'utf8' });
  if (found.error !== undefined) return { missing: `there is no ${program}` };
  try {
    if (npm !== undefined) installNpm(folder, npm);
    if (debian !== undefined) for (const name of debian) installDebian(folder, name);
  } catch (error) {
    return {
      missing: String(error.stderr ?? error.message)
        .trim()
        .split('\n')
        .at(-1),
    };
  }
  if (build !== undefined) {
    const [compiler, ...options] = build(folder, decoders).map(fill);
    execFileSync(compiler, options, {
      cwd: folder,
      stdio: 'pipe',
      env: { ...process.env, GOCACHE: join(cache, 'go'), GO111MODULE: 'off' },
    });
  }
  const packaged = npm?.slice(npm.lastIndexOf('@') + 1) ?? (debian && unpackedVersion(folder, debian[0]));
  const shown = version ?? packaged ?? /\d+(?:\.\d+)*/.exec(`${found.stdout}${found.stderr}`)?.[0];
  return { run: run(folder, decoders).map(fill), version: shown };
}

function installNpm(folder, spec) {
  if (existsSync(join(folder, 'installed'))) return;
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // Nothing of a foreign package runs on installation.
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', spec], { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'installed'), '');
}

/** Unpacks a Debian package without changing the system. */
function installDebian(folder, name) {
  if (existsSync(join(folder, `${name}.unpacked`))) return;
  execFileSync('apt-get', ['download', name], { cwd: folder, stdio: 'pipe' });
  const file = readdirSync(folder).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
  execFileSync('dpkg', ['-x', file, '.'], { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, `${name}.unpacked`), /_([^_]+)_/.exec(decodeURIComponent(file))?.[1] ?? '');
}

/** The version without Debian's additions: `1:4.1.48-7+deb12u2` is 4.1.48. */
function unpackedVersion(folder, name) {
  return /^(?:\d+:)?([^-+]+)/.exec(readFileSync(join(folder, `${name}.unpacked`), 'utf8'))?.[1];
}
