import { useState } from 'preact/hooks';
import { ask } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import { useAttempt } from './attempt.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { JSX } from 'preact';

/** What {@link ProxyActions} shows and does. */
export interface ProxyActionsProps {
  readonly proxy: ProxyOfJob;
  readonly isOver: boolean;
  readonly isFrozen: boolean;
  readonly onFreeze: (isFrozen: boolean) => void;
}

/** How to connect, and actions on the whole proxy. */
export function ProxyActions({ proxy, isOver, isFrozen, onFreeze }: ProxyActionsProps): JSX.Element {
  const { error, run } = useAttempt();
  const path = { job: proxy.job.id };
  const hold = (): void =>
    void run(async () => {
      await ask('PATCH /api/proxies/:job', { path, body: { isHeld: !proxy.isHeld } });
    });
  const restart = (): void =>
    void run(async () => {
      await ask('POST /api/proxies/:job/recordings', { path });
    });
  const stop = (): void =>
    void run(async () => {
      await ask('POST /api/jobs/:id/stop', { path: { id: proxy.job.id } });
    });
  return (
    <>
      {!isOver && <ConnectWith listen={proxy.listen} />}
      <p role="status">{stateText(proxy, isOver)}</p>
      <div class="controls">
        <button type="button" aria-pressed={proxy.isHeld} disabled={isOver} onClick={hold}>
          {t({ en: 'Hold the traffic', zh: '暂停转发' })}
        </button>
        <button type="button" aria-pressed={isFrozen} onClick={() => onFreeze(!isFrozen)}>
          {t({ en: 'Freeze the picture', zh: '定格画面' })}
        </button>
        <button type="button" disabled={isOver} onClick={restart}>
          {t({ en: 'Start the ladders anew', zh: '清空并重新记录' })}
        </button>
        <button type="button" disabled={isOver} onClick={stop}>
          {t({ en: 'Stop the proxy', zh: '停止代理' })}
        </button>
      </div>
      {isFrozen && <p class="quiet">{t({ en: 'The picture stands still; the traffic goes on.', zh: '画面已定格；流量仍在继续。' })}</p>}
      {error !== undefined && (
        <p class="bad" role="alert">
          {error.text}
        </p>
      )}
    </>
  );
}

function stateText({ isHeld, job }: ProxyOfJob, isOver: boolean): string {
  if (job.error !== null) return t({ en: `The proxy failed: ${job.error}`, zh: `代理出错：${job.error}` });
  if (isOver) return t({ en: 'The proxy has ended.', zh: '代理已结束。' });
  if (isHeld) {
    return t({
      en: 'Held: nothing passes. What comes is read up to 64 KiB in each direction, and waits.',
      zh: '已暂停转发：没有内容通过。每个方向最多先读入 64 KiB，其余等待。',
    });
  }
  return t({ en: 'Running.', zh: '运行中。' });
}

/** The command that sends something through the proxy. */
function ConnectWith({ listen }: { readonly listen: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const [, host = '', port = ''] = /^tcp:\/\/\[?([^\]]*?)\]?:(\d+)$/.exec(listen) ?? [];
  const command = `nc ${host} ${port}`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <p class="controls">
      <span>
        {t({ en: 'Connect with', zh: '连接方式' })} <code>{command}</code>
      </span>
      {isSecureContext && (
        <button type="button" onClick={() => void copy()}>
          {t({ en: 'Copy', zh: '复制' })}
        </button>
      )}
      <span role="status">{isCopied && t({ en: 'Copied.', zh: '已复制。' })}</span>
    </p>
  );
}
