import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { programCommand, repoRoot, sourceCommand, startCommand } from '@socklab/testkit';
import type { RunnableDocument } from './document.ts';

const LIMIT_MS = 28_000;
/** What stands between the outputs of two blocks. */
const MARK = '----- next block -----';

/** Runs blocks in one shell, in a folder with the files, on a loopback address of its own. @returns what each printed */
export async function runBlocks({ files, blocks }: Pick<RunnableDocument, 'blocks' | 'files'>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-document-'));
  const address = `127.${part()}.${part()}.${part()}`;
  const here = (text: string): string => text.replaceAll('127.0.0.1', address);
  try {
    // Whoever is given a free port needs no address of its own.
    for (const [name, text] of Object.entries(files)) write(join(folder, name), /listen\(\d/.test(text) ? here(text) : text);
    install(folder);
    const script = blocks.map(({ commands }) => here(awaited(commands, files))).join(`\necho '${MARK}'\n`);
    await using shell = startCommand(
      ['bash', '-c', `exec 2>&1; export PATH="$PWD/bin:$PATH"\n${script}\nkill $(jobs -p) 2>/dev/null; wait`],
      {
        cwd: folder,
        env: { NODE_OPTIONS: '--conditions=@socklab/source' },
        deadlineMs: LIMIT_MS,
      },
    );
    const { stdout } = await shell.exit();
    return stdout.split(`${MARK}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A part of an address, so that no document meets another. */
function part(): number {
  return 1 + Math.floor(Math.random() * 250);
}

/** A person takes a moment before the next command; here a service in the background has to listen first. */
function awaited(commands: string, files: RunnableDocument['files']): string {
  return commands.replaceAll(/^(.*) &$/gm, (line) => {
    const text = files[/node (\S+)/.exec(line)?.[1] ?? ''] ?? line;
    const port = /listen\((\d+)|--listen \S+:(\d+)/.exec(text)?.slice(1).find(Boolean);
    return `${line}\nuntil (: > /dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done`;
  });
}

/** The commands and packages that a reader has installed: from their sources. */
function install(folder: string): void {
  mkdirSync(join(folder, 'node_modules/@socklab'), { recursive: true });
  symlinkSync(join(repoRoot, 'packages/framing'), join(folder, 'node_modules/@socklab/framing'));
  const commands = {
    'tcp-echo': programCommand('tcp-echo'),
    'sticky-lab': programCommand('sticky-lab'),
    'socklab-probe': sourceCommand(join(repoRoot, 'apps/sticky-lab/src/probe-main.ts')),
    npx: [],
  };
  for (const [name, words] of Object.entries(commands))
    write(join(folder, 'bin', name), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`, 0o755);
}

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode });
}
