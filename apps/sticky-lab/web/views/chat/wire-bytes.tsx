import { t } from '../../shell/language.ts';
import type { Wire } from '../../../src/pages/chat/channels/events.ts';
import type { JSX } from 'preact';

/** What {@link WireBytes} shows. */
export interface WireBytesProps {
  readonly wire: Wire;
  /** Whether it carries a message, even an empty one. */
  readonly hasText: boolean;
}

/**
 * The bytes of a message on the wire: framing boxed, text underlined; neither where they cannot be separated, for example
 * because of escapes.
 */
export function WireBytes({ wire, hasText }: WireBytesProps): JSX.Element {
  const pairs = wire.hex.match(/../g) ?? [];
  const isMixed = wire.textAt === null && wire.textBytes > 0;
  const at = wire.textAt ?? pairs.length;
  const end = at + wire.textBytes;
  const leftOut = wire.byteLength - pairs.length;
  return (
    <div class="wire">
      <code>
        <Bytes kind={isMixed ? 'mixed' : 'framing'} pairs={pairs.slice(0, at)} />
        <Bytes kind="payload" pairs={pairs.slice(at, end)} />
        <Bytes kind="framing" pairs={pairs.slice(end)} />
        {leftOut > 0 && ' …'}
      </code>
      <span class="quiet">{hasText ? countOf(wire) : bytesText(wire.byteLength)}</span>
    </div>
  );
}

function Bytes({ kind, pairs }: { readonly kind: 'framing' | 'payload' | 'mixed'; readonly pairs: readonly string[] }): JSX.Element | null {
  return pairs.length === 0 ? null : <span class={kind}>{pairs.join(' ')}</span>;
}

function countOf({ byteLength, textBytes }: Wire): string {
  const rest = byteLength - textBytes;
  if (rest === 0) return bytesText(byteLength) + t({ en: ', all of them text', zh: '，全部是正文' });
  return bytesText(byteLength) + t({ en: `: ${rest} framing, ${textBytes} text`, zh: `：分帧 ${rest}，正文 ${textBytes}` });
}

function bytesText(count: number): string {
  return t({ en: count === 1 ? '1 byte' : `${count} bytes`, zh: `${count} 字节` });
}
