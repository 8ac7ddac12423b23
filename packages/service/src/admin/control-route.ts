/** What a control route is asked with. */
export interface ControlRequest {
  /** What stands in the path at `:name`. */
  readonly params: Readonly<Record<string, string>>;
  /** The body of a PATCH, parsed: any JSON. `undefined` for a GET. */
  readonly body: unknown;
}

/** What it answers, as JSON. */
export interface ControlAnswer {
  readonly status: 200 | 400 | 404 | 409;
  readonly body: unknown;
}

/** One route by which a running service is asked or changed. What it answers is bounded by whoever gives it. */
export interface ControlRoute {
  readonly method: 'GET' | 'PATCH';
  /** `/proxies/:id` */
  readonly path: `/${string}`;
  readonly answer: (request: ControlRequest) => ControlAnswer;
}
