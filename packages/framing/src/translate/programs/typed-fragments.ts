import { isMaskable } from '../../codecs/measured/fragment-types.ts';
import { headerLines } from './frame.ts';
import { untranslatable } from './parts/errors.ts';
import type { FragmentTypes } from '../../codecs/measured/fragment-types.ts';
import type { FrameLayout } from '../../frame/layout.ts';
import type { ProgramText } from './language.ts';

/** Fewer bytes than these are not worth to be given back. */
const KEPT_BYTES = 4096;

/**
 * The program of fragments that tell what they are. `base` is where the frame under way begins, `body` its payload, `left` how long that is; `joined` is how much
 * of the payload lies at `start`, `isInside` whether its first fragment came. Headers and control frames lie between `joined` and `base`: once they are more than
 * what was joined, that moves up to `base`, and `start` with it, so that no stream of control frames is held, and all moves together take linear time.
 *
 * @param lastLines - set `isLast` of the frame at `at`, whose payload has `size` bytes.
 */
export function typedFragmentsProgram(layout: FrameLayout, types: FragmentTypes, lastLines: readonly string[]): ProgramText {
  if (types.onControl === 'emit')
    throw untranslatable('types.onControl emit', 'a control frame inside of a payload would be handed out before it');
  const lines = [
    'isOpen = 1',
    'while isOpen == 1 {',
    'at = start + base',
    'if hasHeader == 0 {',
    ...headerLines(layout, 'at'),
    `if head - at + size > max + ${layout.maxHeaderBytes} {`,
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'body = head - start',
    'left = size',
    'hasHeader = 1',
    '}',
    'need start + body + left',
    'size = left',
    ...lastLines,
    `kind = b[at + ${types.at}] & ${types.bits}`,
    'isControl = 0',
    ...controlLines(types),
    'if isControl == 0 {',
    ...orderLines(types),
    'if joined + left > max {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    ...unmaskLines(layout),
    'move start + joined, start + body, left',
    'joined = joined + left',
    'isInside = 1',
    '}',
    'base = body + left',
    'hasHeader = 0',
    'if isControl == 0 && isLast == 1 {',
    'frame start, start + joined, start + base',
    '}',
    'if isInside == 0 {',
    'start = start + base',
    'base = 0',
    '}',
    `if base - joined > joined + ${KEPT_BYTES} {`,
    'shift = base - joined',
    'move start + shift, start, joined',
    'start = start + shift',
    'base = joined',
    '}',
    '}',
  ];
  return { lines, state: ['base', 'body', 'left', 'joined', 'hasHeader', 'isInside'] };
}

function anyOf(types: readonly number[]): string {
  return types.map((type) => `kind == ${type}`).join(' || ');
}

function controlLines({ control = [], maxControlBytes }: FragmentTypes): readonly string[] {
  if (control.length === 0) return [];
  return [
    `if ${anyOf(control)} {`,
    'isControl = 1',
    'if isLast == 0 {',
    'fail FRAME_ERR_BAD_MAGIC',
    '}',
    `if left > ${maxControlBytes ?? 'max'} {`,
    'fail FRAME_ERR_MALFORMED_LENGTH',
    '}',
    '}',
  ];
}

function orderLines({ first, next }: FragmentTypes): readonly string[] {
  return [
    'isExpected = 0',
    ...[first, next].flatMap((allowed, isInside) => [`if isInside == ${isInside} && (${anyOf(allowed)}) {`, 'isExpected = 1', '}']),
    'if isExpected == 0 {',
    'fail FRAME_ERR_BAD_MAGIC',
    '}',
  ];
}

function unmaskLines(layout: FrameLayout): readonly string[] {
  if (!isMaskable(layout)) return [];
  return [
    `if b[at + ${layout.before}] >= 128 {`,
    `key = start + body - ${layout.after + 4}`,
    'index = 0',
    'while index < left {',
    'b[start + body + index] = b[start + body + index] ^ b[key + index % 4]',
    'index = index + 1',
    '}',
    '}',
  ];
}
