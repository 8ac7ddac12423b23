import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '@socklab/service';

/**
 * The memory that the control groups of this process allow it, in bytes: the least of its own group and its parents, such as the slice of
 * a service or the pod of a container, which Node does not consider. `Infinity` without a limit, and on other systems.
 * Source: docs.kernel.org, cgroup v2, `memory.max` and `memory.high`; cgroup v1, `hierarchical_memory_limit`.
 *
 * @param root - the folder that `proc` and `sys` are in. @defaultValue '/'
 */
export function cgroupMemory(root: string = '/'): number {
  const lines = read(root, 'proc/self/cgroup').split('\n');
  const limits = lines.map((line) => {
    const [, , controllers = '', path = '/'] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (line.startsWith('0::')) return unifiedLimit(root, path);
    return controllers.split(',').includes('memory') ? legacyLimit(root, path) : Number.POSITIVE_INFINITY;
  });
  return Math.min(...limits);
}

const MOUNT = 'sys/fs/cgroup';

function unifiedLimit(root: string, path: string): number {
  const groups = path.split('/').filter((group) => group !== '' && group !== '..');
  const folders = groups.map((_, index) => join(...groups.slice(0, index + 1)));
  const limits = ['', ...folders].flatMap((folder) =>
    ['memory.max', 'memory.high'].map((file) => limitIn(read(root, MOUNT, folder, file))),
  );
  return Math.min(...limits);
}

/** In a container the path is that of the host, and the group is mounted as the root. */
function legacyLimit(root: string, path: string): number {
  const stat = read(root, MOUNT, 'memory', path, 'memory.stat') || read(root, MOUNT, 'memory', 'memory.stat');
  return limitIn(/^hierarchical_memory_limit (\d+)$/m.exec(stat)?.[1] ?? '');
}

/** `max` is no limit. */
function limitIn(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.POSITIVE_INFINITY;
}

function read(...path: readonly string[]): string {
  try {
    return readFileSync(join(...path), 'utf8');
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return '';
  }
}
