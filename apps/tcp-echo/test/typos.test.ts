import { PassThrough } from 'node:stream';
import { parseWords } from '@socklab/service';
import { misnamed } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createTcpEchoProgram } from '../src/cli.ts';

const nowhere = new PassThrough();
const streams = { stdin: nowhere, stdout: nowhere, stderr: nowhere };
const program = createTcpEchoProgram({ streams, env: {}, pid: 0 });

test('every command and every option, mistyped, is refused with the name that was meant', async () => {
  expect(await misnamed(program, parseWords)).toEqual([]);
});
