import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cpuNanoseconds, startListening } from '@socklab/bench';
import type { Contender, Tools } from './contenders.ts';
import type { Effort } from './effort.ts';
import type { Listening } from '@socklab/bench';

/** The cost of one piece, in nanoseconds: until the last one was read, and of the writer's processor time. */
export interface SplitSample {
  readonly wallNanoseconds: number;
  readonly senderNanoseconds: number;
}

/** Sizes of pieces, in bytes. */
export const PIECES: readonly number[] = [1, 16, 1460];

/** The size of a relay's input: the pieces cannot be guessed from it. */
const FED_BYTES = 65_536;
const run = promisify(execFile);

/** Measures one `send()` a piece, in a loop in C and with no relay. */
export async function measureBareSend(pieceBytes: number, tools: Tools, { pieces }: Effort): Promise<SplitSample> {
  await using sink = await startListening([tools.echo, 'sink']);
  const { wall, processor } = await feed(tools, sink.port, sink, pieceBytes, pieceBytes * pieces);
  return { wallNanoseconds: wall / pieces, senderNanoseconds: processor / pieces };
}

/** Measures a relay that cuts what it is fed. */
export async function measureSplit(contender: Contender, pieceBytes: number, tools: Tools, { pieces }: Effort): Promise<SplitSample> {
  await using sink = await startListening([tools.echo, 'sink']);
  await using relay = await startListening(contender.command(sink.port));
  await feed(tools, relay.port, sink, FED_BYTES, (pieceBytes * pieces) / 2);
  const before = cpuNanoseconds(relay.pid);
  const { wall } = await feed(tools, relay.port, sink, FED_BYTES, pieceBytes * pieces);
  return { wallNanoseconds: wall / pieces, senderNanoseconds: (cpuNanoseconds(relay.pid) - before) / pieces };
}

/** Sends so many bytes to a port; all of them must arrive at the sink. */
async function feed(
  tools: Tools,
  port: number,
  sink: Listening,
  writeBytes: number,
  bytes: number,
): Promise<{ readonly wall: number; readonly processor: number }> {
  const byteLength = Math.ceil(bytes);
  const { stdout } = await run(tools.feed, [port, writeBytes, byteLength].map(String));
  const arrived = Number(await sink.nextLine());
  if (arrived !== byteLength) throw new Error(`${arrived} of ${byteLength} bytes arrived`);
  const [wall = Number.NaN, processor = Number.NaN] = stdout.trim().split(' ').map(Number);
  return { wall, processor };
}
