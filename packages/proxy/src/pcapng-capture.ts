import { closeSync, openSync, writeSync } from 'node:fs';
import { codeOf, pcapng } from '@socklab/service';
import type { Capture, CaptureSide, CaptureSubject } from './capture.ts';
import type { PcapngConnection } from '@socklab/service';

/** Options of {@link openPcapng}. */
export interface PcapngCaptureOptions {
  readonly path: string;
  /** Maximum size of the file in bytes. Beyond it nothing more is written. */
  readonly maxBytes: number;
  /** Called once, with the system's error code when writing fails, or `full`. The capture stops; the traffic goes on. */
  readonly onStopped: (code: string) => void;
}

/** The two connections of one that is proxied, and what of each direction was read and is not written yet. */
interface Captured {
  client?: PcapngConnection;
  target?: PcapngConnection;
  readonly unwritten: Record<CaptureSubject['direction'], Buffer[]>;
}

/**
 * Opens a capture that Wireshark reads: of each connection two, the client's with the proxy and the proxy's with the target, with their addresses and real times.
 * What came is in the pieces of the reads, what went on in those of the writes. An existing file is replaced; its owner alone may read it.
 *
 * @throws the system's error, when the file cannot be written.
 */
export function openPcapng({ path, maxBytes, onStopped }: PcapngCaptureOptions): Capture {
  return new PcapngCapture(openSync(path, 'w', 0o600), maxBytes, onStopped);
}

class PcapngCapture implements Capture {
  readonly #file: number;
  readonly #maxBytes: number;
  readonly #onStopped: (code: string) => void;
  readonly #format;
  readonly #connections = new Map<number, Captured>();
  #writtenBytes = 0;
  #isStopped = false;

  constructor(file: number, maxBytes: number, onStopped: (code: string) => void) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#onStopped = onStopped;
    this.#format = pcapng({ write: (bytes) => this.#write(bytes) });
  }

  connected(connection: number, side: CaptureSide): void {
    const captured = this.#connections.get(connection) ?? { unwritten: { up: [], down: [] } };
    captured[side.end] = this.#format.connection(side.from, side.to);
    this.#connections.set(connection, captured);
  }

  read({ connection, direction }: CaptureSubject, memory: Buffer, byteLength: number): void {
    const captured = this.#connections.get(connection);
    if (captured === undefined || this.#isStopped) return;
    const bytes = Buffer.from(memory.subarray(0, byteLength));
    captured.unwritten[direction].push(bytes);
    if (direction === 'up') captured.client?.data('client', bytes);
    else captured.target?.data('server', bytes);
  }

  wrote({ connection, direction }: CaptureSubject, byteLength: number): void {
    const captured = this.#connections.get(connection);
    if (captured === undefined || this.#isStopped) return;
    const bytes = taken(captured.unwritten[direction], byteLength);
    if (direction === 'up') captured.target?.data('client', bytes);
    else captured.client?.data('server', bytes);
  }

  end({ connection, direction }: CaptureSubject, end: 'fin' | 'reset'): void {
    const captured = this.#connections.get(connection);
    const from = direction === 'up' ? 'client' : 'server';
    captured?.client?.end(from, end);
    captured?.target?.end(from, end);
  }

  gone(connection: number): void {
    this.#connections.delete(connection);
  }

  close(): void {
    this.#isStopped = true;
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    if (this.#writtenBytes + bytes.length > this.#maxBytes) return this.#stop('full');
    try {
      writeSync(this.#file, bytes);
      this.#writtenBytes += bytes.length;
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      this.#stop(code);
    }
  }

  #stop(code: string): void {
    this.#isStopped = true;
    this.#connections.clear();
    this.#onStopped(code);
  }
}

/** Takes so many bytes off the front. */
function taken(chunks: Buffer[], byteLength: number): Buffer {
  const parts: Buffer[] = [];
  for (let missing = byteLength; missing > 0;) {
    const first = chunks.shift();
    if (first === undefined) break;
    parts.push(first.subarray(0, missing));
    if (first.length > missing) chunks.unshift(first.subarray(missing));
    missing -= first.length;
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Captures of one proxy as one. */
export function joinedCaptures(captures: readonly Capture[]): Capture | undefined {
  if (captures.length < 2) return captures[0];
  const each = (tell: (capture: Capture) => void): void => {
    for (const capture of captures) tell(capture);
  };
  return {
    connected: (connection, side) => each((capture) => capture.connected?.(connection, side)),
    read: (subject, memory, byteLength) => each((capture) => capture.read(subject, memory, byteLength)),
    writing: (subject, byteLength) => each((capture) => capture.writing?.(subject, byteLength)),
    wrote: (subject, byteLength, isConfirmed) => each((capture) => capture.wrote(subject, byteLength, isConfirmed)),
    end: (subject, end) => each((capture) => capture.end(subject, end)),
    gone: (connection) => each((capture) => capture.gone?.(connection)),
    close: () => each((capture) => capture.close()),
  };
}
