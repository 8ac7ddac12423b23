import { useEffect } from 'preact/hooks';
import { PageLink } from './controls/page-link.tsx';
import { query } from './shell/address.ts';
import { language, t } from './shell/language.ts';
import { LoadedView } from './shell/loaded-view.tsx';
import { isServiceGone } from './shell/service-state.ts';
import { theme, THEMES } from './shell/theme.ts';
import { watchService } from './shell/watch-service.ts';
import { HOME, LESSONS, VIEWS } from './views/index.ts';
import type { Theme } from './shell/theme.ts';
import type { View } from './shell/view.ts';
import type { JSX } from 'preact';

const THEME_NAMES: Readonly<Record<Theme, { readonly en: string; readonly zh: string }>> = {
  system: { en: 'As the system', zh: '跟随系统' },
  light: { en: 'Light', zh: '浅色' },
  dark: { en: 'Dark', zh: '深色' },
};

/** The page: what is the same around every view, and the view that the address asks for. */
export function App(): JSX.Element {
  const view = shownView();
  useEffect(watchService, []);
  document.title = `${t(view.title)} · sticky-lab`;
  return (
    <>
      <a class="skip" href="#content">
        {t({ en: 'Skip to the content', zh: '跳到内容' })}
      </a>
      <header class="page-head">
        <strong class="brand">
          <PageLink to={{}} isCurrent={view === HOME}>
            sticky-lab
          </PageLink>
        </strong>
        <nav aria-label={t({ en: 'Pages', zh: '页面' })}>
          {VIEWS.map((each) => (
            <PageLink key={each.id} to={{ page: each.id }} isCurrent={each === view}>
              {t(each.title)}
            </PageLink>
          ))}
        </nav>
        <div class="preferences">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <div class="banner" role="status" hidden={!isServiceGone.value}>
        {t({
          en: 'The service does not answer. Trying again; nothing that was shown is lost.',
          zh: '服务没有响应。正在重连；已显示的内容不会丢失。',
        })}
      </div>
      <main id="content" tabIndex={-1}>
        <h1>{t(view.title)}</h1>
        <LoadedView view={view} />
      </main>
    </>
  );
}

/** The view that the address names. */
function shownView(): View {
  const id = query.value.get('page');
  return VIEWS.find((each) => each.id === id) ?? (query.value.has('experiment') ? LESSONS : HOME);
}

function LanguageSwitch(): JSX.Element {
  const other = language.value === 'en' ? 'zh' : 'en';
  return (
    <button
      type="button"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      onClick={() => {
        language.value = other;
      }}
    >
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}

function ThemeSwitch(): JSX.Element {
  return (
    <select
      aria-label={t({ en: 'Colours', zh: '配色' })}
      value={theme.value}
      onChange={({ currentTarget }) => {
        theme.value = currentTarget.value as Theme;
      }}
    >
      {THEMES.map((each) => (
        <option key={each} value={each}>
          {t(THEME_NAMES[each])}
        </option>
      ))}
    </select>
  );
}
