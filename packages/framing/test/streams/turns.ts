import { once } from 'node:events';
import { receive, socketPair } from '@socklab/testkit';

/** Lets `count` messages go to and fro over a connection of its own: time in which other sockets would have moved. */
export async function turns(count = 200): Promise<void> {
  await using pair = await socketPair();
  for (let turn = 0; turn < count; turn++) {
    pair.client.write('x');
    await receive(pair.server, 1);
    pair.server.write('x');
    await receive(pair.client, 1);
  }
  pair.client.end();
  await once(pair.server.resume(), 'end');
}

/** Whether `promise` has neither resolved nor rejected. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}
