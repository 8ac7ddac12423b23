import { refusalOf } from './sendable.ts';
import type { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import type { OperatorConversations } from './conversations.ts';
import type { OperatorEffects } from './run-command.ts';
import type { ByteCodec } from '@socklab/framing';
import type { OperatorConsole } from '@socklab/service';

/** What the commands of the operator act on. */
export interface EffectsOptions {
  readonly connections: Connections;
  readonly conversations: OperatorConversations;
  readonly console: Pick<OperatorConsole, 'print' | 'close'>;
  readonly codec: ByteCodec;
  /** Unsent bytes from which on nothing more is sent to a client. */
  readonly maxPendingBytes: number;
  /** Milliseconds, as `performance.now()` counts. */
  readonly nowMs: () => number;
}

/** The effects of commands on the connections of the service. */
export function createOperatorEffects(options: EffectsOptions): OperatorEffects {
  const { connections, conversations, console, codec, nowMs } = options;
  const say = (connection: Connection, message: Uint8Array): void => {
    const failed = (error: unknown): void => console.print(`not sent to ${connection.id}: ${messageOf(error)}`);
    connection.say(message).catch(failed);
  };
  return {
    list: () => Array.from(connections, (connection) => listed(connection, nowMs())),
    tell(id, text) {
      const connection = connections.get(id);
      if (connection === undefined) return noConnection(id);
      const message = Buffer.from(text);
      const refused = refusalOf(message, codec) ?? deafness(connection, options);
      if (refused !== undefined) return `not sent: ${refused}`;
      say(connection, message);
      return `sent to ${id}`;
    },
    tellAll(text) {
      const message = Buffer.from(text);
      const refused = refusalOf(message, codec);
      if (refused !== undefined) return `not sent: ${refused}`;
      const hearers = [...connections].filter((connection) => deafness(connection, options) === undefined);
      for (const connection of hearers) say(connection, message);
      return `sent to ${hearers.length} of ${connections.size}`;
    },
    kick(id) {
      const connection = connections.get(id);
      if (connection === undefined) return noConnection(id);
      // A client that does not read would not read the end either.
      if (connection.state === 'ending' || connection.pendingBytes > 0) connection.cut('kicked');
      else connection.end('kicked');
      return `kicked ${id}`;
    },
    next() {
      const id = conversations.leavePresent('operator-next');
      return id === undefined ? 'nobody is being served' : `ended the conversation with ${id}`;
    },
    quit() {
      conversations.leaveAll('operator-left');
      console.close();
    },
  };
}

function noConnection(id: number): string {
  return `no connection ${id}: /who shows the open ones`;
}

/** Why a client would not receive a message, if so. */
function deafness({ id, state, pendingBytes }: Connection, { maxPendingBytes }: EffectsOptions): string | undefined {
  if (state === 'ending') return `${id} is leaving`;
  if (pendingBytes < maxPendingBytes) return undefined;
  return `${id} does not read: ${pendingBytes} bytes are waiting, limit ${maxPendingBytes}`;
}

function listed(connection: Connection, nowMs: number): ReturnType<OperatorEffects['list']>[number] {
  const { id, address, state, openedAtMs, bytesIn, bytesOut, messagesIn, messagesOut } = connection;
  return { id, address, state, ageMs: nowMs - openedAtMs, bytesIn, bytesOut, messagesIn, messagesOut };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
