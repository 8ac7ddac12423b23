import { useEffect } from 'preact/hooks';
import { PageLink } from './controls/page-link.tsx';
import { query } from './shell/address.ts';
import { language, t } from './shell/language.ts';
import { LoadedView } from './shell/loaded-view.tsx';
import { isServiceGone } from './shell/service-state.ts';
import { theme, THEMES } from './shell/theme.ts';
import { isOfClass } from './shell/visitor.ts';
import { watchService } from './shell/watch-service.ts';
import { DOORS, LESSONS, viewCalled } from './views/doors.ts';
import type { Theme } from './shell/theme.ts';
import type { Door, View } from './shell/view.ts';
import type { JSX } from 'preact';

const THEME_NAMES: Readonly<Record<Theme, { readonly en: string; readonly zh: string }>> = {
  system: { en: 'As the system', zh: '跟随系统' },
  light: { en: 'Light', zh: '浅色' },
  dark: { en: 'Dark', zh: '深色' },
};

/** What is shown unless a page is asked for. It has no door: it shows them. */
const HOME: View = {
  id: 'home',
  title: { en: 'TCP has no messages', zh: 'TCP 里没有“消息”' },
  load: async () => (await import('./views/home/home.tsx')).Home,
};

/** The page: the frame around every view, and the view of the address. */
export function App(): JSX.Element {
  const { door, view } = shownView();
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
          {DOORS.map((each) => (
            <PageLink key={each.id} to={addressIn(each.views[0]!)} isCurrent={each === door}>
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
        {door !== undefined && <Beside door={door} shown={view} />}
        <h1>{t(view.title)}</h1>
        {isOfClass && view === HOME && query.value.has('page') && <NotForClass />}
        <LoadedView load={view.load} />
      </main>
    </>
  );
}

/** The view that the address names, and the door it is behind. */
function shownView(): { readonly door?: Door; readonly view: View } {
  const found = viewCalled(query.value.get('page'));
  if (found !== undefined) return found;
  return query.value.has('experiment') ? viewCalled(LESSONS.id)! : { view: HOME };
}

/** Where a link to a view goes. */
function addressIn({ id, parameters }: View): Readonly<Record<string, string>> {
  return { page: id, ...parameters?.() };
}

/** The views behind the same door. */
function Beside({ door: { title, views }, shown }: { readonly door: Door; readonly shown: View }): JSX.Element | null {
  if (views.length < 2) return null;
  return (
    <nav class="beside" aria-label={t(title)}>
      {views.map((each) => (
        <PageLink key={each.id} to={addressIn(each)} isCurrent={each === shown}>
          {t(each.title)}
        </PageLink>
      ))}
    </nav>
  );
}

function NotForClass(): JSX.Element {
  return (
    <p class="bad" role="status">
      {t({
        en: 'What this address names is not open to a class: it connects to other programs.',
        zh: '这个地址对应的页面不向课堂开放：它会连接其他程序。',
      })}
    </p>
  );
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
