import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  boundUdp,
  closed,
  connectTo,
  keys,
  readAll,
  repoRoot,
  sourceCommand,
  startCommand,
  startTerminal,
  terminalAvailable,
} from '@socklab/testkit';
import { expect, test } from 'vitest';

const command = sourceCommand(join(repoRoot, 'packages/workbench/src/main.ts'));
const env = { TCP_ECHO_LISTEN: 'tcp://127.0.0.1:0', UDP_MULTI_LISTEN: 'udp://127.0.0.1:0', STICKY_LAB_HTTP: '127.0.0.1:0' };

const port = (match: RegExpMatchArray): number => Number(match[1]);

test('runs the experiments, then all three services answer; SIGTERM ends them with exit 0', async () => {
  await using workbench = startCommand(command, { env });
  await workbench.waitFor(/Ctrl-C ends all 3/);
  const { stdout } = workbench.output();
  expect(stdout).toMatch(/^(\d+) experiments in \d+ ms: \1 as expected$/m);
  expect(stdout).not.toContain('helloalex');

  const client = await connectTo(port(await workbench.waitFor(/tcp-echo +tcp:\/\/127\.0\.0\.1:(\d+)/)));
  client.end('hello');
  expect((await readAll(client)).toString()).toBe('hello');

  const socket = createSocket('udp4');
  socket.send('hello', port(await workbench.waitFor(/udp-multi +udp:\/\/127\.0\.0\.1:(\d+)/)), '127.0.0.1');
  const [answer] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  expect(answer.toString()).toBe('hello');

  const page = await fetch(`http://127.0.0.1:${port(await workbench.waitFor(/sticky-lab +http:\/\/127\.0\.0\.1:(\d+)/))}/`);
  expect(await page.text()).toContain('<div id="app">');

  workbench.signal('SIGTERM');
  expect((await workbench.exit()).code).toBe(0);
  expect(servicesOf(workbench.pid)).toEqual([]);
});

test('--details shows what the sockets did', async () => {
  await using workbench = startCommand([...command, '--details'], { env });
  await workbench.waitFor(/Ctrl-C ends all 3/);
  expect(workbench.output().stdout).toContain('helloalex');
});

test.skipIf(!terminalAvailable()).each([60, 120])(
  'in a terminal of %i columns nothing of its own is wider; Ctrl-C ends all three with exit 0, and is called that',
  async (columns) => {
    await using terminal = startTerminal([...command, 'zh'], { env, size: { columns, rows: 80 } });
    await terminal.waitFor(/按 Ctrl-C 结束全部 3 个服务/);
    const own = terminal
      .rawText()
      .split(/\r?\n/)
      .filter((line) => !line.includes('INFO'));
    expect(own.filter((line) => widthOf(line) > columns)).toEqual([]);
    const pid = await terminal.pid();
    terminal.write(keys.ctrlC);
    expect((await terminal.exit()).code).toBe(0);
    expect(terminal.rawText()).toContain('Ctrl-C：');
    expect(servicesOf(pid)).toEqual([]);
  },
);

test('a port already taken is said plainly, with the way out; the others end, exit 69', async () => {
  await using occupant = await boundUdp();
  await using workbench = startCommand(command, { env: { ...env, UDP_MULTI_LISTEN: `udp://127.0.0.1:${occupant.port}` } });
  const { code, stdout, stderr } = await workbench.exit();
  expect(code).toBe(69);
  expect(stderr).toContain(`udp://127.0.0.1:${occupant.port}`);
  expect(stdout).toContain('UDP_MULTI_LISTEN=udp://127.0.0.1:9001 npm start');
  expect(servicesOf(workbench.pid)).toEqual([]);
});

test('when one service dies, the others end, and the exit code is 1', async () => {
  await using workbench = startCommand(command, { env });
  await workbench.waitFor(/Ctrl-C ends all 3/);
  const [victim] = servicesOf(workbench.pid);
  process.kill(victim!.pid, 'SIGKILL');
  const { code, stdout } = await workbench.exit();
  expect(code).toBe(1);
  expect(stdout).toContain('ended by itself');
});

test('when the workbench is killed, the services end by themselves', async () => {
  await using workbench = startCommand(command, { env });
  const match = await workbench.waitFor(/tcp-echo +tcp:\/\/127\.0\.0\.1:(\d+)/);
  await workbench.waitFor(/Ctrl-C ends all 3/);
  const client = await connectTo(port(match));
  workbench.signal('SIGKILL');
  await closed(client);
  // The output is shared with the services: it is at its end when the last of them has ended.
  await workbench.exit();
  const drained = workbench.logs('drained').map(({ app }) => String(app));
  expect(new Set(drained)).toEqual(new Set(['sticky-lab', 'tcp-echo', 'udp-multi']));
});

/** How many columns a terminal draws `text` with. */
function widthOf(text: string): number {
  return Array.from(text).length + (text.match(/[\u2e80-\ua4cf\uff00-\uff60]/gu)?.length ?? 0);
}

/** The children of a process, from the process table; none where the system has no /proc. */
function servicesOf(parent: number): readonly { readonly pid: number }[] {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map((pid) => ({ pid: Number(pid) }));
  } catch {
    return [];
  }
}
