import { lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:net';

/**
 * Removes a unix socket file when the process exits with the server still open: Node.js removes it
 * when the server closes, but not at `process.exit`.
 */
export function removeAtExit(server: Server, path: string): void {
  const own = inodeOf(path);
  const remove = () => {
    // Another process may have replaced the file meanwhile: then it is not ours to remove.
    if (own !== undefined && inodeOf(path) === own) unlinkSync(path);
  };
  process.once('exit', remove);
  server.once('close', () => process.off('exit', remove));
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
