import { acceptRelayEnd, dialRelayEnd, hostPort } from '@socklab/service';
import { Flow } from './flow.ts';
import { flowSettings } from './settings.ts';
import type { Capture, CaptureAddress } from './capture.ts';
import type { Direction } from './direction.ts';
import type { ProxySettings } from './settings.ts';
import type { Totals } from './totals.ts';
import type { Trigger } from './triggers/trigger.ts';
import type { ConnectTarget, Logger, RelayEnd, RelayReader } from '@socklab/service';
import type { Socket } from 'node:net';

/** Why a connection ended: both sides ended, one reset it, the target was unreachable, or a trigger or operator ended it. */
export type CloseReason = 'done' | 'client-reset' | 'target-reset' | 'connect-failed' | 'trigger' | 'drain-timeout';

export const CLOSE_REASONS: readonly CloseReason[] = ['done', 'client-reset', 'target-reset', 'connect-failed', 'trigger', 'drain-timeout'];

/** Shared state of the connections of a proxy. */
export interface ConnectionContext {
  readonly target: ConnectTarget;
  readonly framing: string | undefined;
  readonly triggers: readonly Trigger[];
  readonly connectTimeoutMs: number;
  readonly capture: Capture | undefined;
  readonly totals: Totals;
  readonly log: Logger;
  readonly settings: () => ProxySettings;
  /** Whether the traffic is held. */
  readonly isHeld: () => boolean;
  readonly triggered: (trigger: Trigger) => void;
  readonly closed: (connection: ProxiedConnection, reason: CloseReason) => void;
}

/** A connection as the control API shows it. */
export interface ConnectionSummary {
  readonly id: number;
  readonly peer: string;
  readonly isConnected: boolean;
  readonly ageMs: number;
  readonly up: FlowSummary;
  readonly down: FlowSummary;
}

/** One direction of a connection. */
export interface FlowSummary {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly pieces: number;
  /** Bytes read and not yet accepted by the other side's kernel. */
  readonly pendingBytes: number;
}

/** A client connection, its connection to the target, and the two flows between them. */
export class ProxiedConnection {
  readonly id: number;
  readonly #context: ConnectionContext;
  readonly #log: Logger;
  readonly #over = new AbortController();
  readonly #up: Flow;
  readonly #down: Flow;
  readonly #client: RelayEnd;
  readonly #target: RelayEnd;
  readonly #peer: string;
  readonly #startedAt = performance.now();
  #connectTimer: NodeJS.Timeout | undefined;
  #isConnected = false;
  #openEnds = 2;
  #reason: CloseReason | undefined;

  constructor(accepted: Socket, id: number, context: ConnectionContext) {
    this.id = id;
    this.#context = context;
    this.#peer = addressOf(accepted);
    this.#log = context.log.child({ conn: id });
    this.#up = this.#createFlow('up');
    this.#down = this.#createFlow('down');
    if (context.isHeld()) this.hold();
    context.capture?.connected?.(id, { end: 'client', from: remoteOf(accepted), to: localOf(accepted) });
    this.#client = acceptRelayEnd(accepted, this.#reader('up'));
    this.#target = dialRelayEnd(context.target, this.#reader('down'));
    this.#connectTimer = setTimeout(() => this.#target.socket.destroy(timedOut(context.connectTimeoutMs)), context.connectTimeoutMs);
    this.#log.debug({ peer: this.#peer }, 'connection accepted');
  }

  get summary(): ConnectionSummary {
    return {
      id: this.id,
      peer: this.#peer,
      isConnected: this.#isConnected,
      ageMs: Math.round(performance.now() - this.#startedAt),
      up: summaryOf(this.#up),
      down: summaryOf(this.#down),
    };
  }

  /** Applies new settings. @returns false if the plan needs frames and can only be used by new connections. */
  configure(settings: ProxySettings): boolean {
    const up = this.#up.configure(flowSettings(settings, 'up', this.id));
    const down = this.#down.configure(flowSettings(settings, 'down', this.id));
    return up && down;
  }

  /** Holds both directions. */
  hold(): void {
    this.#up.hold();
    this.#down.hold();
  }

  /** Releases both directions. */
  release(): void {
    this.#up.release();
    this.#down.release();
  }

  /** Resets both sides. */
  cut(reason: CloseReason): void {
    this.#reason ??= reason;
    this.#over.abort();
    this.#client.reset();
    this.#target.reset();
  }

  #createFlow(direction: Direction): Flow {
    const { settings, framing, triggers, capture, totals, triggered } = this.#context;
    return new Flow({
      connection: this.id,
      direction,
      settings: flowSettings(settings(), direction, this.id),
      framing,
      triggers: triggers.filter((trigger) => (trigger.direction ?? direction) === direction),
      capture,
      totals: totals[direction],
      signal: this.#over.signal,
      reset: () => this.cut('trigger'),
      framingLost: (error) => {
        const { code, offset } = error as Error & { readonly code?: string; readonly offset?: number };
        this.#log.warn({ direction, code, at: offset, reason: error.message }, 'framing lost: passing bytes as they come');
      },
      happened: (trigger) => {
        triggered(trigger);
        this.#log.info({ direction, trigger: trigger.text }, 'trigger');
      },
    });
  }

  /** Handler of the reads of one side, which is the source of one direction and the sink of the other. */
  #reader(direction: Direction): RelayReader {
    const [flow, other] = direction === 'up' ? [this.#up, this.#down] : [this.#down, this.#up];
    return {
      connected: () => this.#connected(),
      bytes: (memory, byteLength) => flow.bytes(memory, byteLength),
      ended: () => flow.ended(),
      drained: () => other.drained(),
      closed: (error) => this.#closed(direction, error),
    };
  }

  #connected(): void {
    clearTimeout(this.#connectTimer);
    this.#isConnected = true;
    const { socket } = this.#target;
    this.#context.capture?.connected?.(this.id, { end: 'target', from: localOf(socket), to: remoteOf(socket) });
    this.#up.open(this.#client, this.#target);
    this.#down.open(this.#target, this.#client);
  }

  #closed(direction: Direction, error: Error | undefined): void {
    // Closed without an error: it ended in both directions. The other side may still send or receive.
    if (error !== undefined && this.#reason === undefined) {
      this.#context.capture?.end({ connection: this.id, direction }, 'reset');
      const reason = !this.#isConnected && direction === 'down' ? 'connect-failed' : direction === 'up' ? 'client-reset' : 'target-reset';
      if (reason === 'connect-failed') this.#log.warn({ err: error }, 'target not reached');
      // Pass a reset on to the other side.
      this.cut(reason);
    }
    if (--this.#openEnds > 0) return;
    clearTimeout(this.#connectTimer);
    this.#over.abort();
    this.#up.stop();
    this.#down.stop();
    this.#tellClosed(this.#reason ?? 'done');
  }

  #tellClosed(reason: CloseReason): void {
    this.#context.capture?.gone?.(this.id);
    const { ageMs, up, down } = this.summary;
    this.#log.info({ peer: this.#peer, reason, durationMs: ageMs, up, down }, 'connection closed');
    this.#context.closed(this, reason);
  }
}

function summaryOf({ bytesIn, bytesOut, pieces, pendingBytes }: Flow): FlowSummary {
  return { bytesIn, bytesOut, pieces, pendingBytes };
}

function remoteOf({ remoteAddress: host = '', remotePort: port = 0 }: Socket): CaptureAddress {
  return { host, port };
}

function localOf({ localAddress: host = '', localPort: port = 0 }: Socket): CaptureAddress {
  return { host, port };
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'unix' : hostPort(remoteAddress, remotePort ?? 0);
}

function timedOut(timeoutMs: number): Error {
  return Object.assign(new Error(`the target did not answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
}
