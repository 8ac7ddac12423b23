import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cpuNanoseconds, startListening } from '@socklab/bench';
import { here, NODE } from './contenders.ts';
import type { Contender, Tools } from './contenders.ts';
import type { Effort } from './effort.ts';

/** One relay in front of one echo server, under load. */
export interface PassSample {
  readonly messagesPerSecond: number;
  /** NaN where that cannot be read. */
  readonly relayNanosecondsPerMessage: number;
}

/** 64 connections × 1 KiB, with this many messages in flight on each. */
export const DEPTHS: readonly number[] = [1, 32];

const CONNECTIONS = 64;
const run = promisify(execFile);

/** Measures one relay. The client is `tcp-echo call`, which checks every byte. */
export async function measurePass(
  contender: Contender,
  depth: number,
  tools: Tools,
  { warmupMs, durationMs }: Effort,
): Promise<PassSample> {
  await using server = await startListening([tools.echo]);
  await using relay = await startListening(contender.command(server.port));
  await load(relay.port, depth, warmupMs);
  const before = cpuNanoseconds(relay.pid);
  const { messages, seconds } = await load(relay.port, depth, durationMs);
  const spent = contender.isForking === true ? Number.NaN : cpuNanoseconds(relay.pid) - before;
  return { messagesPerSecond: messages / seconds, relayNanosecondsPerMessage: spent / messages };
}

async function load(port: number, depth: number, durationMs: number): Promise<{ readonly messages: number; readonly seconds: number }> {
  const options = `--connections ${CONNECTIONS} --size 1KiB --depth ${depth} --duration ${durationMs}ms --timeout 20s --json --quiet`;
  const { stdout } = await run(NODE[0]!, [
    ...NODE.slice(1),
    here('../../../tcp-echo/src/main.ts'),
    'call',
    `127.0.0.1:${port}`,
    ...options.split(' '),
  ]);
  const report = JSON.parse(stdout) as { readonly messages: { readonly answered: number }; readonly durationSeconds: number };
  return { messages: report.messages.answered, seconds: report.durationSeconds };
}
