import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the page once before the tests, so that what a browser gets is of this source. */
export default async function setup(): Promise<void> {
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  const { NODE_ENV } = process.env;
  // What is tested is what ships: libraries are built with their checks for developers otherwise.
  process.env['NODE_ENV'] = 'production';
  await build({ configFile, logLevel: 'warn' });
  process.env['NODE_ENV'] = NODE_ENV;
}
