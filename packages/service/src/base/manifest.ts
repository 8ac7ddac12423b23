import { readFileSync } from 'node:fs';

/** The version in the `package.json` of the app whose module this is: `packageVersion(import.meta.url)` in its `src` or `dist`. */
export function packageVersion(moduleUrl: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', moduleUrl), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new TypeError(`no version in the package.json beside ${moduleUrl}`);
}
