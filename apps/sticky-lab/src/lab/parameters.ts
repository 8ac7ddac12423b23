import { LabError } from './errors.ts';

/** One number that an experiment can be told. */
export interface ParameterSpec {
  readonly default: number;
  /** Smallest value allowed. */
  readonly min: number;
  /** Largest value allowed. */
  readonly max: number;
  readonly unit: 'bytes' | 'count';
  /** What it does, in a few words. */
  readonly help: string;
}

/** The parameters of an experiment, by name. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** A value for each parameter. */
export type Parameters<Specs extends ParameterSpecs = ParameterSpecs> = { readonly [Name in keyof Specs]: number };

/** What {@link resolveParameters} needs to know of an experiment. */
export interface HasParameters {
  readonly id: string;
  readonly params: ParameterSpecs;
}

/**
 * Completes the values given with the defaults.
 *
 * @throws LabError `LAB_ERR_PARAMETER` for a name the experiment does not have, and for anything but a whole number from
 * `min` to `max`.
 */
export function resolveParameters({ id, params }: HasParameters, given: Readonly<Record<string, number>>): Parameters {
  const names = Object.keys(params);
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(params, name) ? params[name] : undefined;
    if (spec === undefined) {
      const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      throw new LabError('LAB_ERR_PARAMETER', `${id} has no parameter ${JSON.stringify(name)}, ${known}`);
    }
    if (!Number.isInteger(value) || value < spec.min || value > spec.max) {
      const allowed = `whole numbers from ${spec.min} to ${spec.max}`;
      throw new LabError('LAB_ERR_PARAMETER', `${id}: ${name} is ${value}, allowed are ${allowed} (${spec.unit})`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, given[name] ?? params[name]!.default]));
}
