import { contentOf } from '../../../src/pages/codec/dissect.ts';
import { showText } from '../../../src/pages/codec/escaped-text.ts';
import { showHex } from '../../../src/pages/codec/hex.ts';
import { t } from '../../shell/language.ts';
import { bytes } from './bench/bench-state.ts';
import type { FoundFrame } from '../../../src/pages/codec/dissect.ts';
import type { JSX } from 'preact';

/** So many bytes of a payload are shown. */
const SHOWN_BYTES = 64;

/** What {@link FrameTable} shows. */
export interface FrameTableProps {
  readonly framing: string;
  readonly frames: readonly FoundFrame[];
  readonly first: number;
}

/** The payloads as text and hex. */
export function FrameTable({ framing, frames, first }: FrameTableProps): JSX.Element {
  const caption = t({ en: 'Payloads', zh: '载荷' });
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={caption}>
      <table class="codec-payloads">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t({ en: 'Frame', zh: '帧' })}</th>
            <th scope="col">{t({ en: 'Frame bytes', zh: '帧字节数' })}</th>
            <th scope="col">{t({ en: 'Payload bytes', zh: '载荷字节数' })}</th>
            <th scope="col">{t({ en: 'As text', zh: '文本' })}</th>
            <th scope="col">{t({ en: 'As hex', zh: '十六进制' })}</th>
          </tr>
        </thead>
        <tbody>
          {frames.map((frame, index) => (
            <Row key={frame.start} framing={framing} frame={frame} number={first + index} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ framing, frame, number }: { readonly framing: string; readonly frame: FoundFrame; readonly number: number }): JSX.Element {
  const content = contentOf(bytes.value, framing, frame);
  const shown = content.subarray(0, SHOWN_BYTES);
  const rest = content.length > shown.length ? t({ en: ` … ${content.length} bytes`, zh: ` …… 共 ${content.length} 字节` }) : '';
  return (
    <tr>
      <th scope="row">{number}</th>
      <td>{frame.end - frame.start}</td>
      <td>{content.length}</td>
      <td>
        <code>{showText(shown)}</code>
        {rest}
      </td>
      <td>
        <code>{showHex(shown)}</code>
        {rest}
      </td>
    </tr>
  );
}
