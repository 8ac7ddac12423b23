import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addressOf, goTo } from '../../shell/address.ts';
import { ask, AskError } from '../../shell/ask.ts';
import { t } from '../../shell/language.ts';
import type { ProxyOfJob } from '../../../src/pages/proxy/contract.ts';
import type { JSX } from 'preact';

const proxies = signal<readonly ProxyOfJob[]>([]);

/** The running proxies, and a button for a new one. */
export function ProxyChoice({ shown }: { readonly shown: string | undefined }): JSX.Element | null {
  useEffect(() => {
    const over = new AbortController();
    void refresh(over.signal);
    return () => over.abort();
  }, [shown]);
  const running = proxies.value.filter(({ job }) => job.state === 'running');
  if (running.length === 0 && shown === undefined) return null;
  return (
    <nav class="controls" aria-label={t({ en: 'Proxies', zh: '代理' })}>
      {running.map(({ job: { id }, listen, target }) => (
        <ChoiceLink
          key={id}
          parameters={{ page: 'proxy', proxy: id }}
          isShown={id === shown}
          text={`${listen.replace('tcp://', '')} → ${target}`}
        />
      ))}
      {shown !== undefined && <ChoiceLink parameters={{ page: 'proxy' }} isShown={false} text={t({ en: 'New proxy', zh: '新建代理' })} />}
    </nav>
  );
}

interface ChoiceLinkProps {
  readonly parameters: Readonly<Record<string, string>>;
  readonly isShown: boolean;
  readonly text: string;
}

function ChoiceLink({ parameters, isShown, text }: ChoiceLinkProps): JSX.Element {
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(parameters);
  };
  return (
    <a href={addressOf(parameters)} aria-current={isShown ? 'true' : undefined} onClick={open}>
      {text}
    </a>
  );
}

async function refresh(over: AbortSignal): Promise<void> {
  try {
    proxies.value = await ask('GET /api/proxies', { signal: over });
  } catch (error) {
    // The banner of the page reports an unreachable service.
    if (!over.aborted && !(error instanceof AskError)) throw error;
  }
}
