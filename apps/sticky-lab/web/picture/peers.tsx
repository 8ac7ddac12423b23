import { drawPeers } from '@socklab/lab/picture';
import { useMemo, useRef } from 'preact/hooks';
import { download } from '../controls/download.ts';
import { t } from '../shell/language.ts';
import { lookOf } from './patterns.tsx';
import { standaloneSvg } from './tools/export-svg.ts';
import { useWidth } from './tools/use-width.ts';
import { timeName } from './words.ts';
import type { RecordedFlow, DrawnDatagram } from '@socklab/lab/picture';
import type { JSX } from 'preact';

/** All flows of a run as one ladder, a line for each socket. Nothing where their sockets have no names. */
export function Peers({ list }: { readonly list: readonly RecordedFlow[] }): JSX.Element | null {
  const [frame, width] = useWidth();
  const svg = useRef<SVGSVGElement>(null);
  const drawing = useMemo(() => drawPeers(list, width), [list, width]);
  if (drawing === undefined) return null;
  const { peers, datagrams, marks, omitted, height } = drawing;
  const title = t({
    en: `${datagrams.length + omitted} datagrams between ${peers.length} sockets`,
    zh: `${peers.length} 个套接字之间的 ${datagrams.length + omitted} 个数据报`,
  });
  const save = (): void => {
    if (svg.current !== null) download('sockets.svg', 'image/svg+xml', standaloneSvg(svg.current, title));
  };
  return (
    <figure class="picture peers">
      <figcaption>
        <strong>{title}</strong>
        <button type="button" class="save" onClick={save}>
          {t({ en: 'Save SVG', zh: '保存 SVG' })}
        </button>
      </figcaption>
      <div class="picture-frame" ref={frame} tabIndex={0} role="region" aria-label={title}>
        <svg
          ref={svg}
          class="drawn"
          width={drawing.width}
          height={height}
          viewBox={`0 0 ${drawing.width} ${height}`}
          role="img"
          aria-label={title}
        >
          {peers.map(({ name, x }) => (
            <g key={name.en}>
              <line class="guide" x1={x} y1={22} x2={x} y2={height} />
              <text class="head" x={x} y={15} text-anchor="middle">
                {t(name)}
              </text>
            </g>
          ))}
          {marks.map(({ x, y, anchor, text }) => (
            <text key={y} class="mark" x={x} y={y} text-anchor={anchor}>
              {text}
            </text>
          ))}
          {datagrams.map((datagram, at) => (
            <Datagram key={at} datagram={datagram} />
          ))}
        </svg>
      </div>
      {omitted > 0 && (
        <p class="quiet">{t({ en: `${omitted} more datagrams are not drawn.`, zh: `另有 ${omitted} 个数据报没有画出。` })}</p>
      )}
    </figure>
  );
}

/** An arrow from where it was sent to where it was read; one that was never read ends in a cross. */
function Datagram({
  datagram: { from, to, text, message, x1, y1, x2, y2, sentUs, readUs },
}: {
  readonly datagram: DrawnDatagram;
}): JSX.Element {
  const side = x2 > x1 ? 1 : -1;
  const end = y2 ?? y1 + 8;
  const x = y2 === null ? x1 + side * 16 : x2;
  return (
    <g class={`datagram look-${lookOf(message)}`} data-lost={y2 === null ? 'true' : undefined}>
      <title>{`${t(from)} → ${t(to)}: ${text} · ${timeName(sentUs)}${readUs === null ? '' : ` → ${timeName(readUs)}`}`}</title>
      <circle class="sent" cx={x1} cy={y1} r={3} />
      <path class="way" d={`M${x1},${y1} L${x},${end}`} />
      {y2 === null ? (
        <path class="lost" d={`M${x - 4},${end - 4} l8,8 m0,-8 l-8,8`} />
      ) : (
        <>
          <path class="tip" d={`M${x},${end} l${-8 * side},-4 v8 z`} />
          <text class="caption" x={x + 6 * side} y={end + 4} text-anchor={side === 1 ? 'start' : 'end'}>
            {text}
          </text>
        </>
      )}
    </g>
  );
}
