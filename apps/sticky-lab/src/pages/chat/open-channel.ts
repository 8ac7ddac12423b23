import { openRoomChannel } from './channels/room-channel.ts';
import { openTcpChannel } from './channels/tcp-channel.ts';
import { openUdpChannel } from './channels/udp-channel.ts';
import type { ChatPlan } from './channels/events.ts';
import type { ChannelOpener } from './chat.ts';
import type { ChatTarget } from './target.ts';

/** What opens the way that a plan asks for. */
export function channelOpener({ transport, address, framing, isRoom, name }: ChatPlan, target: ChatTarget): ChannelOpener {
  return (listener, signal) => {
    const options = { ...target, address, listener, signal };
    if (transport === 'tcp') return openTcpChannel({ ...options, framing: framing ?? 'raw' });
    return isRoom ? openRoomChannel({ ...options, name }) : openUdpChannel(options);
  };
}
