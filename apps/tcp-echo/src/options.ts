import { codecByName, framingNames, framingOf as readFramingText, line } from '@socklab/framing';
import { readFraming } from '@socklab/framing/node';
import { ServiceError, option, parsePositiveSize } from '@socklab/service';
import { APP } from './version.ts';
import type { ByteCodec } from '@socklab/framing';
import type { Option, OptionExtra } from '@socklab/service';

/** The values of {@link framingOptions}. */
export interface FramingFlags {
  readonly framing: string;
  /** Bytes. */
  readonly maxFrame: number;
}

/** An option of tcp-echo, with its environment variable. */
export const flag = <Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option => option(APP, flags, help, extra);

/** `--quit` */
export const quitOption = (): Option =>
  flag('--quit <word>', 'word that ends the conversation on both sides; empty: none', { default: 'q' });

/** `--framing`: anything that `framingOf` of `@socklab/framing` takes; a file is replaced by its content. */
export const framingOption = (): Option =>
  flag(
    '--framing <name>',
    `how messages are framed: ${framingNames.join(', ')}; a short form such as line:crlf or delimited:\\0; a layout file, my.json`,
    {
      default: 'raw',
      parse: (text) => readFraming(text).text,
    },
  );

/** `--framing` and `--max-frame` */
export const framingOptions = (): readonly Option[] => [
  framingOption(),
  flag<number>('--max-frame <size>', 'longest payload of a frame', { default: 65_536, defaultText: '64KiB', parse: parsePositiveSize }),
];

/** How an echo answers. `raw`: bytes as they arrive. `canonical`: whole frames, unchanged. `encoded`: payloads in new frames. */
export type Reply = 'raw' | 'canonical' | 'encoded';

/** The result of choosing a framing. */
export interface Framing {
  /** As given to `--framing`. */
  readonly name: string;
  readonly codec: ByteCodec;
  readonly keepsBoundaries: boolean;
  readonly reply: Reply;
}

/** The codec of `--framing` and `--max-frame`. @throws ServiceError when no frame is that short. */
export function framingOf({ framing, maxFrame }: FramingFlags): Framing {
  const { name, keepsBoundaries, isCanonical } = readFramingText(framing);
  const reply = keepsBoundaries ? (isCanonical ? 'canonical' : 'encoded') : 'raw';
  return { name, codec: codecOf(framing, maxFrame), keepsBoundaries, reply };
}

/** A last line without an ending is a line: `printf hi | nc` sends one. */
function codecOf(framing: string, maxPayloadBytes: number): ByteCodec {
  try {
    return framing === 'line' ? line({ maxPayloadBytes, unended: 'emit' }) : codecByName(framing, { maxPayloadBytes });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', error.message.replace('maxPayloadBytes', '--max-frame'));
  }
}
