/**
 * The used part of Standard Schema version 1, so that schemas of any library that follows it fit, and none is imported.
 * Source: https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The result of validation. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong with a value. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Most issues that a message names. */
const SHOWN_ISSUES = 5;

/**
 * Validates `value` and returns what the schema makes of it.
 *
 * @throws Error that names the issues, or says that the schema cannot be used because it validates asynchronously.
 */
export function validated<Output>(schema: StandardSchema<never, Output>, value: unknown): Output {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    // Its result comes too late: the rejection is handled here.
    result.catch(() => undefined);
    throw new Error(`the ${schema['~standard'].vendor} schema validates asynchronously, payloads can only be validated synchronously`);
  }
  if (result.issues === undefined) return result.value;
  const shown = result.issues.slice(0, SHOWN_ISSUES).map(show);
  const more = result.issues.length - shown.length;
  throw new Error(`payload does not fit the schema: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

function show({ message, path = [] }: StandardIssue): string {
  if (path.length === 0) return message;
  return `${path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.')}: ${message}`;
}
