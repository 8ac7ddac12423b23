import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { programCommand, repoRoot, startCommand, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import type { LabReport } from '@socklab/lab';
import type { RecordedFlow } from '@socklab/lab/picture';

const STRACE = 'strace';
/** Whether processes may be traced here. */
const canTrace = spawnSync(STRACE, ['-o', '/dev/null', 'true']).status === 0;
const SNMP = '/proc/net/snmp';

/** What was written or read by one call, by the kernel's own record. */
interface Call {
  readonly name: string;
  /** Which way the bytes go: from whom to whom. */
  readonly way: string;
  readonly bytes: number;
}

async function traced(id: string): Promise<{ readonly report: LabReport; readonly calls: readonly Call[] }> {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/calls`;
  const trace = [STRACE, '-f', '-yy', '-s', '0', '-e', 'trace=read,write,writev', '-o', file];
  await using program = startCommand([...trace, ...programCommand('sticky-lab', ['demo', id, '--json'])], {
    cwd: `${repoRoot}/apps/sticky-lab`,
    stdin: 'ignore',
  });
  expect((await program.exit()).code).toBe(0);
  const calls = [
    ...whole(readFileSync(file, 'utf8')).matchAll(
      /(?<name>read|writev?)\(\d+<TCP:\[(?<from>[^\]]+)->(?<to>[^\]]+)\]>.*\) += (?<bytes>\d+)$/gmu,
    ),
  ];
  return {
    report: JSON.parse(program.output().stdout) as LabReport,
    calls: calls.map(({ groups }) => {
      const { name = '', from = '', to = '', bytes } = groups ?? {};
      return { name, way: name === 'read' ? `${to} ${from}` : `${from} ${to}`, bytes: Number(bytes) };
    }),
  };
}

/** The text of strace, with each call that another thread interrupted in one line again. */
function whole(text: string): string {
  const begun = new Map<string, string>();
  const lines = text.split('\n').map((line) => {
    const {
      pid = '',
      start,
      rest,
    } = /^(?<pid>\d+) +(?:(?<start>.*) <unfinished \.\.\.>|<\.\.\. \w+ resumed>(?<rest>.*))$/.exec(line)?.groups ?? {};
    if (start !== undefined) begun.set(pid, start);
    return start !== undefined ? '' : rest === undefined ? line : `${pid} ${begun.get(pid) ?? ''}${rest}`;
  });
  return lines.join('\n');
}

/** What the picture of a flow says was written and read, in the order of each. */
function drawn({ events }: RecordedFlow): readonly unknown[] {
  const sizes = (type: 'write' | 'read'): readonly number[] =>
    events.flatMap((event) => (event.type === type ? [event.end - event.start] : []));
  return [sizes('write'), sizes('read')];
}

test.skipIf(!canTrace).each(['two-sends-merge', 'short-read-splits', 'frames-survive', 'naive-fix-breaks'])(
  'the picture of %s has the writes and reads that strace saw, and no others',
  async (id) => {
    const { report, calls } = await traced(id);
    // The way back of a flow of one direction has nothing but its end.
    const ways = [...Map.groupBy(calls, ({ way }) => way).values()].filter((own) => own.some(({ name }) => name !== 'read'));
    const seen = ways.map((own) => [
      own.filter(({ name }) => name !== 'read').map(({ bytes }) => bytes),
      own.filter(({ name }) => name === 'read').map(({ bytes }) => bytes),
    ]);
    const { flows } = report.experiments[0]!;
    expect(flows.length).toBeGreaterThan(0);
    expect(flows.map(drawn)).toEqual(seen);
  },
);

/** Datagrams of this machine that found no room where they were for, by the kernel's own count. */
function droppedForWantOfRoom(): number {
  const [names, values] = readFileSync(SNMP, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  return Number(values![names!.indexOf('RcvbufErrors')]);
}

test.skipIf(!existsSync(SNMP))('the datagrams that lesson 6 draws as lost are among those that the kernel counts as dropped', async () => {
  const before = droppedForWantOfRoom();
  await using program = startCommand(programCommand('sticky-lab', ['demo', 'udp-loses-silently', '--json']), {
    cwd: `${repoRoot}/apps/sticky-lab`,
    stdin: 'ignore',
  });
  expect((await program.exit()).code).toBe(0);
  const { experiments } = JSON.parse(program.output().stdout) as LabReport;
  const [burst] = experiments[0]!.flows;
  const lost = burst!.totals.write - burst!.totals.read;
  expect(lost).toBeGreaterThan(0);
  // Others on this machine may lose some too.
  expect(droppedForWantOfRoom() - before).toBeGreaterThanOrEqual(lost);
});
