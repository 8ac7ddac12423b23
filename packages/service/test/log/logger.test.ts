import { PassThrough } from 'node:stream';
import { createLogger } from '@socklab/service';
import { expect, test, vi } from 'vitest';
import type { LoggerOptions } from '../../src/log/logger.ts';

function loggerInto(options: Partial<LoggerOptions>, terminal = false) {
  const destination = Object.assign(new PassThrough(), { isTTY: terminal });
  const log = createLogger({ app: 'demo-app', destination, ...options });
  return { log, text: () => String(destination.read() ?? '') };
}

function formatOf(options: Partial<LoggerOptions>, terminal: boolean): 'json' | 'pretty' {
  const { log, text } = loggerInto(options, terminal);
  log.info('hello');
  return text().startsWith('{') ? 'json' : 'pretty';
}

function prettyLine(terminal: boolean): string {
  const { log, text } = loggerInto({ format: 'pretty' }, terminal);
  log.info({ endpoints: ['tcp://127.0.0.1:9000'] }, 'listening');
  return text();
}

test('a line has ISO time, level by name, app, values and msg', () => {
  const { log, text } = loggerInto({});
  log.info({ conn: 1, reason: 'peer ended' }, 'connection closed');
  const line = text();
  expect(line).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    app: 'demo-app',
    conn: 1,
    reason: 'peer ended',
    msg: 'connection closed',
  });
});

test('the line is with the destination when the call returns', () => {
  for (const format of ['json', 'pretty'] as const) {
    const { log, text } = loggerInto({ format });
    log.info('now');
    expect(text()).toContain('now');
  }
});

test('an error keeps its message, code and stack', () => {
  const { log, text } = loggerInto({});
  log.error({ err: Object.assign(new Error('no'), { code: 'FRAME_ERR_TOO_LARGE' }) }, 'failed');
  expect(JSON.parse(text())).toMatchObject({
    level: 'error',
    err: { message: 'no', code: 'FRAME_ERR_TOO_LARGE', stack: expect.any(String) },
  });
});

test('nothing below the level is written', () => {
  const { log, text } = loggerInto({ level: 'warn' });
  log.info('hidden');
  expect(text()).toBe('');
  log.warn('shown');
  expect(text()).toContain('shown');
});

test('auto is pretty on a terminal and JSON elsewhere; a format given wins', () => {
  expect(formatOf({}, true)).toBe('pretty');
  expect(formatOf({}, false)).toBe('json');
  expect(formatOf({ format: 'json' }, true)).toBe('json');
  expect(formatOf({ format: 'pretty' }, false)).toBe('pretty');
});

test('pretty is one line for an event, in colour only on a terminal and without NO_COLOR', () => {
  vi.stubEnv('NO_COLOR', '');
  expect(prettyLine(false)).toMatch(
    /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: demo-app: listening \{"endpoints":\["tcp:\/\/127\.0\.0\.1:9000"\]\}\n$/,
  );
  expect(prettyLine(true)).toContain('\u001b[');
  vi.stubEnv('NO_COLOR', '1');
  expect(prettyLine(true)).not.toContain('\u001b[');
  vi.unstubAllEnvs();
});

test('pretty shows control characters of a value escaped', () => {
  const { log, text } = loggerInto({ format: 'pretty' });
  log.info({ name: '\u001b[2J\u0007\r\u009b1m\u202e', path: String.raw`C:\u001b` }, 'from\u001b[31m a peer\r\u0085');
  const line = text();
  expect(line).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(line).toContain(String.raw`from\u001b[31m a peer\r\u0085`);
});

test('pretty keeps the lines of a stack', () => {
  const { log, text } = loggerInto({ format: 'pretty' });
  log.error({ err: new Error('no') }, 'failed');
  expect(text()).toMatch(/failed.*Error: no\n\s+at /s);
});
