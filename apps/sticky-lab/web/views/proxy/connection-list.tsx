import { addressOf, goTo, query } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { formatBytes, formatCount } from './throughput/units.ts';
import type { ProxyConnection } from '../../../src/pages/proxy/proxy-events.ts';
import type { Text } from '../../shell/language.ts';
import type { JSX } from 'preact';

type Reason = Exclude<ProxyConnection['closed'], null>;

const REASONS: Readonly<Record<Reason, Text>> = {
  done: { en: 'closed: both sides ended', zh: '已关闭：双方都已结束' },
  'client-reset': { en: 'closed: the client reset it', zh: '已关闭：客户端重置' },
  'target-reset': { en: 'closed: the target reset it', zh: '已关闭：目标重置' },
  'connect-failed': { en: 'closed: the target was not reached', zh: '已关闭：无法连接目标' },
  trigger: { en: 'closed by a trigger', zh: '已被触发器关闭' },
  'drain-timeout': { en: 'closed: the proxy was stopped', zh: '已关闭：代理被停止' },
};

/** What {@link ConnectionList} shows. */
export interface ConnectionListProps {
  readonly connections: readonly ProxyConnection[];
  /** The one whose ladders are shown. */
  readonly shown: number | undefined;
}

/** The connections of a proxy, the newest first; one of them is chosen. */
export function ConnectionList({ connections, shown }: ConnectionListProps): JSX.Element {
  if (connections.length === 0) {
    return <p class="quiet">{t({ en: 'No client has connected yet.', zh: '还没有客户端连接。' })}</p>;
  }
  return (
    <div class="scroll">
      <table class="proxy-connections">
        <thead>
          <tr>
            {headings().map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {connections.toReversed().map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} isShown={connection.id === shown} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function headings(): readonly string[] {
  return [
    t({ en: 'Connection', zh: '连接' }),
    t({ en: 'Client', zh: '客户端' }),
    t({ en: 'State', zh: '状态' }),
    t({ en: 'Client → target', zh: '客户端 → 目标' }),
    t({ en: 'Target → client', zh: '目标 → 客户端' }),
  ];
}

function ConnectionRow({ connection, isShown }: { readonly connection: ProxyConnection; readonly isShown: boolean }): JSX.Element {
  const { id, peer, isConnected, closed, up, down } = connection;
  const parameters = { ...Object.fromEntries(query.value), connection: String(id) };
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(parameters);
  };
  const openText = isConnected ? t({ en: 'open', zh: '打开' }) : t({ en: 'connecting', zh: '连接中' });
  return (
    <tr data-connection={id} data-shown={isShown}>
      <th scope="row">
        <a href={addressOf(parameters)} aria-current={isShown ? 'true' : undefined} onClick={open}>
          {t({ en: `Connection ${id}`, zh: `连接 ${id}` })}
        </a>
      </th>
      <td class="mono">{peer}</td>
      <td>{closed === null ? openText : t(REASONS[closed])}</td>
      <td>{flowText(up)}</td>
      <td>{flowText(down)}</td>
    </tr>
  );
}

function flowText({ bytesIn, bytesOut, pieces, pendingBytes }: ProxyConnection['up']): string {
  const passed = t({
    en: `${formatBytes(bytesOut)} in ${formatCount(pieces)} pieces`,
    zh: `${formatBytes(bytesOut)}，共 ${formatCount(pieces)} 个片段`,
  });
  const waiting = Math.max(pendingBytes, bytesIn - bytesOut);
  return waiting <= 0 ? passed : `${passed} · ${t({ en: `${formatBytes(waiting)} wait`, zh: `${formatBytes(waiting)} 等待中` })}`;
}
