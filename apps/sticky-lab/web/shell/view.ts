import type { Text } from './language.ts';

/** One page of the lab. */
export interface View {
  /** Its name in addresses: `?page=<id>`. */
  readonly id: 'home' | 'lessons' | 'playground' | 'exercises' | 'chat' | 'proxy' | 'probe' | 'codec';
  readonly title: Text;
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
