import { ProbeError } from '@socklab/probe';
import { InvalidArgumentError, option, parseCount, parseDuration, parseSize } from '@socklab/service';
import { APP } from '../../../version.ts';
import type { Option, OptionExtra } from '@socklab/service';

/** One option of a command of sticky-lab, with the variable that stands in for it. */
export function flag<Value = string>(flags: string, help: string, extra?: OptionExtra<Value>): Option {
  return option(APP, flags, help, extra);
}

/** A reader of option values made of one of the engine, whose errors then name the option. */
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

/** As {@link parsed}, but the value stays text: it goes into replay commands as it was given. */
export function checked(parse: (text: string) => unknown): (text: string) => string {
  return (text) => {
    parsed(parse)(text);
    return text;
  };
}

/** Lets an option be given more than once. Unlike `repeatable`, a comma in a value is a part of it. */
export function listed(made: Option, check: (text: string) => unknown): Option {
  return made.argParser<readonly string[]>((text, previous) => {
    const value = checked(check)(text);
    // commander passes the default as the first "previous": a value given replaces it.
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
