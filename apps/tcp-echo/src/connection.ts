import { FrameError } from '@socklab/framing';
import { framed } from '@socklab/framing/node';
import { endSocket } from './end-socket.ts';
import { countClosed } from './metrics.ts';
import type { Socket } from 'node:net';
import type { Codec } from '@socklab/framing';
import type { Logger } from '@socklab/service';
import type { LineUp } from './line-up.ts';
import type { Metrics } from './metrics.ts';
import type { Conversation, EndReason, Session } from './sessions/session.ts';

/** How a connection can end: as its session ends, or because something went wrong. */
export type CloseReason = EndReason | 'left' | 'frame-error' | 'reset' | 'socket-error' | 'session-error' | 'drain-timeout';

/** Every {@link CloseReason}: the labels of `connections_closed_total`. */
export const CLOSE_REASONS: readonly CloseReason[] = [
  'served',
  'peer-ended',
  'quit',
  'operator-left',
  'drain',
  'left',
  'frame-error',
  'reset',
  'socket-error',
  'session-error',
  'drain-timeout',
];

/** What a connection needs besides its socket. */
export interface ConnectionContext {
  /** Number of the connection, from 1 in order of arrival. */
  readonly id: number;
  readonly session: Session;
  readonly codec: Codec;
  /** Where to wait for a turn; absent when all are served at once. */
  readonly lineUp: LineUp | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly draining: AbortSignal;
  /** Aborts when the drain has lasted too long: the connection is cut. */
  readonly cut: AbortSignal;
}

/**
 * Bytes read before the session asks for them. A socket that nobody reads notices neither FIN nor RST, so a client that
 * waits in line, or for the operator, could not be seen to leave.
 */
const READ_AHEAD_BYTES = 65_536;

/** Leads one socket through its life: its turn, its session, its end. Logged once, counted once, closed once; never rejects. */
export async function serveConnection(socket: Socket, context: ConnectionContext): Promise<void> {
  const { metrics, cut, draining } = context;
  const log = context.log.child({ conn: context.id });
  const startedAt = performance.now();
  // Whoever reads learns of an error from the read; in the line and while ending there is no reader.
  socket.on('error', (error) => log.debug({ code: codeOf(error) }, 'socket error'));
  const peer = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  const messages = framed(socket, context.codec, { readAheadBytes: READ_AHEAD_BYTES });
  const onDrain = (): void => void messages.detach();
  const onCut = (): void => void socket.resetAndDestroy();
  draining.addEventListener('abort', onDrain, { once: true });
  cut.addEventListener('abort', onCut, { once: true });
  metrics.connections.inc();
  metrics.connectionsActive.inc();
  log.info({ peer: `${peer.host}:${peer.port}` }, 'connection accepted');

  const { reason, error } = await converse(socket, { peer, log, messages, draining }, context);
  const totals = {
    bytesIn: socket.bytesRead,
    bytesOut: socket.bytesWritten,
    messagesIn: messages.framesIn,
    messagesOut: messages.framesOut,
  };
  draining.removeEventListener('abort', onDrain);
  cut.removeEventListener('abort', onCut);
  metrics.connectionsActive.dec();
  metrics.bytesReceived.inc(totals.bytesIn);
  metrics.bytesSent.inc(totals.bytesOut);
  metrics.messagesReceived.inc(totals.messagesIn);
  metrics.messagesSent.inc(totals.messagesOut);
  countClosed(metrics, reason);
  const level = reason === 'session-error' ? 'error' : error === undefined ? 'info' : 'warn';
  log[level]({ ...totals, durationMs: Math.round(performance.now() - startedAt), reason, ...describe(reason, error) }, 'connection closed');
}

interface Outcome {
  readonly reason: CloseReason;
  readonly error?: unknown;
}

/** Waits for the turn, serves, and closes the socket. */
async function converse(socket: Socket, conversation: Conversation, context: ConnectionContext): Promise<Outcome> {
  try {
    const reason = await serveInTurn(socket, conversation, context);
    await endSocket(socket);
    return context.cut.aborted ? { reason: 'drain-timeout' } : { reason };
  } catch (error) {
    socket.destroy();
    return context.cut.aborted ? { reason: 'drain-timeout' } : { reason: reasonOf(error), error };
  }
}

async function serveInTurn(socket: Socket, conversation: Conversation, context: ConnectionContext): Promise<CloseReason> {
  const { lineUp, session, metrics } = context;
  if (lineUp === undefined) return session.serve(conversation);
  const turn = await lineUp.turn(whenGone(socket, conversation, session), (position) => {
    metrics.connectionsWaiting.inc();
    conversation.log.info({ position }, 'waiting in line');
  });
  metrics.connectionsWaiting.set(lineUp.waiting);
  if (turn !== 'granted') return turn;
  try {
    return await session.serve(conversation);
  } finally {
    lineUp.release();
  }
}

/** Resolves when a client in line is not waiting any more. */
function whenGone(socket: Socket, { messages }: Conversation, { servesHalfClosed }: Session): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    void messages.peerEnded.then(() => {
      // "printf hi | nc" ends its side at once and still waits for the answer.
      if (!servesHalfClosed || socket.bytesRead === 0) resolve();
    });
  });
}

const RESET_CODES: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_DESTROYED']);

function reasonOf(error: unknown): CloseReason {
  if (error instanceof FrameError) return 'frame-error';
  const code = codeOf(error);
  if (RESET_CODES.has(code)) return 'reset';
  return code === undefined ? 'session-error' : 'socket-error';
}

function describe(reason: CloseReason, error: unknown): object {
  if (error === undefined) return {};
  if (reason === 'session-error' || !(error instanceof Error)) return { err: error };
  return { code: codeOf(error), error: error.message };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
