import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ProbeError } from '../errors.ts';
import { LIBRARY_SOURCE } from './library-source.ts';

const COMPILE_LIMIT_MS = 60_000;
/** LD_PRELOAD takes these for the end of a path. */
const SEPARATORS = /[\s:]/;
const WRITABLE_BY_OTHERS = 0o022;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
const ELF = Buffer.from('\x7fELF', 'latin1');

/**
 * The library that counts reads, built with `$CC` or `cc` on its first use, and kept in the user's cache folder under the hash of its
 * source.
 *
 * @returns its path
 * @throws ProbeError `PROBE_ERR_DELIVERY` without a C compiler, or where others may write to its folder, or replace it.
 */
export async function readsLibrary(): Promise<string> {
  const folder = await cacheFolder();
  const compiler = process.env['CC'] || 'cc';
  const hash = createHash('sha256').update(`${compiler}\n${process.arch}\n${LIBRARY_SOURCE}`).digest('hex').slice(0, 16);
  const library = join(folder, `reads-${hash}.so`);
  if (!(await isOurs(library))) await build(compiler, library);
  return library;
}

async function cacheFolder(): Promise<string> {
  const given = resolve(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'socklab');
  try {
    await mkdir(given, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw wrong(`${given} cannot be made: ${(error as Error).message}`, error);
  }
  const folder = await realpath(given);
  if (SEPARATORS.test(folder))
    throw wrong(`${folder} has a space or a colon in it, which LD_PRELOAD does not take: set XDG_CACHE_HOME to another folder`);
  const { uid, mode } = await lstat(folder);
  // Whoever writes there would have code of their own run as us.
  if (uid !== process.getuid?.() || (mode & WRITABLE_BY_OTHERS) !== 0)
    throw wrong(`${folder} is not a folder that only its user, and that is you, may write to`);
  await checkAbove(folder);
  return folder;
}

/** Who may write to a folder above can put another one in its place, unless it is sticky, as /tmp; groups are those of their user. */
async function checkAbove(folder: string): Promise<void> {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const { uid, mode } = await lstat(above);
    const isOpen = (mode & (WRITABLE_BY_ALL | STICKY)) === WRITABLE_BY_ALL;
    if (isOpen || (uid !== 0 && uid !== process.getuid?.()))
      throw wrong(
        `${above} belongs to another user or may be written to by all, who could replace ${folder}: set XDG_CACHE_HOME to another folder`,
      );
    if (above === dirname(above)) return;
  }
}

/** Whether it is a library that we have built: a file that a full disk or a lost power left empty is built again. */
async function isOurs(path: string): Promise<boolean> {
  try {
    const info = await lstat(path);
    if (!info.isFile() || info.uid !== process.getuid?.() || (info.mode & WRITABLE_BY_OTHERS) !== 0) return false;
    return (await readFile(path)).subarray(0, ELF.length).equals(ELF);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Two processes may do this at once: each has files of its own, and the last to finish is as good as the first. */
async function build(compiler: string, library: string): Promise<void> {
  const folder = await mkdtemp(`${library}-`);
  try {
    const source = join(folder, 'reads.c');
    const built = join(folder, 'reads.so');
    await writeFile(source, LIBRARY_SOURCE);
    await compile(compiler, ['-std=gnu11', '-O2', '-fPIC', '-shared', '-o', built, source, '-ldl']);
    await rename(built, library);
  } catch (error) {
    if (error instanceof ProbeError) throw error;
    throw wrong(`${library} cannot be written: ${(error as Error).message}`, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compile(compiler: string, words: readonly string[]): Promise<void> {
  // As make takes it: `ccache gcc`.
  const [program = 'cc', ...more] = compiler.trim().split(/\s+/);
  try {
    await promisify(execFile)(program, [...more, ...words], { timeout: COMPILE_LIMIT_MS });
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    const why = code === 'ENOENT' ? 'it is not installed' : (stderr?.trim() || message).split('\n')[0];
    throw wrong(`the pace preload needs a C compiler, and ${JSON.stringify(compiler)} did not work: ${why}; CC names another one`, error);
  }
}

function wrong(what: string, cause?: unknown): ProbeError {
  return new ProbeError('PROBE_ERR_DELIVERY', what, cause === undefined ? undefined : { cause });
}
