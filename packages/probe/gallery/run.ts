import { existsSync, realpathSync } from 'node:fs';
import { parse } from 'node:path';
import { createGalleryServer } from './gallery-server.ts';
import type { GalleryServer } from './gallery-server.ts';

/**
 * Runs the server when its file is the program: on the port given as argument or a free one. Prints the port; on a terminal, in a
 * line for people.
 */
export function runAsProgram({ filename }: ImportMeta, server: GalleryServer): void {
  const [, program = '', port = '0'] = process.argv;
  // `import.meta.main` is not known to Node 22. In a bundle all modules are the program; only a file of this name is one of these.
  if (parse(program).name !== server.name || !existsSync(program) || realpathSync(program) !== filename) return;
  const listening = createGalleryServer(server).listen(Number(port), '127.0.0.1', () => {
    const address = listening.address();
    const at = String(typeof address === 'object' ? address?.port : address);
    process.stdout.write(process.stdout.isTTY ? `${server.name}: listening on 127.0.0.1:${at}; Ctrl-C ends it\n` : `${at}\n`);
  });
  listening.once('error', ({ message }) => {
    process.stderr.write(`${server.name}: ${message}\n`);
    process.exitCode = 1;
  });
}
