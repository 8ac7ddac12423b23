/** The request to a control route. */
export interface ControlRequest {
  /** The part of the path at `:name`. */
  readonly params: Readonly<Record<string, string>>;
  /** The body of a PATCH, parsed: any JSON. `undefined` for a GET. */
  readonly body: unknown;
}

/** The answer, as JSON. */
export interface ControlAnswer {
  readonly status: 200 | 400 | 404 | 409;
  readonly body: unknown;
}

/** A route that reads or changes a running service. The handler bounds its answer. */
export interface ControlRoute {
  readonly method: 'GET' | 'PATCH';
  /** `/proxies/:id` */
  readonly path: `/${string}`;
  readonly answer: (request: ControlRequest) => ControlAnswer;
}
