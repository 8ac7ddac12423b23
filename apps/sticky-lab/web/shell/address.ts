import { signal } from '@preact/signals';

const asked = new URLSearchParams(location.search);

/** The language that the address asks for, `?lang=zh`. It is taken out of the address, which is then the same for readers of all languages. */
export const askedLanguage = asked.get('lang');
if (askedLanguage !== null) {
  asked.delete('lang');
  history.replaceState(null, '', asked.size > 0 ? `?${asked.toString()}` : location.pathname);
}

/** The query string of the page: everything needed to show the same again. */
export const query = signal(asked);

/**
 * The address that was navigated to: at first, by a link, or by the browser's back and forward. A view fills its form from here and
 * not from {@link query}: what the page itself wrote into the address would arrive late and undo what was typed since.
 */
export const visited = signal(query.peek());

window.addEventListener('popstate', visit);

/** The address with these parameters and no others, for links. */
export function addressOf(parameters: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(parameters).toString()}`;
}

/** Goes to an address within the page: a step that the browser's back undoes. */
export function goTo(parameters: Readonly<Record<string, string>>): void {
  history.pushState(null, '', addressOf(parameters));
  visit();
}

/** Updates the address for what is shown, without a history entry. */
export function replaceAddress(parameters: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', addressOf(parameters));
  query.value = new URLSearchParams(location.search);
}

function visit(): void {
  query.value = new URLSearchParams(location.search);
  visited.value = query.value;
}
