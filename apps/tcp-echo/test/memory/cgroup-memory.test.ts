import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { cgroupMemory } from '../../src/memory/cgroup-memory.ts';

const MiB = 2 ** 20;

/** What a process sees in a tree of these files. */
async function seen(files: Readonly<Record<string, string>>): Promise<number> {
  await using folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder.path, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${text}\n`);
  }
  return cgroupMemory(folder.path);
}

const service = { 'proc/self/cgroup': '0::/socklab.slice/tcp-echo.service' };
const SLICE = 'sys/fs/cgroup/socklab.slice';

test.each<[string, Readonly<Record<string, string>>, number]>([
  ['its own memory.max', { ...service, [`${SLICE}/tcp-echo.service/memory.max`]: `${256 * MiB}` }, 256],
  ['its own memory.high, where it is slowed down', { ...service, [`${SLICE}/tcp-echo.service/memory.high`]: `${200 * MiB}` }, 200],
  [
    'the less of both',
    { ...service, [`${SLICE}/tcp-echo.service/memory.max`]: `${256 * MiB}`, [`${SLICE}/tcp-echo.service/memory.high`]: `${200 * MiB}` },
    200,
  ],
  [
    'that of the group around it when its own is max',
    { ...service, [`${SLICE}/memory.max`]: `${512 * MiB}`, [`${SLICE}/tcp-echo.service/memory.max`]: 'max' },
    512,
  ],
  [
    'that of the group around it when it is less than its own',
    { ...service, [`${SLICE}/memory.max`]: `${128 * MiB}`, [`${SLICE}/tcp-echo.service/memory.max`]: `${256 * MiB}` },
    128,
  ],
  ['that of a container, whose group is the root', { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': `${256 * MiB}` }, 256],
  ['none when all say max', { ...service, [`${SLICE}/memory.max`]: 'max', 'sys/fs/cgroup/memory.max': 'max' }, Number.POSITIVE_INFINITY],
  ['none where there are no groups', {}, Number.POSITIVE_INFINITY],
])('of cgroup v2 a process has %s', async (_, files, mebibytes) => {
  expect(await seen(files)).toBe(mebibytes * MiB);
});

test.each<[string, string]>([
  ['its group', 'sys/fs/cgroup/memory/docker/abc/memory.stat'],
  ['a container, whose path is that of the machine', 'sys/fs/cgroup/memory/memory.stat'],
])('of cgroup v1 a process has the least of %s and those around it', async (_, file) => {
  const cgroup = ['9:name=systemd:/', '4:cpu,memory:/docker/abc', '0::/'].join('\n');
  const stat = ['cache 0', `hierarchical_memory_limit ${256 * MiB}`, 'total_cache 0'].join('\n');
  expect(await seen({ 'proc/self/cgroup': cgroup, [file]: stat })).toBe(256 * MiB);
});
