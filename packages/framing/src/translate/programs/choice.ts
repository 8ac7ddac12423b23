import { fromHex } from '../../hex.ts';
import { untranslatable } from './parts/errors.ts';
import type { ChoiceLayout, Layout } from '../../layout/layout.ts';
import type { ProgramText } from './language.ts';

/** More bytes are needed: beyond the limit there are none. */
const LIMIT = ['if bound == start + max {', 'fail FRAME_ERR_TOO_LARGE', '}'];

/**
 * The program of frames of several formats. `format` is the number of the one under way, from 1 on. Their programs are those that they have by themselves, but for
 * this: they see no byte beyond `bound`, their frames begin `lead` bytes behind that of the choice, for what they pass over, and a frame is handed out as it came.
 */
export function choiceProgram({ of }: ChoiceLayout, programOf: (layout: Layout) => ProgramText): ProgramText {
  const programs = of.map(({ layout }, index) => embedded(layout, programOf(layout), `of[${index}].layout`));
  const lines = [
    'need start + 1',
    'bound = n',
    'if bound > start + max {',
    'bound = start + max',
    '}',
    'if format == 0 {',
    'isOpen = 1',
    ...of.flatMap(({ startsWith = '' }, index) => chooseLines(fromHex(startsWith)!, index + 1)),
    'if isOpen == 1 {',
    'fail FRAME_ERR_BAD_MAGIC',
    '}',
    '}',
    ...programs.flatMap(({ lines: own }, index) => [`if format == ${index + 1} {`, ...own, '}']),
  ];
  const state = new Set(programs.flatMap((each) => [...(each.state ?? []), ...(each.kept ?? [])]));
  return { lines, state: ['format', 'lead', ...state] };
}

/** The first format whose beginning fits; while too few bytes are there, it may yet be this one. */
function chooseLines(startsWith: Uint8Array, format: number): readonly string[] {
  return [
    'if isOpen == 1 {',
    'fits = 1',
    ...Array.from(startsWith, (byte, at) => [`if bound > start + ${at} && b[start + ${at}] != ${byte} {`, 'fits = 0', '}']).flat(),
    'if fits == 1 {',
    ...(startsWith.length > 1 ? [`if bound < start + ${startsWith.length} {`, ...LIMIT, `need start + ${startsWith.length}`, '}'] : []),
    'isOpen = 0',
    `format = ${format}`,
    '}',
    '}',
  ];
}

function embedded(layout: Layout, { lines, ...variables }: ProgramText, path: string): ProgramText {
  // What a stuffed checksum is taken over is the bytes without their escapes.
  if (layout.kind === 'stuffed' && layout.checksum !== undefined)
    throw untranslatable(
      `${path}.checksum`,
      'a choice hands out frames as they came, and this one is checked when its escapes are removed',
    );
  const own = [`own = ${layout.maxPayloadBytes}`, 'if own > max {', 'own = max', '}'];
  return { lines: [...own, ...lines.flatMap(embeddedLines)], ...variables };
}

function embeddedLines(line: string): readonly string[] {
  const [word] = line.split(' ', 1);
  const rest = line.slice(word!.length + 1);
  if (word === 'fail') return [line];
  if (word === 'more') return [...LIMIT, line];
  if (word === 'need') return [`if bound < ${renamed(rest)} {`, ...LIMIT, `need ${renamed(rest)}`, '}'];
  if (word === 'frame') return [`frame start, ${renamed(rest.split(',')[2]!)}, ${renamed(rest.split(',')[2]!)}`];
  if (word === 'part') return [`part ${rest.slice(0, rest.indexOf(','))}${renamed(rest.slice(rest.indexOf(',')))}`];
  if (line.startsWith('start = ')) return [`lead = ${renamed(line.slice('start = '.length))} - start`];
  return word === 'move' || line.startsWith('b[') ? [] : [renamed(line)];
}

const NAMES: Readonly<Record<string, string>> = { start: '(start + lead)', n: 'bound', max: 'own', eof: '0' };

function renamed(text: string): string {
  return text.replaceAll(/\b(?:start|n|max|eof)\b/g, (name) => NAMES[name]!);
}
