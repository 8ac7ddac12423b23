import { ConversationChannel } from './conversation-channel.ts';
import { StreamChannel } from './stream-channel.ts';
import type { Channel, ChannelOptions, ChannelOwner } from './channel.ts';
import type { Socket } from 'node:net';

/** Opens the session's channel over an accepted socket that was not read yet. */
export function openChannel(accepted: Socket, owner: ChannelOwner, options: ChannelOptions): Channel {
  const { session } = options;
  return session.kind === 'stream'
    ? new StreamChannel(accepted, owner, session, options)
    : new ConversationChannel(accepted, owner, session, options);
}
