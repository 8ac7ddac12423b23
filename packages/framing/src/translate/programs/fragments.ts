import { compileLayout } from '../../frame/layout.ts';
import { layoutReader } from '../../layout/codec-of.ts';
import { frameOptionsOf } from '../../layout/frame-layout.ts';
import { DEFAULT_MAX_HEADER_BYTES } from '../../limits.ts';
import { headerLines } from './frame.ts';
import { typedFragmentsProgram } from './typed-fragments.ts';
import type { FragmentsLayout } from '../../layout/layout.ts';
import type { ProgramText } from './language.ts';

/**
 * The program of payloads in fragments, which are moved together as they become whole. `base` is where the fragment under way begins, `body` its payload, `left`
 * how long that is; `total` is the payload seen in headers, `joined` what of it was moved.
 */
export function fragmentsProgram(layout: FragmentsLayout): ProgramText {
  const { header, counts, types } = layout;
  const read = layoutReader({ kind: 'frame', header, ...(counts !== undefined && { counts }) }, 'layout');
  const compiled = compileLayout(frameOptionsOf(read), { defaultMaxPayloadBytes: Number.MAX_SAFE_INTEGER });
  if (types !== undefined) return typedFragmentsProgram(compiled, types, lastLines(layout));
  const lines = [
    'isOpen = 1',
    `headers = ${DEFAULT_MAX_HEADER_BYTES}`,
    'if max > headers {',
    'headers = max',
    '}',
    'while isOpen == 1 {',
    'if hasHeader == 0 {',
    'at = start + base',
    ...headerLines(compiled, 'at'),
    'total = total + size',
    'if total > max {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'body = head - start',
    'left = size',
    ...lastLines(layout),
    'if body > max + headers {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'if isLast == 0 && body + size - total >= headers {',
    'fail FRAME_ERR_HEADER_TOO_LONG',
    '}',
    'if body + size > max + headers {',
    'fail FRAME_ERR_TOO_LARGE',
    '}',
    'hasHeader = 1',
    '}',
    'need start + body + left',
    'move start + joined, start + body, left',
    'joined = joined + left',
    'base = body + left',
    'hasHeader = 0',
    'if isLast == 1 {',
    'frame start, start + joined, start + base',
    '}',
    '}',
  ];
  return { lines, state: ['base', 'body', 'left', 'total', 'joined', 'hasHeader', 'isLast'] };
}

function lastLines({ goOn }: FragmentsLayout): readonly string[] {
  if ('length' in goOn) return ['isLast = 0', `if size != ${goOn.length} {`, 'isLast = 1', '}'];
  const { bit, at, set } = goOn;
  return ['isLast = 0', `if b[at + ${at}] & ${bit} == ${set === 'last' ? bit : 0} {`, 'isLast = 1', '}'];
}
