import type { ControlRoute } from './control-route.ts';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';

const MAX_BODY_BYTES = 65_536;

/**
 * Adds control routes to the admin endpoint, answered to connections from this machine only. A change must be sent
 * as `application/json`: a browser sends that to another site only after a CORS preflight, which is always
 * refused.
 */
export function addControlRoutes(
  admin: Hono<{ Bindings: HttpBindings }>,
  routes: readonly ControlRoute[],
  isLocal: (context: Context<{ Bindings: HttpBindings }>) => boolean,
): void {
  for (const { method, path, answer } of routes) {
    admin.on(method, path, async (context) => {
      if (!isLocal(context)) return context.text(`forbidden: ${context.req.path} is only served to this machine`, 403);
      const read = method === 'GET' ? { body: undefined } : await readJson(context);
      if ('refusal' in read) return context.json({ error: read.refusal }, read.status);
      const { status, body } = answer({ params: context.req.param(), body: read.body });
      return context.json(body as object, status, { 'cache-control': 'no-store' });
    });
  }
}

type ReadBody = { readonly body: unknown } | { readonly refusal: string; readonly status: 400 | 413 | 415 };

async function readJson({ req, env }: Context<{ Bindings: HttpBindings }>): Promise<ReadBody> {
  const type = req.header('content-type') ?? 'none';
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    return { status: 415, refusal: `the content type is ${JSON.stringify(type)}; allowed: application/json` };
  }
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of env.incoming as AsyncIterable<Buffer>) {
    byteLength += chunk.length;
    if (byteLength > MAX_BODY_BYTES) return { status: 413, refusal: `the body has more than ${MAX_BODY_BYTES} bytes` };
    chunks.push(chunk);
  }
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString()) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: 400, refusal: `the body is not JSON: ${error.message}` };
  }
}
