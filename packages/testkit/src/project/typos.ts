/** The part of a commander command that {@link misnamed} looks at. */
interface ProgramCommand {
  name(): string;
  readonly options: readonly { readonly long?: string | undefined }[];
  readonly commands: readonly ProgramCommand[];
}

/** A slip of the finger in what is typed behind the name of a program. */
interface Typo {
  /** `['call', '--messae', '1']` */
  readonly words: readonly string[];
  readonly kind: 'option' | 'command';
  readonly typed: string;
  /** `--message` */
  readonly meant: string;
}

/**
 * Types every long option and every command of a program with one letter left out, and looks whether the refusal names what was meant.
 *
 * @param parse - does what the words say, or rejects.
 * @returns those that it does not: `['call --messae 1: unknown option']`
 */
export async function misnamed<Program extends ProgramCommand>(
  program: Program,
  parse: (program: Program, words: readonly string[]) => Promise<void>,
): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const { words, kind, typed, meant } of typosOf(program, [])) {
    const message = await parse(program, words).then(
      () => 'taken',
      (error: unknown) => String(error),
    );
    const [, named = ''] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message) ?? [];
    const isTold = message.includes(`unknown ${kind} '${typed}'`) && named.split(', ').includes(meant);
    if (!isTold) missed.push(`${words.join(' ')}: ${message}`);
  }
  return missed;
}

function typosOf(program: ProgramCommand, path: readonly string[]): readonly Typo[] {
  const options = program.options.flatMap(({ long }) => long ?? []);
  const commands = program.commands.map((command) => command.name());
  return [
    ...slips(options).map(({ typed, meant }) => ({ words: [...path, typed, '1'], kind: 'option' as const, typed, meant })),
    ...slips(commands).map(({ typed, meant }) => ({ words: [...path, typed], kind: 'command' as const, typed, meant })),
    ...program.commands.flatMap((command) => typosOf(command, [...path, command.name()])),
  ];
}

/** The last letter but one is missing: an option is no longer the beginning of another one. */
function slips(names: readonly string[]): readonly { readonly typed: string; readonly meant: string }[] {
  const slipped = names.map((name) => ({ typed: name.slice(0, -2) + name.slice(-1), meant: name }));
  return slipped.filter(({ typed }) => !names.includes(typed));
}
