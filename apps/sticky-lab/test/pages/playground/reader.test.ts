import { codecByName } from '@socklab/framing';
import { createLab, utf8 } from '@socklab/lab';
import { describe, expect, test } from 'vitest';
import { openLoopbackPair } from '../../../src/pages/playground/loopback-pair.ts';
import { Reader } from '../../../src/pages/playground/reader.ts';

describe('a receiver', () => {
  test('fails with what its decoder throws, and whoever waits for bytes goes on', async () => {
    const lab = createLab(new AbortController().signal);
    try {
      const recorder = lab.converse({ label: { en: 'one', zh: '一' }, transport: 'tcp' });
      const reader = new Reader({ codec: codecByName('netstring'), readGapMs: 0, recorder });
      const { sending, receiving } = await openLoopbackPair(lab, { noDelay: true, readBytes: 8, onRead: (chunk) => reader.took(chunk) });
      reader.attach(receiving);
      reader.start();
      sending.write(utf8('no netstring'));
      await reader.hasRead(1000);
      await expect(reader.finished).rejects.toThrow(expect.objectContaining({ code: 'FRAME_ERR_MALFORMED_LENGTH' }));
      await reader.hasRead(1000);
    } finally {
      await lab.close();
    }
  });

  test('fails with LAB_ERR_CLOSED when the connection closes before its end', async () => {
    const lab = createLab(new AbortController().signal);
    const recorder = lab.converse({ label: { en: 'one', zh: '一' }, transport: 'tcp' });
    const reader = new Reader({ codec: codecByName('i32le'), readGapMs: 0, recorder });
    const { receiving } = await openLoopbackPair(lab, { noDelay: true, readBytes: 8, onRead: (chunk) => reader.took(chunk) });
    reader.attach(receiving);
    await lab.close();
    await expect(reader.finished).rejects.toThrow(expect.objectContaining({ code: 'LAB_ERR_CLOSED' }));
  });
});
