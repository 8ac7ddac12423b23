// A framed echo over sockets: `pnpm --filter @socklab/framing bench:echo`, with the options below for development.

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeLoad } from '@socklab/bench';
import { measure } from './measure.ts';
import { echoReport } from './report.ts';
import { SERVERS } from './servers/index.ts';
import type { EchoCell, EchoSample } from './measure.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,64,1000' },
    sizes: { type: 'string', default: '64,1024,65536' },
    depths: { type: 'string', default: '1,32' },
    milliseconds: { type: 'string', default: '500' },
  },
});

const numbers = (list: string): readonly number[] => list.split(',').map(Number);
const servers = SERVERS.filter(({ name }) => values.only === '' || values.only.split(',').includes(name));
const cells: readonly EchoCell[] = numbers(values.connections).flatMap((connections) =>
  numbers(values.sizes).flatMap((payloadBytes) =>
    numbers(values.depths)
      // Of the largest frames more than a few MiB would be under way.
      .filter((depth) => connections * depth * payloadBytes <= 2 ** 27)
      .map((depth): EchoCell => ({ connections, payloadBytes, depth })),
  ),
);

const load = describeLoad();
const samples = new Map<EchoCell, Map<string, EchoSample[]>>();
for (const cell of cells) {
  const byName = new Map(servers.map(({ name }) => [name, [] as EchoSample[]]));
  samples.set(cell, byName);
  process.stderr.write(`${JSON.stringify(cell)}\n`);
  // In turns, so that a slow minute of the machine meets all of them.
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const server of servers) {
      try {
        byName.get(server.name)!.push(await measure(server, cell, Number(values.milliseconds)));
      } catch (error) {
        process.stderr.write(`bench: ${String(error)}\n`);
        process.exitCode = 1;
      }
    }
  }
}
const text = echoReport(samples, { load, rounds: Number(values.rounds) });
process.stdout.write(text);
const isWhole = process.argv.length === 2;
if (isWhole) await writeFile(new URL('../ECHO.md', import.meta.url), text);
