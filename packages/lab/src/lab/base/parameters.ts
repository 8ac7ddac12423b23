import { LabError } from './errors.ts';
import type { Text } from '../../text.ts';

/** One numeric parameter of an experiment. */
export interface ParameterSpec {
  readonly default: number;
  /** Smallest value allowed. */
  readonly min: number;
  /** Largest value allowed. */
  readonly max: number;
  readonly unit: 'bytes' | 'count' | 'ms';
  /** Short description. */
  readonly help: Text;
}

/** The parameters of an experiment, by name. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** A value for each parameter. */
export type Parameters<Specs extends ParameterSpecs = ParameterSpecs> = { readonly [Name in keyof Specs]: number };

/** The part of an experiment that {@link resolveParameters} uses. */
export interface HasParameters {
  readonly id: string;
  readonly params: ParameterSpecs;
}

/**
 * Adds defaults to the given values.
 *
 * @throws LabError `LAB_ERR_PARAMETER`, with the name of the parameter, for a name the experiment does not have, and for
 * anything but a whole number from `min` to `max`.
 */
export function resolveParameters({ id, params }: HasParameters, given: Readonly<Record<string, number>>): Parameters {
  const names = Object.keys(params);
  for (const [name, value] of Object.entries(given)) {
    const spec = Object.hasOwn(params, name) ? params[name] : undefined;
    if (spec === undefined) throw unknown(id, name, names);
    if (!Number.isInteger(value) || value < spec.min || value > spec.max) throw outside(id, name, value, spec);
  }
  return Object.fromEntries(names.map((name) => [name, given[name] ?? params[name]!.default]));
}

// The name is untrusted input: shorten it in the message.
const MAX_NAME_CHARS = 60;

function unknown(id: string, name: string, names: readonly string[]): LabError {
  const seen = JSON.stringify(name.slice(0, MAX_NAME_CHARS));
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  const zhKnown = names.length === 0 ? '它没有参数' : `它有 ${names.join('、')}`;
  return new LabError('LAB_ERR_PARAMETER', `${id} has no parameter ${seen}, ${known}`, {
    zh: `${id} 没有参数 ${seen}，${zhKnown}`,
    parameter: name.slice(0, MAX_NAME_CHARS),
  });
}

function outside(id: string, name: string, value: number, { min, max, unit }: ParameterSpec): LabError {
  return new LabError('LAB_ERR_PARAMETER', `${id}: ${name} is ${value}; allowed: whole numbers from ${min} to ${max} (${unit})`, {
    zh: `${id}：${name} 为 ${value}，允许 ${min} 到 ${max} 的整数（${UNITS_ZH[unit]}）`,
    parameter: name,
  });
}

const UNITS_ZH: Readonly<Record<ParameterSpec['unit'], string>> = { bytes: '字节', count: '个', ms: '毫秒' };
