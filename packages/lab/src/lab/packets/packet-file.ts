import { packetWriter, pcapng } from '@socklab/service';
import { MAX_CAPTURE_BYTES } from '@socklab/service/capture';
import { createClosers } from '../base/closers.ts';
import { BoundedWriter } from './bounded-writer.ts';
import { livePackets } from './live-packets.ts';
import { createOurPorts } from './our-ports.ts';
import { startTcpdump } from './tcpdump.ts';
import { writtenPackets } from './written-packets.ts';
import type { WriteLog } from '../record/write-log.ts';
import type { UsedPorts } from './our-ports.ts';
import type { NoCapture } from './tcpdump.ts';

/** What is told of one run. */
export interface RunPackets {
  /** The run uses this port; call before anything is sent to or from it. */
  readonly usesPort: UsedPorts['add'];
  /** Takes what programs write, where no packet can be captured. */
  readonly log?: WriteLog;
  /** The run is over, all its sockets are closed. */
  end(): void;
}

/**
 * What is to be known of a file: it has the writes of the programs, since nobody may capture; the kernel dropped so many packets of loopback, ours or
 * not; the capture ended early; or the file is full.
 */
export type Shortfall =
  | { readonly kind: 'written'; readonly why: NoCapture }
  | { readonly kind: 'dropped'; readonly packets: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'full'; readonly maxBytes: number };

/** A pcapng file of the packets that runs send and receive, and of nothing else. It is whole after each write. */
export interface PacketFile {
  /** Begins a run. */
  run(): RunPackets;
  /** Waits for the last packets, at most four seconds. Resolves with what is to be known. @throws what `write` threw. */
  close(): Promise<Shortfall | undefined>;
}

/** Options of {@link openPacketFile}. */
export interface PacketFileOptions {
  /** Takes the parts of the file, in order: whole blocks. When it throws, nothing more is written, and the runs go on. */
  readonly write: (bytes: Uint8Array) => void;
  /** The program that captures. @defaultValue 'tcpdump' */
  readonly tcpdump?: string;
  /** Most bytes of the file. @defaultValue 268_435_456, the longest capture that is read back */
  readonly maxBytes?: number;
}

/** Kernel memory for packets on their way, in KiB: a burst of datagrams comes faster than a process gets its turn. */
const BUFFER_KIB = 32_768;
const FILTER = 'tcp or udp or icmp or icmp6';

/** Opens a {@link PacketFile}: the very packets of loopback where tcpdump may capture, else the writes of the programs. */
export async function openPacketFile({
  write,
  tcpdump: program = 'tcpdump',
  maxBytes = MAX_CAPTURE_BYTES,
}: PacketFileOptions): Promise<PacketFile> {
  const closers = createClosers();
  const scope = { signal: new AbortController().signal, onClose: (close: () => Promise<void>) => closers.add(close) };
  const tcpdump = await startTcpdump({ program, filter: FILTER, args: ['-B', `${BUFFER_KIB}`], outlivesInterrupt: true }, scope);
  const file = new BoundedWriter(write, maxBytes);
  if (typeof tcpdump === 'string') return writtenFile(file, tcpdump);
  const writer = packetWriter((bytes) => file.write(bytes));
  const ours = createOurPorts();
  const live = livePackets({ tcpdump, ours, write: (packet) => writer.packet(packet) });
  return {
    run() {
      const ports = ours.use();
      return { usesPort: (transport, port) => ports.add(transport, port), end: () => ports.release() };
    },
    async close() {
      const missing = await live.stop();
      await closers.closeAll();
      file.throwIfFailed();
      if (file.isFull) return { kind: 'full', maxBytes };
      if (missing === undefined) return { kind: 'ended' };
      return missing === 0 ? undefined : { kind: 'dropped', packets: missing };
    },
  };
}

function writtenFile(file: BoundedWriter, why: NoCapture): PacketFile {
  const format = pcapng({ write: (bytes) => file.write(bytes) });
  return {
    run: () => ({ usesPort: () => undefined, log: writtenPackets(format), end: () => undefined }),
    async close() {
      file.throwIfFailed();
      return file.isFull ? { kind: 'full', maxBytes: file.maxBytes } : { kind: 'written', why };
    },
  };
}
