import { signal } from '@preact/signals';

/** The reader's own program: where it listens, and how its messages are framed. Empty where nothing was said. */
export interface Target {
  /** `host:port`. */
  readonly address: string;
  readonly framing: string;
}

/** What was last talked to, proxied or cut: the views for a program of one's own are about the same one. */
export const target = signal<Target>({ address: '', framing: '' });

/** Notes what a view is about. An address that only some views can use is not taken on. */
export function aimAt(address: string, framing: string): void {
  if (!/^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i.test(address.trim())) return;
  target.value = { address: address.trim(), framing };
}

/** What the address of a view says of it, where the view calls the address `name` and no framing `none`. */
export function aimed(name: string, none: string = ''): Readonly<Record<string, string>> {
  const { address, framing } = target.value;
  if (address === '') return {};
  return { [name]: address, ...(framing === none ? {} : { framing: framing === '' ? none : framing }) };
}
