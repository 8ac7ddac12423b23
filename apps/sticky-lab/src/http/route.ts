import { readBody } from './body.ts';
import type { Context, Hono } from 'hono';
import type { GenericSchema, InferInput, InferOutput } from 'valibot';

/** The answer type of a route. */
export interface Answer<Value> {
  readonly description: string;
  readonly mediaTypes: readonly string[];
  /** For the type only; never present. */
  readonly value?: Value;
}

/** One route of the API. It types client and handler, validates requests, and appears in `/api/openapi.json`. */
export interface Route {
  /** What it does, in one line. */
  readonly summary: string;
  /** The JSON body. */
  readonly body?: GenericSchema;
  /** The query parameters, and their meanings. */
  readonly query?: Readonly<Record<string, string>>;
  /** @defaultValue 200 */
  readonly status?: 200 | 201 | 202;
  readonly answer: Answer<unknown>;
}

/** A method and a path; parts that begin with a colon are parameters. */
export type RouteName = `${'GET' | 'PATCH' | 'POST'} /api/${string}`;

/** Routes by their names. */
export type RouteTable = Readonly<Record<RouteName, Route>>;

/** The body of a route; `undefined` without one. */
export type SentOn<Each extends Route> = Each extends { readonly body: infer Body extends GenericSchema } ? InferInput<Body> : undefined;

/** The answer of a route. */
export type AnsweredOn<Each extends Route> = Each['answer'] extends Answer<infer Value> ? Value : never;

/** The validated body, with its defaults. */
type Checked<Each extends Route> = Each extends { readonly body: infer Body extends GenericSchema } ? InferOutput<Body> : undefined;

/** The handler of each route: returns the value, or a complete response. */
export type Handlers<Table extends RouteTable> = {
  readonly [Name in keyof Table & RouteName]: (
    context: Context,
    body: Checked<Table[Name]>,
  ) => AnsweredOn<Table[Name]> | Response | Promise<AnsweredOn<Table[Name]> | Response>;
};

/** An answer in JSON of a type. */
export function json<Value>(description: string): Answer<Value> {
  return { description, mediaTypes: ['application/json'] };
}

/** An answer of other types. */
export function file(description: string, ...mediaTypes: readonly string[]): Answer<Response> {
  return { description, mediaTypes };
}

/** Declares routes. Those that match the same path are tried in this order. */
export function defineRoutes<const Table extends RouteTable>(table: Table): Table {
  return table;
}

/** Serves the routes of a table. A request with an invalid body never reaches its handler. */
export function serveRoutes<const Table extends RouteTable>(app: Hono, table: Table, handlers: Handlers<Table>): void {
  for (const [name, route] of Object.entries(table) as [keyof Table & RouteName, Route][]) {
    const [method = '', path = ''] = name.split(' ');
    // The schema of a route returns what its handler takes: the types above say so, but not for all routes at once.
    const handle = handlers[name] as (context: Context, body: unknown) => unknown;
    app.on(method, path, async (context) => {
      const body = route.body === undefined ? undefined : await readBody(context, route.body);
      const answer = await handle(context, body);
      return answer instanceof Response ? answer : context.json(answer, route.status ?? 200);
    });
  }
}
