/** The part of a commander option that {@link meaningsOfZero} looks at. */
interface ProgramOption {
  readonly long?: string | undefined;
  readonly flags: string;
  readonly description: string;
  readonly parseArg?: ((text: string, previous: never) => unknown) | undefined;
}

/** The part of a commander command that {@link meaningsOfZero} looks at. */
interface ProgramCommand {
  name(): string;
  readonly options: readonly ProgramOption[];
  readonly commands: readonly ProgramCommand[];
}

/** The placeholder of a number in the flags of an option: `--size <size>`. */
const QUANTITIES = ['n', 'number', 'count', 'size', 'duration', 'delay', 'rate', 'percent', 'bits', 'hops', 'port'];
/** 0, in each spelling of a quantity. */
const ZEROS = ['0', '0s', '0%', '0/s', '0B/s'];

/**
 * The meaning of 0 for each numeric option of a program and of its commands, in the order of their help: `refused`
 * when every spelling is refused, else what the help says of it, as in `--max-per-ip <n>  …; 0: any number`. An option
 * that accepts 0 without explaining it is `unsaid`. A seed is a name, not a quantity, so it is left out.
 *
 * @returns `{ 'tcp-echo --max-per-ip': 'any number' }`
 */
export function meaningsOfZero(program: ProgramCommand): Readonly<Record<string, string>> {
  const own = program.options.filter(isQuantity).map((option) => [`${program.name()} ${option.long}`, meaningOf(option)]);
  return Object.assign(Object.fromEntries(own), ...program.commands.map(meaningsOfZero)) as Record<string, string>;
}

function isQuantity({ flags, long }: ProgramOption): boolean {
  const [, placeholder = ''] = /<(\w+)>$/.exec(flags) ?? [];
  return QUANTITIES.includes(placeholder) && long !== '--seed';
}

function meaningOf({ description, parseArg }: ProgramOption): string {
  if (!ZEROS.some((text) => isTaken(text, parseArg))) return 'refused';
  return /[;,:(] 0[s%]?: ([^;()]+)/.exec(description)?.[1]?.trim() ?? 'unsaid';
}

function isTaken(text: string, parse: ProgramOption['parseArg']): boolean {
  try {
    parse?.(text, undefined as never);
    return true;
  } catch {
    return false;
  }
}
