import { join } from 'node:path';
import { repoRoot } from './repo-root.ts';

/** A version of Node that published packages run on. */
export interface NodeVersion {
  /** As in `process.versions.node`, up to the first dot. */
  readonly major: string;
  /** Its binary. */
  readonly command: string;
}

/** Each version that published packages are tested on: the oldest, the one after it, and that of this process. */
export const NODE_VERSIONS: readonly NodeVersion[] = [
  installed('22'),
  installed('24'),
  { major: process.versions.node.split('.')[0]!, command: process.execPath },
];

function installed(major: string): NodeVersion {
  return { major, command: join(repoRoot, `packages/framing/test/node-versions/node_modules/node${major}/bin/node`) };
}
