import { useEffect, useState } from 'preact/hooks';
import { query } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { ChangeForm } from './change-form.tsx';
import { ConnectionList } from './connection-list.tsx';
import { Ladders } from './ladders.tsx';
import { ProxyActions } from './proxy-actions.tsx';
import { ProxyTotals } from './proxy-totals.tsx';
import { StartForm } from './start-form.tsx';
import { ThroughputPanel } from './throughput/panel.tsx';
import { watchProxy } from './watched-proxy.ts';
import type { ProxyConnection } from '../../../src/pages/proxy/proxy-events.ts';
import type { KnownRecording, WatchedProxy } from './watched-proxy.ts';
import type { JSX } from 'preact';

/** A running proxy; its component key has to be its job. */
export function RunningProxy({ job }: { readonly job: string }): JSX.Element {
  const [watched] = useState(() => watchProxy(job));
  useEffect(() => watched.stop, [watched]);
  if (watched.isLost.value) {
    return (
      <>
        <p role="alert">
          {t({
            en: 'The service does not know this proxy, or it is no longer kept: it was stopped long ago, or the service was started anew. The fields beneath start the same again.',
            zh: '服务器上已找不到这个代理：它早已停止，或服务重新启动过。用下面的表单可以再次启动同样的代理。',
          })}
        </p>
        <StartForm />
      </>
    );
  }
  const proxy = watched.proxy.value;
  if (proxy === undefined) return <p role="status">{t({ en: 'Asking for the proxy …', zh: '正在查询代理……' })}</p>;
  return <Shown watched={watched} />;
}

function Shown({ watched }: { readonly watched: WatchedProxy }): JSX.Element | null {
  const [frozen, setFrozen] = useState<ReadonlyMap<number, KnownRecording> | undefined>(undefined);
  const proxy = watched.proxy.value;
  if (proxy === undefined) return null;
  const connections = [...watched.connections.value.values()];
  const shown = shownOf(connections);
  const isOver = proxy.job.state !== 'running' && proxy.job.state !== 'waiting';
  return (
    <>
      <h2 class="mono">
        {proxy.listen.replace('tcp://', '')} → {proxy.target}
      </h2>
      <ProxyActions
        proxy={proxy}
        isOver={isOver}
        isFrozen={frozen !== undefined}
        onFreeze={(isFrozen) => setFrozen(isFrozen ? watched.recordings.value : undefined)}
      />
      {!isOver && <ChangeForm proxy={proxy} />}
      <h3>{t({ en: 'Connections', zh: '连接' })}</h3>
      <ConnectionList connections={connections} shown={shown} />
      {shown !== undefined && <Ladders key={shown} watched={watched} connection={shown} frozen={frozen} />}
      <ProxyTotals totals={proxy.totals} />
      <ThroughputPanel throughput={watched.throughput} />
    </>
  );
}

/** The connection of the address, or the newest. */
function shownOf(connections: readonly ProxyConnection[]): number | undefined {
  const asked = Number(query.value.get('connection') ?? Number.NaN);
  return connections.find(({ id }) => id === asked)?.id ?? connections.at(-1)?.id;
}
