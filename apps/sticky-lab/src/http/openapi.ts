import { toJsonSchema } from '@valibot/to-json-schema';
import type { Route, RouteTable } from './route.ts';
import type { JsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

/** A description of an HTTP API. Source: OpenAPI Specification 3.1.1. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<string, unknown>>;
  /** By path, then by method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** Describes the routes of a table, with the schemas that check their requests. */
export function describeApi(table: RouteTable, version: string): OpenApiDocument {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(table)) {
    const [method = '', pattern = ''] = name.split(' ');
    const path = pattern.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(pattern, route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'sticky-lab',
      version,
      description: 'Experiments, campaigns, proxies and chats. What takes its time is a job: /api/jobs/{id}/events tells how it goes.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: { schemas: { Refusal: REFUSAL } },
  };
}

const REFUSAL: JsonSchema = {
  type: 'object',
  required: ['error', 'zh'],
  properties: {
    error: { type: 'string', description: 'what was seen and what is allowed, in English' },
    zh: { type: 'string', description: 'the same in Chinese' },
    field: { type: 'string', description: 'which part of the request is meant: names joined by dots' },
  },
};

function operationOf(pattern: string, { summary, body, query = {}, status = 200, answer }: Route): unknown {
  const inPath = Array.from(pattern.matchAll(/:(\w+)/g), ([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const inQuery = Object.entries(query).map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }));
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      [status]: { description: answer.description, content: Object.fromEntries(answer.mediaTypes.map((type) => [type, {}])) },
      default: {
        description: 'the request is refused',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
      },
    },
  };
}

/** The schema of a request. @throws Error for a check that JSON Schema and this function cannot express. */
function schemaOf(schema: GenericSchema): JsonSchema {
  const { $schema: _dialect, ...described } = toJsonSchema(schema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    overrideAction: ({ valibotAction, jsonSchema }) => {
      const { type, requirement } = valibotAction as { readonly type: string; readonly requirement?: unknown };
      if (type === 'safe_integer') return { ...jsonSchema, type: 'integer' };
      if (type === 'max_bytes') return Object.assign(jsonSchema, { 'x-maxBytes': requirement });
      return undefined;
    },
  });
  return described;
}
