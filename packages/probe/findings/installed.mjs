import { spawnSync } from 'node:child_process';
// Where a target is: programs of Debian as they are installed, packages of npm in a cache outside the workspace.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../matrix/install.mjs';

const servers = fileURLToPath(new URL('servers', import.meta.url));
const clients = fileURLToPath(new URL('clients', import.meta.url));
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/games', '/usr/lib/rabbitmq/bin'];

/** The words of its command and its version; `missing` says what is not there. */
export async function installed({ id, npm, debian, program, version, run }) {
  const missing = [
    ...(debian ?? []).filter((name) => versionOf(name) === undefined),
    ...(program && find(program) === undefined ? [program] : []),
  ];
  if (missing.length > 0) return { missing: `not installed: ${missing.join(', ')}` };
  const own = npm === undefined ? undefined : await prepare({ id: `finding-${id}`, npm, run: (folder) => [folder] });
  if (own?.missing !== undefined) return { missing: own.missing };
  const folder = own?.run[0];
  const words = run.map((word) =>
    word
      .replaceAll('{folder}', folder ?? '')
      .replaceAll('{servers}', servers)
      .replaceAll('{clients}', clients),
  );
  words[0] = words[0] === 'node' ? process.execPath : (find(words[0]) ?? words[0]);
  return { words, folder, version: own?.version ?? (debian ? versionOf(debian[0]) : version?.()) };
}

/** The version without Debian's additions: `1:4.1.48-7+deb12u2` is 4.1.48. */
function versionOf(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Version} ${db:Status-Status}', name], { encoding: 'utf8' });
  return status === 0 && stdout.endsWith(' installed') ? /^(?:\d+:)?([^-+ ]+)/.exec(stdout)?.[1] : undefined;
}

function find(name) {
  return folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
