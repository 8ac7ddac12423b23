import { codecOf, layoutOf } from '../../layout/codec-of.ts';
import { isPlainLayout } from '../../layout/layout.ts';
import { Reader } from '../../layout/reader.ts';
import { choiceProgram } from './choice.ts';
import { NETSTRING, octetCountedProgram } from './counted.ts';
import { delimitedProgram, lineProgram } from './ended.ts';
import { fragmentsProgram } from './fragments.ts';
import { frameProgram, nettyProgram } from './frame.ts';
import { readProgram } from './language.ts';
import { untranslatable } from './parts/errors.ts';
import { RESP } from './resp.ts';
import { startedProgram } from './started.ts';
import { COBS, SLIP, stuffedProgram } from './stuffed.ts';
import { textProgram } from './text.ts';
import type { PlainKindName } from '../../codecs/plain/plain-kinds.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Program, ProgramText } from './language.ts';

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
  return { layout, facts, program: readProgram(programText(layout)), maxPayloadBytes: codec.maxPayloadBytes };
}

function programText(layout: Layout): ProgramText {
  if (isPlainLayout(layout)) return plainProgram(layout.kind);
  switch (layout.kind) {
    case 'frame':
      return { lines: frameProgram(new Reader(layout, 'layout', Object.keys(layout))) };
    case 'netty':
      return { lines: nettyProgram(layout) };
    case 'line':
      return lineProgram(layout);
    case 'delimited':
      return layout.start === undefined ? { lines: delimitedProgram(layout) } : startedProgram(layout);
    case 'fixed':
      return { lines: [`need start + ${layout.byteLength}`, `frame start, start + ${layout.byteLength}, start + ${layout.byteLength}`] };
    case 'octet-counted':
      return { lines: octetCountedProgram(layout) };
    case 'stuffed':
      return stuffedProgram(layout);
    case 'fragments':
      return fragmentsProgram(layout);
    case 'choice':
      return choiceProgram(layout, programText);
    case 'text':
      return textProgram(layout);
    case 'resp':
      return RESP;
    case 'content-length':
      break;
  }
  throw untranslatable('kind content-length', 'header lines are text that has to be parsed');
}

/** Programs of formats that have nothing to choose. */
const PLAIN_PROGRAMS: Readonly<Partial<Record<PlainKindName, ProgramText>>> = { netstring: { lines: NETSTRING }, slip: SLIP, cobs: COBS };

function plainProgram(kind: PlainKindName): ProgramText {
  if (kind === 'raw') throw untranslatable('kind raw', 'it keeps no boundaries, so there is nothing to decode');
  const program = PLAIN_PROGRAMS[kind];
  if (program === undefined) throw untranslatable(`kind ${kind}`, 'no program of it is written');
  return program;
}
