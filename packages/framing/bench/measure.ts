// One contender in one cell, alone in this process: run by run.ts, with a Job as its argument.

import { cellByName } from './job.ts';
import { createHasher, expectedHash, expectedSums, touch } from './visitor.ts';
import { createWorkload } from './workload.ts';
import type { Contender, Tally } from './contender.ts';
import type { Job, Outcome } from './job.ts';
import type { Workload } from './workload.ts';

/** Runs that take longer are not repeated to count allocations. */
const LONGEST_WATCHED_MS = 1000;

const job = JSON.parse(process.argv[2]!) as Job;
const { contender } = (await import(`./contenders/${job.contender}.ts`)) as { contender: Contender };
const { size, chunking } = cellByName(job.cell);
const workload = createWorkload(size, chunking, contender.wire, job.frames);
const outcome = job.mode === 'verify' ? await verify(contender, workload) : await time(contender, workload, job);
process.stdout.write(`${JSON.stringify(outcome)}\n`);

/** One run that hashes every byte of every payload. */
async function verify({ name, task, prepare }: Contender, input: Workload): Promise<Outcome> {
  const { visitor, state } = createHasher();
  const run = prepare(input, visitor);
  const startedAt = performance.now();
  const { frames } = await run();
  const elapsedMs = performance.now() - startedAt;
  const expected = expectedHash(task, input);
  if (frames !== input.payloads.length || state.hash !== expected) {
    const seen = `${frames} frames with hash ${state.hash}`;
    return { ok: false, message: `${name} is wrong: ${seen}, expected ${input.payloads.length} with hash ${expected}` };
  }
  const nsPerFrame = (elapsedMs * 1e6) / frames;
  if (elapsedMs > LONGEST_WATCHED_MS) return { ok: true, runs: 1, nsPerFrame };
  return { ok: true, runs: 1, nsPerFrame, bytesPerFrame: (await allocatedBytes(run)) / frames };
}

/** Bytes that the second run allocates, in the heap and outside of it: the first also makes what stays. Less when it triggers a collection. */
async function allocatedBytes(run: () => Tally | Promise<Tally>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  await run();
  const after = process.memoryUsage();
  return Math.max(0, after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
}

/** Runs until warm, then until enough time has been measured; a slow contender is measured once, after one run. */
async function time({ prepare, wire }: Contender, input: Workload, { frames, warmUpMs, measureMs }: Job): Promise<Outcome> {
  // Over few frames at first, as a server gets them. Else the compiler sees a loop in its first run, before all of it was run once, and the process keeps that code.
  const few = createWorkload(size, chunking, wire, Math.max(1, frames >> 4));
  await repeat(prepare(few, touch), checker(few), warmUpMs / 2);
  const run = prepare(input, touch);
  const check = checker(input);
  await repeat(run, check, warmUpMs / 2);
  // A whole collection here would also discard the compiled code: no decoder is alive between two runs, so the code's weak references to what one looks like would go.
  globalThis.gc?.({ type: 'minor' });
  const { runs, processorUs } = await repeat(run, check, measureMs);
  return { ok: true, runs, nsPerFrame: (processorUs * 1000) / (runs * input.payloads.length) };
}

// Processor time, not the clock: whatever else the machine does, the process has done the same work, and is as warm.
async function repeat(
  run: () => Tally | Promise<Tally>,
  check: (tally: Tally) => void,
  atLeastMs: number,
): Promise<{ runs: number; processorUs: number }> {
  const usedBefore = process.cpuUsage();
  let runs = 0;
  let processorUs = 0;
  do {
    check(await run());
    runs++;
    const { user, system } = process.cpuUsage(usedBefore);
    processorUs = user + system;
  } while (processorUs < atLeastMs * 1000);
  return { runs, processorUs };
}

function checker(input: Workload): (tally: Tally) => void {
  const sums = expectedSums(input);
  return ({ frames, sum }) => {
    if (frames !== input.payloads.length || !sums.includes(sum)) throw new Error(`${frames} frames, sum ${sum}: not what was verified`);
  };
}
