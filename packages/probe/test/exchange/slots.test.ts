import { afterEach, describe, expect, test } from 'vitest';
import { parseConversation } from '../../src/exchange/conversation.ts';
import { createExchange, requestExchange } from '../../src/exchange/create.ts';
import { utf8 } from '../exchanges.ts';
import { CONFIRMED, createTargets, lines, probe } from '../line-server.ts';
import type { Exchange } from '../../src/types.ts';

const targets = createTargets();

afterEach(() => targets.stop());

/** Gives each connection an id of its own, and wants it back, with a cookie that is computed from it. */
function greeting(): Promise<string> {
  return targets.start((socket, connection) => {
    const id = String(connection * 7919 + 10_000_000);
    socket.write(`hello id=${id}\n`);
    lines(socket, (line) => socket.write(line === `login ${id} ${99_999_999 - Number(id)}` ? `welcome ${id}\n` : 'ERR who are you\n'));
  });
}

const LOG_IN = createExchange({
  framing: 'line',
  steps: [
    { expect: { kind: 'frames', count: 1, framing: 'line' }, capture: [{ name: 'id', pattern: /id=(\d+)/, bytes: 8 }] },
    {
      send: utf8('login 00000000 00000000\n'),
      reply: (captured) => {
        const id = Buffer.from(captured.get('id')!).toString('latin1');
        return utf8(`login ${id} ${99_999_999 - Number(id)}\n`);
      },
    },
    { expect: { kind: 'control' } },
  ],
});

describe('what a server says is sent back', () => {
  test('as it was captured, and answers with it compare equal', async () => {
    const target = await targets.start((socket, connection) => {
      const id = String(connection + 10_000_000);
      socket.write(`hello ${id}\n`);
      lines(socket, (line) => socket.write(line === `bye ${id}` ? `bye bye ${id}\n` : 'ERR\n'));
    });
    const exchange = parseConversation(
      JSON.stringify({
        steps: [
          { expect: 'bytes:15', capture: [{ name: 'id', at: 6, bytes: 8 }] },
          { send: { hex: '62 79 65 20 {{id}} 0a' } },
          { expect: 'control' },
        ],
      }),
    );
    const report = await probe({ target, exchange, plans: 'thorough' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 }, control: { kind: 'ok' } });
    expect(Buffer.from(report.control.answers[1]!.hex, 'hex').toString()).toBe('bye bye {{id}}\n');
  });

  test('as a reply computes it', async () => {
    const report = await probe({ target: await greeting(), exchange: LOG_IN, plans: 'every-cut+drip' });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 }, sends: [{ bytes: 24 }] });
  });

  test('not where it did not come: the control says so', async () => {
    const target = await targets.start((socket) => void socket.write('hello\n'));
    const report = await probe({ target, exchange: LOG_IN });
    expect(report).toMatchObject({ outcome: 'control-failed' });
    expect(report.control.detail).toContain('there is nothing for the capture id in answer 0');
  });
});

/** Keeps the line that it answers in a variable of all connections. */
function mixing(): Promise<string> {
  let current = '';
  return targets.start((socket) =>
    lines(socket, (line) => {
      current = line;
      setImmediate(() => socket.write(`${current}\n`));
    }),
  );
}

describe('{{trial}}', () => {
  const numbered = requestExchange(utf8('get {{trial}}\n'));

  test('is another number on each connection, as long as it is written', async () => {
    const seen = new Set<string>();
    const target = await targets.start((socket) => lines(socket, (line) => (seen.add(line), socket.write(`${line}!\n`))));
    const report = await probe({ target, exchange: numbered });
    expect(report).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0 }, sends: [{ bytes: 14 }] });
    expect([...seen].every((line) => /^get \d{9}$/.test(line))).toBe(true);
    // A control is run three times, and then as many times as trials run at once.
    expect(seen.size).toBeGreaterThanOrEqual(13 + 3 + 13);
  });

  test('shows an answer that belongs to another connection, which looks right where all requests are the same', async () => {
    const same = await probe({ target: await mixing(), exchange: requestExchange(utf8('get 123456789\n')) });
    const report = await probe({ target: await mixing(), exchange: numbered });
    expect(same).toMatchObject({ outcome: CONFIRMED, totals: { fail: 0, flaky: 0 } });
    expect(report).toMatchObject({ outcome: 'fail', diagnosis: { bug: 'shared-between-connections', confidence: 'certain' } });
    expect(report.cases[0]?.detail).toContain('the answer has the number of another connection');
  });

  test('is sent as it is written in a recording', () => {
    const send = utf8('{{trial}}');
    expect(createExchange({ steps: [{ send }], isLiteral: true }).steps[0]).toEqual({ send });
    expect(requestExchange(send).steps[0]).toMatchObject({ slots: [{ name: 'trial', start: 0, end: 9 }] });
  });
});

test.each<[string, unknown, string]>([
  ['a capture without a place', [{ name: 'id', bytes: 4 }], 'has either "at" or "pattern"'],
  ['a capture called trial', [{ name: 'trial', bytes: 4, at: 0 }], 'the name of a capture is like id'],
  ['a pattern that is none', [{ name: 'id', bytes: 4, pattern: '(' }], 'is not a regular expression'],
  ['a capture without bytes', [{ name: 'id', bytes: 0, at: 0 }], 'capture[0].bytes'],
])('%s is refused', (_what, capture, message) => {
  const json = JSON.stringify({ steps: [{ expect: 'bytes:4', capture }, { send: { text: 'a' } }] });
  expect(() => parseConversation(json)).toThrow(
    expect.objectContaining({ code: 'PROBE_ERR_EXCHANGE', message: expect.stringContaining(message) as string }),
  );
});

test('what sends back an answer is never glued to what comes before that answer', () => {
  const wait = { expect: { kind: 'bytes', count: 4 } as const, capture: [{ name: 'id', at: 0, bytes: 4 }] };
  const made = (glue: boolean): Exchange => createExchange({ steps: [{ send: utf8('a') }, wait, { send: utf8('{{id}}'), glue }] });
  expect(() => made(true)).toThrow('it cannot share a write');
  expect(made(false).steps[2]).toMatchObject({ glue: false });
});

test('a send that is not to be cut goes out whole in every plan', async () => {
  const reads: string[] = [];
  const target = await targets.start((socket) => {
    socket.on('data', (chunk: Buffer) => reads.push(chunk.toString('latin1')));
    lines(socket, (line) => socket.write(`${line}\n`));
  });
  const wait = { expect: { kind: 'control' } } as const;
  const exchange = createExchange({ framing: 'line', steps: [{ send: utf8('login\n'), cut: false }, wait, { send: utf8('get\n') }, wait] });
  const plans = 'thorough+every-pair+random:5+sizes:1,2+crlf+utf8+half-close';
  const report = await probe({ target, exchange, plans });
  expect(report.totals.fail).toBe(0);
  expect(reads.filter((read) => 'login\n'.startsWith(read) && read !== 'login\n')).toEqual([]);
  expect(report.sends[0]?.cells).toBe('-----');
});
