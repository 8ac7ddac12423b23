import type { Text } from './language.ts';
import type { ComponentType } from 'preact';

/** One page of the lab. */
export interface View {
  /** Its name in addresses: `?page=<id>`. */
  readonly id: string;
  readonly title: Text;
  /** Loads what draws it, the first time that it is shown. */
  readonly load: () => Promise<ComponentType>;
}
