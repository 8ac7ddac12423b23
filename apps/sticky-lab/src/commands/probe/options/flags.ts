import { ProbeError } from '@socklab/probe';
import { InvalidArgumentError, option, parseCount, parseDuration, parseSize } from '@socklab/service';
import { APP } from '../../../version.ts';
import type { Option, OptionExtra } from '@socklab/service';

/** One option of a command of sticky-lab, with its environment variable. */
export function flag<Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option {
  return option(APP, flags, help, extra);
}

/** A parser of option values from one of the engine, whose errors then name the option. */
export function parsed<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error;
      throw new InvalidArgumentError(`${error.message}.`);
    }
  };
}

/** As {@link parsed}, but the value stays text: replay commands repeat it unchanged. */
export function checked(parse: (text: string) => unknown): (text: string) => string {
  return (text) => {
    parsed(parse)(text);
    return text;
  };
}

/** Makes an option repeatable. Unlike with `repeatable`, a comma is part of the value. */
export function listed(made: Option, check: (text: string) => unknown): Option {
  return made.argParser<readonly string[]>((text, previous) => {
    const value = checked(check)(text);
    // commander passes the default as the first "previous": a given value replaces it.
    return previous === made.defaultValue || !Array.isArray(previous) ? [value] : [...previous, value];
  });
}

/** A duration of at least 1 ms. @throws InvalidArgumentError */
export function parseSpan(text: string): number {
  return atLeastOne(text, parseDuration(text), '1ms');
}

/** A whole number from 1 on. @throws InvalidArgumentError */
export function parseMany(text: string): number {
  return atLeastOne(text, parseCount(text), '1');
}

/** A size of at least one byte. @throws InvalidArgumentError */
export function parseBytes(text: string): number {
  return atLeastOne(text, parseSize(text), '1 byte');
}

function atLeastOne(text: string, value: number, least: string): number {
  if (value >= 1) return value;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is too little: give at least ${least}.`);
}
