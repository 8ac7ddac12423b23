import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@socklab/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readsLibrary } from '../../src/preload/library.ts';

const isHere = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string): string => join(folder.path, name);

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', at('cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
});

describe.runIf(isHere)('the library', () => {
  test('is built once, and again where what is there is no library, or others may write to it', async () => {
    const [path, beside] = await Promise.all([readsLibrary(), readsLibrary()]);
    const built = await readFile(path);
    expect([beside, built.subarray(1, 4).toString()]).toEqual([path, 'ELF']);
    vi.stubEnv('PATH', '');
    expect(await readsLibrary()).toBe(path);
    await chmod(path, 0o666);
    await expect(readsLibrary()).rejects.toThrow('"cc" did not work: it is not installed; CC names another one');
    await chmod(path, 0o600);
    await truncate(path, 0);
    await expect(readsLibrary()).rejects.toThrow('it is not installed');
    vi.unstubAllEnvs();
    vi.stubEnv('XDG_CACHE_HOME', at('cache'));
    await readsLibrary();
    expect((await readFile(path)).length).toBe(built.length);
  });

  test('is built by a compiler of several words', async () => {
    vi.stubEnv('CC', 'cc -g0');
    expect(dirname(await readsLibrary())).toBe(at('cache/socklab'));
  });

  test('stands in a folder that is a link, under its true name', async () => {
    await mkdir(at('true'), { mode: 0o700 });
    await mkdir(at('cache'));
    await symlink(at('true'), at('cache/socklab'));
    expect(dirname(await readsLibrary())).toBe(at('true'));
  });
});

describe.runIf(process.platform === 'linux')('is refused', () => {
  test('a folder that others may write to', async () => {
    await mkdir(at('cache/socklab'), { recursive: true });
    await chmod(at('cache/socklab'), 0o777);
    await expect(readsLibrary()).rejects.toThrow('is not a folder that only its user, and that is you, may write to');
  });

  test('one that others may replace, as they may write above it', async () => {
    await mkdir(at('cache'));
    await chmod(at('cache'), 0o777);
    await expect(readsLibrary()).rejects.toThrow(
      `${at('cache')} belongs to another user or may be written to by all, who could replace ${at('cache/socklab')}`,
    );
  });

  test('one with a space in its path', async () => {
    vi.stubEnv('XDG_CACHE_HOME', at('a b'));
    await expect(readsLibrary()).rejects.toThrow('has a space or a colon in it');
  });

  test('a compiler that is not there', async () => {
    vi.stubEnv('CC', 'no-such-compiler');
    await expect(readsLibrary()).rejects.toThrow('"no-such-compiler" did not work: it is not installed; CC names another one');
  });
});
