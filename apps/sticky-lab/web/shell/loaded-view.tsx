import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from './language.ts';
import type { ComponentType, JSX } from 'preact';

/** The components of loaded views; `null` for one that could not be loaded. */
const loaded = signal<ReadonlyMap<Load, { readonly Component: ComponentType | null }>>(new Map());

type Load = () => Promise<ComponentType>;

/** A view, whose code is loaded when it is shown for the first time. */
export function LoadedView({ load }: { readonly load: Load }): JSX.Element | null {
  const known = loaded.value.get(load);
  useEffect(() => {
    if (known === undefined) void loadOnce(load);
  }, [load, known]);
  if (known === undefined) return null;
  return known.Component === null ? <NotLoaded /> : <known.Component />;
}

/** Loads a view, unless that was done before. */
async function loadOnce(load: Load): Promise<void> {
  const [Component] = await Promise.all([load(), import('../style/views.css')]).catch(() => [null]);
  loaded.value = new Map(loaded.value).set(load, { Component });
}

// A browser does not request a failed module again; and an updated service has other modules.
function NotLoaded(): JSX.Element {
  return (
    <div role="alert">
      <p class="bad">
        {t({
          en: 'This part of the page could not be loaded: the service is gone, or it was updated.',
          zh: '页面的这一部分无法加载：服务已停止，或者已更新。',
        })}
      </p>
      <button type="button" onClick={() => location.reload()}>
        {t({ en: 'Load the page again', zh: '重新加载页面' })}
      </button>
    </div>
  );
}
