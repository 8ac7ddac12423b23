// A framed echo over sockets, alone: `pnpm --filter @socklab/framing bench:echo`, for development. `bench` measures it too.

import { parseArgs } from 'node:util';
import { FULL_ECHO, measureEcho } from './all.ts';
import { echoReport } from './report.ts';
import { SERVERS } from './servers/index.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: String(FULL_ECHO.rounds) },
    connections: { type: 'string', default: FULL_ECHO.connections.join(',') },
    sizes: { type: 'string', default: FULL_ECHO.payloadBytes.join(',') },
    depths: { type: 'string', default: FULL_ECHO.depths.join(',') },
    milliseconds: { type: 'string', default: '500' },
    foreign: { type: 'boolean', default: false },
    idle: { type: 'string', default: '0' },
  },
});

const numbers = (list: string): readonly number[] => (list === '' ? [] : list.split(',').map(Number));
const results = await measureEcho(
  {
    servers: SERVERS.filter(({ name }) => values.only === '' || values.only.split(',').includes(name)),
    connections: numbers(values.connections),
    payloadBytes: numbers(values.sizes),
    depths: numbers(values.depths),
    rounds: Number(values.rounds),
    hasForeign: values.only === '' || values.foreign,
    milliseconds: Number(values.milliseconds),
    idleConnections: Number(values.idle),
  },
  (line) => void process.stderr.write(line),
);
process.stdout.write(`${echoReport(results).join('\n\n')}\n`);
for (const failure of results.failures) {
  process.stderr.write(`bench: ${failure}\n`);
  process.exitCode = 1;
}
