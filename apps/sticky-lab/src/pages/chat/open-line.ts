import { openRoomLine } from './lines/room-line.ts';
import { openTcpLine } from './lines/tcp-line.ts';
import { openUdpLine } from './lines/udp-line.ts';
import type { LineOpener } from './chat.ts';
import type { ChatPlan } from './lines/events.ts';
import type { ChatTarget } from './target.ts';

/** What opens the way that a plan asks for. */
export function lineOpener({ transport, address, framing, isRoom, name }: ChatPlan, target: ChatTarget): LineOpener {
  return (listener, signal) => {
    const options = { ...target, address, listener, signal };
    if (transport === 'tcp') return openTcpLine({ ...options, framing: framing ?? 'raw' });
    return isRoom ? openRoomLine({ ...options, name }) : openUdpLine(options);
  };
}
