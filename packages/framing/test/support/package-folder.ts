import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';

/** The folder of this package. */
export const packageFolder: string = join(repoRoot, 'packages', 'framing');
