import { openPacketFile } from '@socklab/lab';
import { interruptible } from '../probe/interrupt.ts';
import { openOut } from '../probe/out-file.ts';
import type { PacketFile, Shortfall } from '@socklab/lab';
import type { Writable } from 'node:stream';

/** Work whose packets are kept, and that ends early when its signal aborts. */
type Work<Result> = (packets: PacketFile, signal: AbortSignal) => Promise<Result>;

/**
 * Keeps the packets of `work` in a file. After a Ctrl-C (SIGINT) or SIGTERM the file is whole too, and the result is `undefined`.
 * `stderr` gets one line when the file has less than all packets.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when the file cannot be opened, `SERVICE_ERR_OUTPUT` when it cannot be written; what `work` throws.
 */
export async function keepingPackets<Result>(path: string, stderr: Writable, work: Work<Result>): Promise<Result | undefined> {
  const file = openOut('--pcapng', path);
  try {
    const done = await interruptible(async (signal) => {
      const packets = await openPacketFile({ write: (bytes) => file.write(bytes) });
      try {
        return await work(packets, signal);
      } finally {
        const shortfall = await packets.close();
        if (shortfall !== undefined) stderr.write(`--pcapng ${path}: ${said(shortfall)}\n`);
      }
    });
    if (done.kind === 'done') return done.result;
    stderr.write(`interrupted: what passed until then is in ${path}\n`);
    return undefined;
  } finally {
    file.close();
  }
}

const MIB = 1_048_576;
const WHY = { absent: 'there is no tcpdump here', refused: 'tcpdump may not capture here (as root it may)' };
const WRITTEN = 'it has what the programs wrote, at the times of their writes; handshakes, acknowledgements and cuts are made up';

function said(shortfall: Shortfall): string {
  if (shortfall.kind === 'written') return `${WHY[shortfall.why]}: ${WRITTEN}`;
  if (shortfall.kind === 'dropped') return `the kernel dropped ${shortfall.packets} packets of loopback, which may be ours`;
  if (shortfall.kind === 'full') return `the file is full at ${shortfall.maxBytes / MIB} MiB: what came later is missing`;
  return 'the capture ended before the runs did: packets are missing';
}
