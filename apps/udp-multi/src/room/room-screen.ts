import { createLogWindow, printable } from '@socklab/service';
import { formatPeer } from '../peers.ts';
import type { Datagram } from '../sessions/session.ts';
import type { Member } from './members.ts';
import type { LogWindow, OperatorConsole } from '@socklab/service';

/** Lines of one member, or of one address, that the operator is shown in so long: more nobody reads, and they would hide what others say. */
const SCREEN_LINES = 100;
const SCREEN_WINDOW_MS = 1000;

/** The operator's view of a room. Without an operator it shows nothing. */
export interface RoomScreen {
  /** Lets the lines of one member, or one address, pass, and counts those that are too many. */
  createWindow(of: string): LogWindow;
  /** Shows what a member says. */
  show(member: Pick<Member<Datagram>, 'contact' | 'name' | 'screen'>, text: Uint8Array): void;
}

/** Makes a {@link RoomScreen}. */
export function createRoomScreen(console: Pick<OperatorConsole, 'print'> | undefined, now: () => number): RoomScreen {
  return {
    createWindow: (of) =>
      createLogWindow({
        windowMs: SCREEN_WINDOW_MS,
        lines: SCREEN_LINES,
        now,
        heldBack: (_, lines) => console?.print(`${of}: ${lines} more messages that are not shown`),
      }),
    show({ contact, name, screen }, text) {
      if (console === undefined || screen.pass('said') === undefined) return;
      console.print(`${formatPeer(contact.peer)} ${printable(name)}: ${printable(text)}`);
    },
  };
}
