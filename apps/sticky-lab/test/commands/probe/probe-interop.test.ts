import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { codecByName, FRAMINGS } from '@socklab/framing';
import { probe, PROTOCOLS, requestExchange } from '@socklab/probe';
import { listening, startProgram } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { CONVERSATIONS } from './probe-conversations.ts';
import { PEERS } from './probe-peers.ts';
import { CAMPAIGN_MS, isLinux, stickyLab } from './probe-run.ts';

function example(file: string): string {
  return fileURLToPath(new URL(`../../../examples/${file}`, import.meta.url));
}

// Nothing hangs here, so there is time enough, however busy the machine is.
const PATIENT = { hangMs: 10_000, pace: { kind: 'drain', timeoutMs: 10_000 } } as const;

async function expectNoAlarm(target: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await stickyLab(['probe', '--target', target, '--pace', 'drain', ...args]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /\nPASS {2}all \d+ trials went well, each piece confirmed as read before the next\n(?:early: .+\n)?not tried: .+\n$/,
  );
  expect(code).toBe(0);
}

describe.runIf(isLinux)('over every single cut of its conversation', () => {
  test.for(PEERS)(
    '$name, asked in $protocol, raises no alarm',
    { timeout: 2 * CAMPAIGN_MS },
    async ({ name, protocol, program, start }, { skip }) => {
      skip(program === undefined, `${name} is not installed`);
      await using peer = await start();
      await expectNoAlarm(peer.target, ['--protocol', protocol]);
    },
  );

  test.for(Object.values(CONVERSATIONS))('$file is the conversation that is ready, with its masks', ({ file, args }) => {
    const ready = PROTOCOLS.find(({ name }) => `${name}.json` === file);
    expect(JSON.parse(readFileSync(example(file), 'utf8'))).toEqual(ready?.conversation);
    expect(args.filter((word) => word !== '--mask')).toEqual(ready?.masks);
  });

  test('node:http raises no alarm', { timeout: CAMPAIGN_MS }, async () => {
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => (body += text)).on('end', () => response.end(`${request.method} ${body}`));
    });
    try {
      await expectNoAlarm(`127.0.0.1:${await listening(server)}`, [
        '--conversation',
        example('http.json'),
        '--plan',
        'every-cut+crlf+utf8',
      ]);
    } finally {
      server.close();
    }
  });
});

describe.runIf(isLinux).concurrent('tcp-echo raises no alarm over every single cut and with requests glued', () => {
  test.for(FRAMINGS.filter(({ keepsBoundaries }) => keepsBoundaries))(
    'framed as $name',
    { timeout: CAMPAIGN_MS },
    async ({ name, exampleFrames }) => {
      await using echo = startProgram('tcp-echo', ['--listen', 'tcp://127.0.0.1:0', '--framing', name, '--accept-rate', 'off'], {
        stdin: 'ignore',
      });
      const { endpoints } = (await echo.log('listening')) as { endpoints: readonly string[] };
      const codec = codecByName(name);
      const payloads = exampleFrames?.slice(0, 2) ?? [Buffer.from('grüße, 世界'), Buffer.from('second')];
      const request = Buffer.concat(payloads.map((payload) => codec.encode(payload)));
      const target = endpoints[0]!.replace('tcp://', '');
      const exchange = requestExchange(request, { framing: name });
      const report = await probe({ target, exchange, plans: 'every-cut+boundary:-1,0,1+glue:2+drip', ...PATIENT });
      expect(report).toMatchObject({ outcome: 'pass', totals: { fail: 0, flaky: 0, unconfirmed: 0 } });
      expect(report.totals.pass).toBeGreaterThan(request.length);
    },
  );
});
