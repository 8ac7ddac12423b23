import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's top folder, without a trailing slash. */
export const repoRoot: string = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[/\\]$/, '');
