import { framingOf, layoutOf } from '@socklab/framing';
import { readFraming } from '@socklab/framing/node';
import { decoderSource, TARGETS } from '@socklab/framing/translate';
import { InvalidArgumentError, option, ServiceError } from '@socklab/service';
import { APP } from '../../version.ts';
import { readKaitai } from './read-kaitai.ts';
import type { Target } from '@socklab/framing/translate';
import type { Command, Streams } from '@socklab/service';

interface LayoutFlags {
  readonly to?: Target;
  readonly port?: number;
  readonly from?: 'kaitai';
}

/** Adds `layout`: prints a framing as a layout, or as a decoder in another language. */
export function addLayoutCommand(program: Command, { streams }: { readonly streams: Streams }): void {
  program
    .command('layout')
    .description('print a framing as JSON, or as a decoder in another language')
    .argument('<framing>', 'a name, a short form such as line:crlf, or a layout file, my.json')
    .addOption(option(APP, '--to <language>', 'what to print', { choices: TARGETS }))
    .addOption(
      option(APP, '--from <language>', 'what the file is: a .ksy file of Kaitai Struct, as far as it is framing', { choices: ['kaitai'] }),
    )
    .addOption(option<number>(APP, '--port <number>', 'of --to wireshark: the TCP port whose streams are dissected', { parse: parsePort }))
    .action((framing: string, flags: LayoutFlags) => void streams.stdout.write(printed(framing, flags)));
}

/** @throws ServiceError `SERVICE_ERR_USAGE` that says where the layout is wrong, or what a language cannot express. */
function printed(text: string, { to, port, from }: LayoutFlags): string {
  if (port !== undefined && to !== 'wireshark') throw new ServiceError('SERVICE_ERR_USAGE', '--port is for --to wireshark');
  try {
    const { layout, create } = from === undefined ? readFraming(text) : framingOf(readKaitai(text));
    if (to === undefined) return `${JSON.stringify({ ...layout, ...layoutOf(create()) }, undefined, 2)}\n`;
    return decoderSource(layout, to, port === undefined ? {} : { port });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ServiceError('SERVICE_ERR_USAGE', cause.message, { cause });
  }
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('a port is a number from 1 to 65535.');
}
