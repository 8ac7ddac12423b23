import { getDotPath, safeParse } from 'valibot';
import { Refusal } from './refusal.ts';
import type { Context } from 'hono';
import type { GenericSchema, InferOutput } from 'valibot';

/** Longest body of a request, in bytes. */
export const MAX_BODY_BYTES = 262_144;

/**
 * The body of a request, checked.
 *
 * @throws Refusal 400 for invalid JSON; 422 naming the first invalid field, and why.
 */
export async function readBody<Schema extends GenericSchema>(context: Context, schema: Schema): Promise<InferOutput<Schema>> {
  const result = safeParse(schema, await readJson(context), { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = getDotPath(issue) ?? undefined;
  throw new Refusal(
    422,
    {
      en: `${field ?? 'the request'}: ${issue.message}`,
      zh: `${field ?? '请求'}：应为 ${issue.expected ?? '别的值'}，收到 ${issue.received}`,
    },
    field,
  );
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, { en: 'the body is not JSON', zh: '请求体不是 JSON' });
  }
}
