import type { Text } from './language.ts';
import type { ComponentType } from 'preact';

/** One page of the lab. */
export interface View {
  /** Its name in addresses: `?page=<id>`. */
  readonly id: string;
  readonly title: Text;
  /** Loads what draws it, when it is shown. */
  readonly load: () => Promise<ComponentType>;
  /** What its address says besides, when it is gone to from the views beside it. */
  readonly parameters?: () => Readonly<Record<string, string>>;
}

/** Views for one need. */
export interface Door {
  readonly id: 'learn' | 'program' | 'bytes';
  readonly title: Text;
  /** The first one is where the door leads. */
  readonly views: readonly View[];
  /** Whether a class may use it. */
  readonly isForClass: boolean;
}
