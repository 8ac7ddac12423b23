import { readFraming } from '@socklab/framing/node';
import { framingsWithFrames } from '@socklab/probe';
import { option } from '@socklab/service';
import { APP } from '../version.ts';
import type { Option } from '@socklab/service';

/**
 * `--framing` of a command that needs frames. Its value is what `framingOf` takes: a file is replaced by its content, so that
 * recordings, replay commands and workers need no file.
 */
export function framingFlag(help: string): Option {
  const forms = `${framingsWithFrames.join(', ')}; a short form such as line:crlf or delimited:\\0; a layout file, my.json`;
  return option(APP, '--framing <name>', `${help}: ${forms}`, { parse: framingText });
}

/** @throws RangeError for an invalid framing, and for `raw`, which has no frames. */
function framingText(text: string): string {
  const { name, keepsBoundaries, text: read } = readFraming(text);
  if (keepsBoundaries) return read;
  throw new RangeError(`the framing ${name} keeps no boundaries; allowed: ${framingsWithFrames.join(', ')}`);
}
