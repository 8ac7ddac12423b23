import { PassThrough } from 'node:stream';
import { machine } from '@socklab/lab/testing';
import { parseWords } from '@socklab/service';
import { misnamed } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createStickyLabProgram } from '../src/cli.ts';

const nowhere = new PassThrough();
const streams = { stdin: nowhere, stdout: nowhere, stderr: nowhere };
const program = createStickyLabProgram({ experiments: [], stdout: nowhere, machine, streams, exitWith: () => undefined });

test('every command and every option, mistyped, is refused with the name that was meant', async () => {
  expect(await misnamed(program, parseWords)).toEqual([]);
});
