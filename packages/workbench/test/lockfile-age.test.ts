import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const { isLockfileTrusted } = (await import(new URL('../start/lockfile-age.mjs', import.meta.url).href)) as {
  isLockfileTrusted: (folder: string, now: number) => boolean;
};
const COMMITTED = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** A folder with a lockfile that was committed at COMMITTED, or never. */
async function folderWith({ isCommitted }: { isCommitted: boolean }): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'socklab-lockfile-'));
  writeFileSync(join(path, 'pnpm-lock.yaml'), 'lockfileVersion: 9\n');
  if (isCommitted) {
    const env = { ...process.env, GIT_COMMITTER_DATE: new Date(COMMITTED).toISOString() };
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: path, env });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'lock');
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test.each([
  [25, true],
  [24, false],
  [1, false],
  [-1, false],
])('a lockfile that was committed %i hours ago needs no check of its versions: %j', async (hours, isTrusted) => {
  await using folder = await folderWith({ isCommitted: true });
  expect(isLockfileTrusted(folder.path, COMMITTED + hours * HOUR_MS)).toBe(isTrusted);
});

test('one that has changed since, or that git knows nothing of, is checked', async () => {
  await using changed = await folderWith({ isCommitted: true });
  writeFileSync(join(changed.path, 'pnpm-lock.yaml'), 'lockfileVersion: 9\nmore: 1\n');
  expect(isLockfileTrusted(changed.path, COMMITTED + 100 * HOUR_MS)).toBe(false);
  await using unknown = await folderWith({ isCommitted: false });
  expect(isLockfileTrusted(unknown.path, COMMITTED + 100 * HOUR_MS)).toBe(false);
});
