import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { ServiceError } from '@socklab/service';
import { isOfClass } from './class-mode.ts';
import type { MiddlewareHandler } from 'hono';

/** Where the page is built to: beside the program's build, also when it runs from source or is bundled into one file. */
const FOLDER = ['../../dist/web', './web'].map((path) => fileURLToPath(new URL(path, import.meta.url))).find(hasPage);

/**
 * Serves the files of the page.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` when the page was not built.
 */
export function pageFiles(folder: string | undefined = FOLDER): MiddlewareHandler {
  if (folder === undefined || !hasPage(folder)) {
    throw new ServiceError(
      'SERVICE_ERR_USAGE',
      `the page is not built: ${folder ?? 'dist/web'} has no index.html. pnpm --filter sticky-lab page builds it`,
    );
  }
  const files = serveStatic({ root: folder });
  // So that the page shows a class from its first picture on only what it may use.
  const forClass = readFileSync(`${folder}/index.html`, 'utf8').replace('<html', '<html data-visitor="class"');
  return async (context, next) => {
    if (isOfClass(context) && ['/', '/index.html'].includes(context.req.path)) return context.html(forClass);
    const found = await files(context, next);
    // The names of these contain a hash of their content.
    if (found instanceof Response && context.req.path.startsWith('/assets/')) {
      found.headers.set('Cache-Control', 'public, max-age=31536000, immutable');
    }
    return found;
  };
}

function hasPage(folder: string): boolean {
  return existsSync(`${folder}/index.html`);
}
