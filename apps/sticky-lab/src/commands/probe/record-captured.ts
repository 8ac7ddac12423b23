import { recordingHead, recordingLine } from '@socklab/probe';
import { hostPort, ServiceError } from '@socklab/service';
import { MAX_CAPTURE_BYTES, readCapture } from '@socklab/service/capture';
import { readInput } from './options/read-input.ts';
import { openOut } from './out-file.ts';
import type { ProcessContext } from '../process-context.ts';
import type { OutFile } from './out-file.ts';
import type { CapturedStream, ReadCapture, StreamEvent, StreamHalf } from '@socklab/service/capture';

/** Options of {@link recordCaptured}. */
export interface CapturedFlags {
  readonly fromPcap: string;
  readonly stream?: number;
  readonly out: string;
  readonly target?: string;
  readonly pcapng?: string;
  readonly framing?: string;
  readonly name?: string;
  readonly maxBytes: number;
}

/** Most connections that an error lists. */
const SHOWN_STREAMS = 20;
/** Most that a recording which is read again may have. */
const MAX_EVENTS = 999_000;

/**
 * Makes a recording of a connection that was captured elsewhere, up to the first byte that the capture lacks: what follows a gap would be an
 * answer to something that nobody knows. What was put in order, came again or is missing is said.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for a file that is no capture, and where it is not clear which connection is meant.
 */
export async function recordCaptured(flags: CapturedFlags, { streams: { stdout, stderr } }: ProcessContext): Promise<void> {
  const { fromPcap, out, framing, name, target } = flags;
  if (flags.pcapng !== undefined) throw usage('--pcapng is for a connection that passes, --from-pcap takes one that was captured');
  const capture = await read(fromPcap);
  const stream = chosen(capture, flags);
  const events = beforeGap(stream.events, flags.maxBytes);
  const server = target ?? hostPort(stream.server.host, stream.server.port);
  const file = openOut('--out', out);
  try {
    const head = { target: server, ...(framing === undefined ? {} : { framing }), ...(name === undefined ? {} : { name }) };
    file.write(recordingHead(head));
    writeEvents(file, events);
  } finally {
    file.close();
  }
  for (const remark of remarksOn(stream, capture, events)) stderr.write(`${remark}\n`);
  const [client, answers] = [bytesOf(events, 'client'), bytesOf(events, 'server')];
  stdout.write(`recorded ${client} bytes of the client and ${answers} bytes of the server in ${out}\n`);
}

async function read(path: string): Promise<ReadCapture> {
  const file = await readInput('--from-pcap', path, MAX_CAPTURE_BYTES);
  try {
    return readCapture(file);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw usage(`--from-pcap ${path}: ${cause.message}`, cause);
  }
}

function chosen({ streams, packets }: ReadCapture, { fromPcap, stream: index }: CapturedFlags): CapturedStream {
  const found = index === undefined ? streams[0] : streams[index];
  if (streams.length === 0) throw usage(`--from-pcap ${fromPcap} has no TCP connection in ${packets} packets`);
  if (found === undefined) throw usage(`--stream ${index} is not in ${fromPcap}, which has 0 to ${streams.length - 1}`);
  if (index !== undefined || streams.length === 1) return found;
  const list = streams.slice(0, SHOWN_STREAMS).map(streamLine);
  const more = streams.length > SHOWN_STREAMS ? `\n  and ${streams.length - SHOWN_STREAMS} more` : '';
  throw usage(`--from-pcap ${fromPcap} has ${streams.length} connections, say which with --stream:${list.join('')}${more}`);
}

function streamLine({ index, client, server }: CapturedStream): string {
  const [from, to] = [client, server].map(({ host, port }) => hostPort(host, port));
  return `\n  ${index}  ${from} to ${to}: ${client.byteLength} bytes of the client, ${server.byteLength} of the server`;
}

/** @throws ServiceError `SERVICE_ERR_USAGE` when there are more bytes or events than a recording takes. */
function beforeGap(events: readonly StreamEvent[], maxBytes: number): readonly StreamEvent[] {
  const gap = events.findIndex(({ missingBytes }) => missingBytes !== undefined);
  const before = gap < 0 ? events : events.slice(0, gap);
  const byteLength = bytesOf(before, 'client') + bytesOf(before, 'server');
  if (byteLength > maxBytes) throw usage(`the connection has ${byteLength} bytes, which is over --max-bytes ${maxBytes}`);
  if (before.length > MAX_EVENTS) throw usage(`the connection has ${before.length} segments, limit ${MAX_EVENTS}`);
  return before;
}

function bytesOf(events: readonly StreamEvent[], side: 'client' | 'server'): number {
  return events.reduce((sum, { from, bytes }) => sum + (from === side ? (bytes?.length ?? 0) : 0), 0);
}

function writeEvents(file: OutFile, events: readonly StreamEvent[]): void {
  for (const { ms, from, bytes, end } of events) {
    file.write(recordingLine({ ms, from, ...(bytes !== undefined && { bytes: bytes.slice() }), ...(end !== undefined && { end }) }));
  }
}

/** What whoever trusts the recording must know, a line each. */
function* remarksOn(stream: CapturedStream, capture: ReadCapture, recorded: readonly StreamEvent[]): Iterable<string> {
  const { client, hasBeginning, events } = stream;
  if (!hasBeginning) {
    yield `the capture begins amid the connection: what came before is not recorded, and ${hostPort(client.host, client.port)} is taken for the client`;
  }
  for (const side of ['client', 'server'] as const) yield* remarksOnHalf(side, stream[side]);
  const gap = events[recorded.length];
  if (gap !== undefined) {
    const at = bytesOf(recorded, gap.from);
    yield `the capture lacks ${gap.missingBytes} bytes of the ${gap.from} at byte ${at}: recorded up to there, ${events.length - recorded.length} events left out`;
  }
  if (capture.isTorn) yield 'the file ends inside of a packet, which is left out';
  const fragments = capture.otherPackets['fragments of IP packets'];
  if (fragments !== undefined) yield `${fragments} fragments of IP packets are not joined: bytes in them are missing`;
}

function* remarksOnHalf(side: string, { retransmittedBytes, outOfOrderSegments }: StreamHalf): Iterable<string> {
  if (retransmittedBytes > 0) yield `${retransmittedBytes} bytes of the ${side} came again and are recorded once`;
  if (outOfOrderSegments > 0) yield `segments of the ${side} that came out of order and were put in order: ${outOfOrderSegments}`;
}

function usage(text: string, cause?: unknown): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', text, { cause });
}
