import { commandHelp } from '@socklab/service';
import { OPERATOR_COMMANDS } from './commands.ts';
import { whoTable } from './who-table.ts';
import type { OperatorCommand } from './commands.ts';
import type { ListedConnection } from './who-table.ts';

/** The effects of the operator's commands. Those that return a text report the result in one line. */
export interface OperatorEffects {
  /** Every open connection, in order of arrival. */
  list(): readonly ListedConnection[];
  tell(id: number, text: string): string;
  tellAll(text: string): string;
  kick(id: number): string;
  next(): string;
  quit(): void;
}

/** Runs a command, and shows its result to the operator. */
export function runOperatorCommand(command: OperatorCommand, effects: OperatorEffects, show: (text: string) => void): void {
  switch (command.kind) {
    case 'who':
      show(whoTable(effects.list()));
      break;
    case 'to':
      show(effects.tell(command.id, command.text));
      break;
    case 'all':
      show(effects.tellAll(command.text));
      break;
    case 'kick':
      show(effects.kick(command.id));
      break;
    case 'next':
      show(effects.next());
      break;
    case 'help':
      show(commandHelp(OPERATOR_COMMANDS));
      break;
    case 'quit':
      // Afterwards nobody is there to see it.
      show('ending');
      effects.quit();
  }
}
