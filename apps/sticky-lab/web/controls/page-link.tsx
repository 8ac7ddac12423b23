import { addressOf, goTo } from '../shell/address.ts';
import type { ComponentChildren, JSX } from 'preact';

/** What {@link PageLink} goes to. */
export interface PageLinkProps {
  /** What the address of the page says then. */
  readonly to: Readonly<Record<string, string>>;
  /** Whether it is what is shown. */
  readonly isCurrent: boolean;
  /** Whether it looks like a button: what a page is for. @defaultValue false */
  readonly isButton?: boolean;
  readonly children: ComponentChildren;
}

/** A link within the page, which the page itself follows. */
export function PageLink({ to, isCurrent, isButton = false, children }: PageLinkProps): JSX.Element {
  const open = (event: MouseEvent): void => {
    // A click that opens a tab of its own is the browser's.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a class={isButton ? 'button' : undefined} href={addressOf(to)} aria-current={isCurrent ? 'page' : undefined} onClick={open}>
      {children}
    </a>
  );
}
