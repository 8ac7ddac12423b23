import { t } from '../../shell/language.ts';
import type { JSX } from 'preact';

/** How a message gets from the browser to a service: over HTTP to the lab, and from there over TCP or UDP. */
export function Diagram(): JSX.Element {
  const label = t({
    en: 'The browser talks HTTP to sticky-lab, B/S; sticky-lab talks TCP or UDP to the service, C/S.',
    zh: '浏览器用 HTTP 与 sticky-lab 通信（B/S）；sticky-lab 用 TCP 或 UDP 与服务通信（C/S）。',
  });
  return (
    <svg class="chat-diagram" viewBox="0 20 560 80" role="img" aria-label={label}>
      <Box x={4} text={t({ en: 'browser', zh: '浏览器' })} role={t({ en: 'client', zh: '客户端' })} />
      <Arrow x={128} top="HTTP" bottom="B/S" />
      <Box x={218} text="sticky-lab" role={t({ en: 'server and client', zh: '服务器兼客户端' })} />
      <Arrow x={342} top={t({ en: 'TCP, UDP', zh: 'TCP、UDP' })} bottom="C/S" />
      <Box x={432} text={t({ en: 'service', zh: '服务' })} role={t({ en: 'server', zh: '服务器' })} />
    </svg>
  );
}

function Box({ x, text, role }: { readonly x: number; readonly text: string; readonly role: string }): JSX.Element {
  return (
    <g>
      <rect x={x} y={28} width={124} height={64} rx={6} />
      <text x={x + 62} y={57} class="name">
        {text}
      </text>
      <text x={x + 62} y={78} class="role">
        {role}
      </text>
    </g>
  );
}

function Arrow({ x, top, bottom }: { readonly x: number; readonly top: string; readonly bottom: string }): JSX.Element {
  const [left, right] = [x + 6, x + 84];
  return (
    <g>
      <path d={`M${left} 60H${right}M${left + 7} 54L${left} 60L${left + 7} 66M${right - 7} 54L${right} 60L${right - 7} 66`} />
      <text x={x + 45} y={48} class="role">
        {top}
      </text>
      <text x={x + 45} y={82} class="role">
        {bottom}
      </text>
    </g>
  );
}
