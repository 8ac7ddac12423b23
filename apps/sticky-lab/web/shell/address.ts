import { signal } from '@preact/signals';

/** What is in the address of the page after the `?`: all that is needed to show the same again. */
export const query = signal(new URLSearchParams(location.search));

window.addEventListener('popstate', () => {
  query.value = new URLSearchParams(location.search);
});

/** The address with these parameters and no others, for links. */
export function addressOf(parameters: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(parameters).toString()}`;
}

/** Goes to an address within the page: a step that the browser's back undoes. */
export function goTo(parameters: Readonly<Record<string, string>>): void {
  history.pushState(null, '', addressOf(parameters));
  query.value = new URLSearchParams(location.search);
}

/** Keeps the address in step with what is shown, without a step of its own. */
export function replaceAddress(parameters: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', addressOf(parameters));
  query.value = new URLSearchParams(location.search);
}
