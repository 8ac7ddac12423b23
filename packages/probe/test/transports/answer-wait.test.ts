import { once } from 'node:events';
import { standStill } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createAnswerReader } from '../../src/transports/answer-reader.ts';
import { untilAnswered } from '../../src/transports/answer-wait.ts';
import { pair } from '../kernel/unread-pair.ts';

test('an answer that came while this process stood still is not late', async () => {
  await using connection = await pair();
  const reader = createAnswerReader(connection.client, 1024);
  const waiting = untilAnswered(reader, { kind: 'bytes', count: 6 }, 50);
  connection.peer.write('answer');
  standStill(100);
  expect(await waiting).toBe('reached');
});

test('a standstill of this process is no silence of the peer', async () => {
  await using connection = await pair();
  const reader = createAnswerReader(connection.client, 1024);
  connection.peer.write('one ');
  await once(connection.client, 'data');
  const waiting = untilAnswered(reader, { kind: 'quiet', ms: 50 }, 10_000);
  connection.peer.write('answer');
  standStill(100);
  expect(await waiting).toBe('reached');
  expect(Buffer.from(reader.take()).toString()).toBe('one answer');
});

test('a peer that says nothing is late, also when bytes came before', async () => {
  await using connection = await pair();
  const reader = createAnswerReader(connection.client, 1024);
  expect(await untilAnswered(reader, { kind: 'bytes', count: 6 }, 20)).toBe('late');
  connection.peer.write('one ');
  await once(connection.client, 'data');
  expect(await untilAnswered(reader, { kind: 'bytes', count: 6 }, 20)).toBe('late');
});
