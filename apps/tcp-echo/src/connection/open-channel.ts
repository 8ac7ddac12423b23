import { ConversationChannel } from './conversation-channel.ts';
import { StreamChannel } from './stream-channel.ts';
import type { Channel, ChannelOptions, ChannelOwner } from './channel.ts';
import type { Socket } from 'node:net';

/** Opens the channel that the session needs over an accepted socket that nobody has read. */
export function openChannel(accepted: Socket, owner: ChannelOwner, options: ChannelOptions): Channel {
  const { session } = options;
  return session.kind === 'stream'
    ? new StreamChannel(accepted, owner, session, options)
    : new ConversationChannel(accepted, owner, session, options);
}
