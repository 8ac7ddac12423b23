import { resetSocket } from '@socklab/service';
import { closed, socketPair } from '@socklab/testkit';
import { expect, test } from 'vitest';

test.each(['before its end', 'in the same turn as its end', 'while the system is asked for its end'])(
  'a socket that is reset %s is closed, and the peer learns of it',
  async (when) => {
    await using pair = await socketPair({ server: { allowHalfOpen: true } });
    const { server: accepted, client } = pair;
    client.on('error', () => undefined).resume();
    accepted.on('error', () => undefined);
    if (when !== 'before its end') accepted.end();
    if (when.startsWith('while')) process.nextTick(() => resetSocket(accepted));
    else resetSocket(accepted);
    await Promise.all([closed(accepted), closed(client)]);
    expect(accepted.destroyed).toBe(true);
  },
);
