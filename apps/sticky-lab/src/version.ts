import { readFileSync } from 'node:fs';

/** The name of the program. */
export const APP = 'sticky-lab';

/** The version of the package. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}
