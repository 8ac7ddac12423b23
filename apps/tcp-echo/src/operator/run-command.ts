import { commandHelp } from '@socklab/service';
import { OPERATOR_COMMANDS } from './commands.ts';
import { whoTable } from './who-table.ts';
import type { OperatorCommand } from './commands.ts';
import type { ListedConnection } from './who-table.ts';

/** What the commands of the operator do. Those that return a text tell in one line what came of it. */
export interface OperatorEffects {
  /** Every open connection, in order of arrival. */
  list(): readonly ListedConnection[];
  tell(id: number, text: string): string;
  tellAll(text: string): string;
  kick(id: number): string;
  next(): string;
  quit(): void;
}

/** Does what a command says, and shows the operator what came of it. */
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
