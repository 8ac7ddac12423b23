import { signal } from '@preact/signals';
import { t } from '../../../shell/language.ts';
import type { Dissection } from '../../../../src/pages/codec/dissect.ts';
import type { ComponentType } from 'preact';

/** What shows the capture that was opened, or why it was not. */
export interface Opened {
  readonly Streams?: ComponentType;
  readonly Wire?: ComponentType<{ readonly dissection: Dissection }>;
  readonly refusal?: string;
}

/** What came of the file that was given last. */
export const opened = signal<Opened | undefined>(undefined);

/** Opens a file in the page: nothing of it is sent anywhere. What reads it is loaded now. */
export async function open(file: File): Promise<void> {
  const [{ take, Streams, Wire }, content] = await Promise.all([import('./wire.tsx'), file.arrayBuffer()]);
  try {
    take(file.name, new Uint8Array(content));
    opened.value = { Streams, Wire };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    opened.value = { refusal: t({ en: `${file.name}: ${error.message}`, zh: `${file.name} 不能用：${error.message}` }) };
  }
}
