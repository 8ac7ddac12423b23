import { query } from '../../shell/address.ts';
import { t } from '../../shell/language.ts';
import { ProxyChoice } from './proxy-choice.tsx';
import { RunningProxy } from './running-proxy.tsx';
import { StartForm } from './start-form.tsx';
import type { JSX } from 'preact';

/** Live traffic cut differently: starts proxies, and shows the traffic of one. */
export function Proxy(): JSX.Element {
  const job = query.value.get('proxy') ?? undefined;
  return (
    <>
      <p>
        {t({
          en: 'Put a proxy between a client and a server of yours: every byte arrives as it was sent, but cut and glued otherwise. A program that takes what it reads for messages breaks here, and not in production.',
          zh: '在你的客户端和服务器之间放一个代理：每个字节都原样到达，但会以别的方式拆开、粘连。把每次读取当成一条消息的程序会在这里出错，而不是在生产环境。',
        })}
      </p>
      <ProxyChoice shown={job} />
      {job === undefined ? <StartForm key="new" /> : <RunningProxy key={job} job={job} />}
    </>
  );
}
