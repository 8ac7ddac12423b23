import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, lstat, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ProbeError } from '../errors.ts';
import { LIBRARY_SOURCE } from './library-source.ts';

const COMPILE_LIMIT_MS = 60_000;
/** LD_PRELOAD takes these for the end of a path. */
const SEPARATORS = /[\s:]/;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * The library that counts reads, built with `$CC` or `cc` on its first use, and kept in the user's cache folder under the hash of its
 * source.
 *
 * @returns its path
 * @throws ProbeError `PROBE_ERR_DELIVERY` without a C compiler, or where nobody but the user may not write.
 */
export async function readsLibrary(): Promise<string> {
  const folder = await cacheFolder();
  const compiler = process.env['CC'] ?? 'cc';
  const hash = createHash('sha256').update(`${compiler}\n${process.arch}\n${LIBRARY_SOURCE}`).digest('hex').slice(0, 16);
  const library = join(folder, `reads-${hash}.so`);
  if (!(await isThere(library))) await build(compiler, library);
  return library;
}

async function cacheFolder(): Promise<string> {
  const folder = resolve(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'socklab');
  if (SEPARATORS.test(folder))
    throw wrong(`${folder} has a space or a colon in it, which LD_PRELOAD does not take: set XDG_CACHE_HOME to another folder`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw wrong(`${folder} cannot be made: ${(error as Error).message}`, error);
  }
  const { uid, mode } = await lstat(folder);
  // Whoever writes there would have code of their own run as us.
  if (uid !== process.getuid?.() || (mode & WRITABLE_BY_OTHERS) !== 0)
    throw wrong(`${folder} is not a folder that only its user, and that is you, may write to`);
  return folder;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Two processes may do this at once: each has files of its own, and the last to finish is as good as the first. */
async function build(compiler: string, library: string): Promise<void> {
  const folder = await mkdtemp(`${library}-`);
  try {
    const source = join(folder, 'reads.c');
    const built = join(folder, 'reads.so');
    await writeFile(source, LIBRARY_SOURCE);
    await promisify(execFile)(compiler, ['-std=gnu11', '-O2', '-fPIC', '-shared', '-o', built, source, '-ldl'], {
      timeout: COMPILE_LIMIT_MS,
    });
    await rename(built, library);
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    const why = code === 'ENOENT' ? 'it is not installed' : (stderr?.trim() || message).split('\n')[0];
    throw wrong(`the pace preload needs a C compiler, and ${JSON.stringify(compiler)} did not work: ${why}; CC names another one`, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wrong(what: string, cause?: unknown): ProbeError {
  return new ProbeError('PROBE_ERR_DELIVERY', what, cause === undefined ? undefined : { cause });
}
