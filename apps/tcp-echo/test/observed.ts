import { connectTo, readAll, receive } from '@socklab/testkit';
import { startEcho } from './start.ts';
import type { Echo } from './start.ts';
import type { ConnectOptions, Program } from '@socklab/testkit';
import type { Socket } from 'node:net';

/** The admin endpoint of a running tcp-echo. */
export interface Admin {
  get(path: string): Promise<Response>;
  /** The value of one series: `connections_closed_total{reason="reset"}`, without what all names begin with. */
  metric(series: string): Promise<number>;
  /** The sum of a metric over its labels. */
  sum(name: string): Promise<number>;
}

/** Starts tcp-echo with an admin endpoint. */
export async function startObserved(
  args: readonly string[] = [],
): Promise<{ readonly echo: Echo; readonly admin: Admin } & AsyncDisposable> {
  const echo = await startEcho(['--admin', '127.0.0.1:0', ...args]);
  return { echo, admin: await adminOf(echo.program), [Symbol.asyncDispose]: () => echo[Symbol.asyncDispose]() };
}

/** The admin endpoint that a program says it has. */
export async function adminOf(program: Program): Promise<Admin> {
  const { endpoint } = await program.log('admin listening');
  const base = String(endpoint).replace('tcp:', 'http:');
  const get = (path: string): Promise<Response> => fetch(`${base}${path}`, { headers: { connection: 'close' } });
  const values = async (matches: (series: string) => boolean): Promise<number[]> => {
    const lines = (await (await get('/metrics')).text()).split('\n').filter((each) => each.startsWith('socklab_tcp_echo_'));
    const rows = lines.map((each) => [each.slice('socklab_tcp_echo_'.length, each.lastIndexOf(' ')), each.slice(each.lastIndexOf(' '))]);
    return rows.filter(([series]) => matches(series!)).map(([, value]) => Number(value));
  };
  return {
    get,
    async metric(wanted) {
      const [value] = await values((series) => series === wanted);
      if (value === undefined) throw new RangeError(`there is no series ${wanted}`);
      return value;
    },
    async sum(name) {
      const all = await values((series) => series === name || series.startsWith(`${name}{`));
      return all.reduce((total, value) => total + value, 0);
    },
  };
}

/** Sends the text, ends, and gives the whole answer; or the code of the error that came instead. */
export async function ask(port: number, text: string, options: ConnectOptions = {}): Promise<string> {
  try {
    const client = await connectTo(port, options);
    client.end(text);
    return (await readAll(client)).toString();
  } catch (error) {
    return codeOf(error);
  }
}

/** The code of a system error, wherever it came: a reset can be seen while connecting already. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}

/** Sends a text, and gives as many bytes of the answer. */
export async function roundTrip(client: Socket, text: string): Promise<string> {
  client.write(text);
  return (await receive(client, Buffer.byteLength(text))).toString();
}

/** Does one round after the other until the work is over; gives their number. */
export async function roundsDuring(work: Promise<unknown>, round: () => Promise<void>): Promise<number> {
  const state = { isOver: false };
  const over = (): void => {
    state.isOver = true;
  };
  work.then(over, over);
  let rounds = 0;
  for (; !state.isOver; rounds++) await round();
  return rounds;
}
