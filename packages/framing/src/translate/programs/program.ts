import { codecOf, layoutOf } from '../../layout/codec-of.ts';
import { Reader } from '../../layout/reader.ts';
import { NETSTRING, octetCountedProgram } from './counted.ts';
import { delimitedProgram, lineProgram } from './ended.ts';
import { untranslatable } from './errors.ts';
import { frameProgram, nettyProgram } from './frame.ts';
import { readProgram } from './language.ts';
import { COBS, COBS_STATE, SLIP, SLIP_STATE } from './stuffed.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Program } from './language.ts';

/** A layout, and the program that reads it. */
export interface Translation {
  /** As `layoutOf` prints it: with all defaults. */
  readonly layout: Layout;
  /** Facts from its author: the name, the summary, the source. */
  readonly facts: Layout;
  readonly program: Program;
  readonly maxPayloadBytes: number;
}

/**
 * The program of a layout. It reads frames, as `codecOf` does: a preamble is not part of it.
 *
 * @throws RangeError that says where the layout is wrong, or which part of it cannot be translated.
 */
export function translate(facts: Layout): Translation {
  const codec = codecOf(facts);
  const layout = layoutOf(codec);
  const [lines, state = []] = linesOf(layout);
  return { layout, facts, program: readProgram(lines, state), maxPayloadBytes: codec.maxPayloadBytes };
}

function linesOf(layout: Layout): readonly [readonly string[], (readonly string[])?] {
  switch (layout.kind) {
    case 'frame':
      return [frameProgram(new Reader(layout, 'layout', Object.keys(layout)))];
    case 'netty':
      return [nettyProgram(layout)];
    case 'line':
      return [lineProgram(layout)];
    case 'delimited':
      return [delimitedProgram(layout)];
    case 'fixed':
      return [[`need start + ${layout.byteLength}`, `frame start, start + ${layout.byteLength}, start + ${layout.byteLength}`]];
    case 'netstring':
      return [NETSTRING];
    case 'octet-counted':
      return [octetCountedProgram(layout)];
    case 'slip':
      return [SLIP, SLIP_STATE];
    case 'cobs':
      return [COBS, COBS_STATE];
    case 'content-length':
      throw untranslatable('kind content-length', 'header lines are text that has to be parsed');
    case 'stuffed':
    case 'fragments':
    case 'choice':
    case 'text':
    case 'resp':
      throw untranslatable(`kind ${layout.kind}`, 'programs read frames of a length, an end or a stuffing that is built in');
    case 'raw':
      throw untranslatable('kind raw', 'it keeps no boundaries, so there is nothing to decode');
    default:
      throw untranslatable(`kind ${(layout as Layout).kind}`, 'no program of it is written');
  }
}
