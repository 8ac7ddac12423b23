import { InvalidArgumentError, Option } from 'commander';
import { ServiceError } from '../base/exit.ts';

/** Options of {@link option}, besides name and help. */
export interface OptionExtra<Value> {
  readonly default?: Value | readonly Value[];
  /** The default as help shows it when it is not the value itself: `5s` for 5000. */
  readonly defaultText?: string;
  /** Turns the given text into the value; throws InvalidArgumentError, ServiceError, or a RangeError as libraries do. */
  readonly parse?: (text: string) => Value;
  /** The only texts allowed. */
  readonly choices?: readonly string[];
  /** May be given more than once, or once with commas; the value is an array. A given value replaces the default. */
  readonly repeatable?: boolean;
}

/**
 * One option of a program, with an environment variable that can set it too: `--max-frame` of `tcp-echo` reads
 * `TCP_ECHO_MAX_FRAME`. The command line wins over the environment, the environment over the default.
 */
export function option<Value = string>(appName: string, flags: string, help: string, extra: OptionExtra<Value> = {}): Option {
  const made = new Option(flags, help);
  made.env(environmentName(appName, made.long ?? made.name()));
  if (extra.default !== undefined) made.default(extra.default, extra.defaultText);
  if (extra.choices !== undefined) made.choices(extra.choices);
  const parseOne = oneValue(extra);
  if (extra.repeatable === true) made.argParser(collect(made, parseOne));
  else if (extra.parse !== undefined) made.argParser(parseOne);
  return made;
}

/** The variable of a flag: `tcp-echo`, `--max-frame` → `TCP_ECHO_MAX_FRAME`. */
export function environmentName(appName: string, flag: string): string {
  return `${appName}_${flag.replace(/^-+/, '')}`.replaceAll('-', '_').toUpperCase();
}

function oneValue<Value>({ parse, choices }: OptionExtra<Value>): (text: string) => Value | string {
  return (text) => {
    if (choices !== undefined && !choices.includes(text)) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    }
    return parse === undefined ? text : named(parse, text);
  };
}

/** commander completes an InvalidArgumentError with the option's name and the given text. */
function named<Value>(parse: (text: string) => Value, text: string): Value {
  try {
    return parse(text);
  } catch (error) {
    // commander already quotes the text.
    if (error instanceof ServiceError || error instanceof RangeError)
      throw new InvalidArgumentError(error.message.replace(`${text}: `, ''));
    throw error;
  }
}

function collect<Value>(made: Option, parseOne: (text: string) => Value): (text: string, previous: unknown) => Value[] {
  return (text, previous) => {
    const values = text.split(',').map((part) => parseOne(part.trim()));
    // commander passes the default as the first "previous": a given value replaces it.
    const isFirst = previous === made.defaultValue || !Array.isArray(previous);
    return isFirst ? values : [...(previous as Value[]), ...values];
  };
}

const TRUE_TEXTS = ['1', 'true', 'yes', 'on'];
const FALSE_TEXTS = ['', '0', 'false', 'no', 'off'];

/**
 * Removes variables of boolean flags that mean "no" from the environment, because commander only checks whether
 * the variable exists: `TCP_ECHO_ONCE=0` would switch `--once` on.
 * @throws InvalidArgumentError when the variable means neither yes nor no.
 */
export function dropFalseFlags(options: readonly Option[], environment: Record<string, string | undefined>): void {
  for (const { long, envVar, required, optional } of options) {
    const text = envVar === undefined ? undefined : environment[envVar]?.toLowerCase();
    if (envVar === undefined || text === undefined || required || optional) continue;
    if (FALSE_TEXTS.includes(text)) delete environment[envVar];
    else if (!TRUE_TEXTS.includes(text)) {
      throw new InvalidArgumentError(
        `option '${long}' value '${text}' from env '${envVar}' is invalid. Allowed are 1, true, yes, on, 0, false, no, off.`,
      );
    }
  }
}
