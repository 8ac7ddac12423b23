import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createUdpGalleryServer, UDP_GALLERY } from '@socklab/probe/gallery';
import { listening, programCommand, repoRoot, startCommand, startProgram } from '@socklab/testkit';
import type { Program, ProgramExit, ProgramOptions } from '@socklab/testkit';
import type { Socket } from 'node:dgram';
import type { Server } from 'node:net';

/** A whole campaign on a busy machine; every wait ends earlier with its own message. */
export const CAMPAIGN_MS = 100_000;

/** Starts sticky-lab with these arguments. */
export function startStickyLab(args: readonly string[], options: ProgramOptions = {}): Program {
  return startProgram('sticky-lab', args, { stdin: 'ignore', deadlineMs: CAMPAIGN_MS, ...options });
}

/** Runs sticky-lab to its end. */
export async function stickyLab(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramExit> {
  await using program = startStickyLab(args, options);
  return await program.exit();
}

/** A command line on which `sticky-lab` is the program as it stands, as it is for someone who installed it. */
export function pasted(command: string): Program {
  const words = programCommand('sticky-lab').map((word) => `'${word}'`);
  const script = `alias sticky-lab="${words.join(' ')}"\n${command}\n`;
  return startCommand(['sh', '-c', script], { stdin: 'ignore', deadlineMs: CAMPAIGN_MS });
}

/** A server of the gallery that runs. */
export interface GalleryServer extends AsyncDisposable {
  readonly target: string;
}

/** Starts a server of the gallery of broken ones. */
export async function galleryServer(name: string): Promise<GalleryServer> {
  const server = startCommand([process.execPath, join(repoRoot, 'packages', 'probe', 'gallery', `${name}.ts`)]);
  const port = await server.line(/^\d+$/);
  return { target: `127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A UDP server of the gallery, in this process. */
export interface UdpServer extends Disposable {
  readonly target: string;
  readonly socket: Socket;
}

/** Starts a UDP server of the gallery. */
export async function udpGalleryServer(name: string): Promise<UdpServer> {
  const socket = createUdpGalleryServer(UDP_GALLERY.find((each) => each.name === name)!).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { target: `127.0.0.1:${socket.address().port}`, socket, [Symbol.dispose]: () => void socket.close() };
}

/** A correct server of lines, in this process. */
export interface LineServer extends AsyncDisposable {
  readonly target: string;
  /** Resolves when that many connections have been accepted since it began. */
  readonly accepted: (count: number) => Promise<void>;
}

/** Starts a server that answers each line with itself. */
export async function lineServer(): Promise<LineServer> {
  let count = 0;
  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    let kept = '';
    count += 1;
    server.emit('counted');
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (text: string) => {
      const lines = (kept + text).split('\n');
      kept = lines.pop() ?? '';
      for (const line of lines) socket.write(`${line}\n`, 'latin1');
    });
    socket.on('end', () => socket.end());
  });
  const accepted = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (count < wanted) return;
        server.off('counted', check);
        resolve();
      };
      server.on('counted', check);
      check();
    });
  const target = `127.0.0.1:${await listening(server)}`;
  return { target, accepted, [Symbol.asyncDispose]: async () => void server.close() };
}

export const isLinux: boolean = process.platform === 'linux';
