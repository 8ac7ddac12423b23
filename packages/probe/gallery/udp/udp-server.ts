import { createSocket } from 'node:dgram';
import { existsSync, realpathSync } from 'node:fs';
import { parse } from 'node:path';
import type { DatagramFailure, DatagramId } from '@socklab/probe';
import type { RemoteInfo, Socket } from 'node:dgram';

/** One UDP server of the gallery. A request is an id of two bytes and text; an answer begins with the same id. */
export interface UdpGalleryServer {
  /** That of its file. */
  readonly name: string;
  /** Whether it is right however datagrams are lost, doubled, swapped, delayed, truncated and glued. */
  readonly isCorrect: boolean;
  /** What the probe finds, and by which plans. */
  readonly failure?: DatagramFailure;
  readonly plans?: string;
  /** The datagrams of an exchange, each answered before the next. */
  readonly requests: readonly Uint8Array[];
  readonly id: DatagramId;
  /** Whether one datagram may carry several requests, a line each. */
  readonly coalesces?: boolean;
  /** Makes what answers datagrams; it may throw, which ends the server. */
  readonly serve: () => (request: Buffer, answer: Answer, from: RemoteInfo) => void;
}

/** Sends an answer to whom the request came from. */
export type Answer = (bytes: Buffer | string) => void;

/** The place of the id in requests and answers. */
export const ID: DatagramId = { at: 0, bytes: 2 };

/** A request with an id that the probe replaces. */
export function request(text: string): Uint8Array {
  return Buffer.from(`\0\0${text}`, 'latin1');
}

/** Makes a socket that answers like this; it is not bound yet. */
export function createUdpGalleryServer({ serve }: UdpGalleryServer): Socket {
  const socket = createSocket('udp4');
  const take = serve();
  return socket.on('message', (bytes, from) => take(bytes, (answer) => socket.send(answer, from.port, from.address), from));
}

/** Runs the server when its file is the program: on the port given as argument or a free one, which it prints. */
export function runAsUdpProgram({ filename }: ImportMeta, server: UdpGalleryServer): void {
  const [, program = '', port = '0'] = process.argv;
  if (parse(program).name !== server.name || !existsSync(program) || realpathSync(program) !== filename) return;
  const socket = createUdpGalleryServer(server);
  socket.bind(Number(port), '127.0.0.1', () => process.stdout.write(`${socket.address().port}\n`));
}
