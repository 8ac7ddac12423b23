import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { platformBuffer } from '../../src/decoding/platform.ts';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

test("is Node's Buffer where there is one", () => {
  expect(platformBuffer).toBe(Buffer);
});

test('everything is the same without it, as in a browser', async () => {
  const code = `
    delete globalThis.Buffer;
    const { codecByName, framingNames } = await import('@socklab/framing');
    const { checkCodec } = await import('@socklab/framing/testing');
    const { platformBuffer } = await import('./src/decoding/platform.ts');
    const payloads = [new Uint8Array(100).fill(0x61), Uint8Array.of(1, 2, 3), new Uint8Array(0)];
    for (const name of ['u8', 'u16be', 'u32be', 'line', 'netstring', 'content-length', 'slip', 'cobs']) {
      checkCodec(codecByName(name), name === 'slip' ? payloads.slice(0, 2) : payloads);
    }
    console.log(platformBuffer === undefined, framingNames.length > 20);
  `;
  const parameters = ['--conditions=@socklab/source', '--input-type=module', '--eval', code];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters, { cwd: packageFolder });
  expect([stdout, stderr]).toEqual(['true true\n', '']);
});
