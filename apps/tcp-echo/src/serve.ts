import { hostname } from 'node:os';
import {
  ServiceError,
  busyPolicy,
  clampConnections,
  createLogger,
  defaultListen,
  formatEndpoint,
  resolveEndpoints,
  runService,
} from '@socklab/service';
import { fillNotice } from './admission/connection-queue.ts';
import { Connections, showConnections } from './connection/connections.ts';
import { machineMemory } from './memory/machine-memory.ts';
import { socketFileConnections } from './memory/socket-file-memory.ts';
import { createTcpEchoMetrics } from './metrics.ts';
import { openOperator } from './operator/console.ts';
import { checkSendable } from './operator/sendable.ts';
import { framingOf } from './options.ts';
import { loadTlsIdentity } from './preamble/tls-identity.ts';
import { tlsFiles } from './preamble/tls-options.ts';
import { DEFAULT_LISTEN } from './serve-options.ts';
import { startTcpEcho } from './service.ts';
import { fillGreeting, fillTag, identityOf, placeHolders, tagPlaceHolders, unknownPlaceHolders } from './sessions/greeting.ts';
import { sessionByName } from './sessions/index.ts';
import { APP, VERSION } from './version.ts';
import type { Limits } from './connection/limits.ts';
import type { Operator } from './operator/console.ts';
import type { Framing } from './options.ts';
import type { TlsFiles } from './preamble/tls-options.ts';
import type { ServeFlags } from './serve-options.ts';
import type { Session } from './session.ts';
import type { Identity } from './sessions/greeting.ts';
import type { Mode, SessionEntry } from './sessions/index.ts';
import type { Endpoint, Environment, ListenOptions, Logger, ServiceContext, Streams } from '@socklab/service';

/** What the service uses of its process. */
export interface ProcessContext {
  readonly streams: Streams;
  readonly env: Environment;
  readonly pid: number;
}

/** Runs the service until it ends. @throws ServiceError for flags that contradict each other. */
export async function serve(flags: ServeFlags, { streams, env, pid }: ProcessContext): Promise<void> {
  const entry = sessionByName(flags.session);
  check(flags, entry);
  const endpoints = resolveEndpoints(flags.listen ?? defaultListen(env, pid, [DEFAULT_LISTEN]), env, pid);
  const files = tlsFiles(flags);
  checkTls(files, endpoints);
  const framing = framingOf(flags);
  checkTexts(flags, entry, framing, identityOf(env, hostname()));
  const connections = new Connections();
  const operator = flags.session === 'operator' ? operatorOf(flags, streams, { framing, connections }) : undefined;
  const log = openLog(flags, operator);
  const session = createSession(flags, entry, { framing, operatorConsole: operator, env });
  const metrics = createTcpEchoMetrics();
  const limits = limitsOf(flags, entry, { endpoints, log });
  try {
    await runService({
      log,
      drainTimeoutMs: flags.drainTimeout,
      drainDelayMs: flags.drainDelay,
      admin: {
        listen: flags.admin,
        app: APP,
        version: VERSION,
        metrics: metrics.service,
        routes: { '/connections': () => showConnections(connections, performance.now()) },
      },
      workers: { count: flags.workers, transport: 'tcp', endpoints, listen: { reusePort: flags.reusePort, busy: busyPolicy(flags) } },
      start: async (context) => {
        const { log: ownLog, worker } = context;
        await operator?.listen(ownLog);
        const service = await startTcpEcho({
          endpoints: worker?.endpoints ?? endpoints,
          listen: listenOptions(flags, context),
          session,
          codec: framing.codec,
          mode: modeOf(flags, entry),
          once: flags.once,
          limits,
          goodbye: flags.goodbye,
          allow: flags.allow ?? [],
          deny: flags.deny ?? [],
          proxies: flags.proxyProtocol ?? [],
          tls: files === undefined ? undefined : await loadTlsIdentity(files, ownLog),
          numbers: { first: worker?.worker ?? 1, step: worker?.count ?? 1 },
          connections,
          ...(operator === undefined ? {} : { operatorLeft: operator.console.ended }),
          log: ownLog,
          metrics,
        });
        sayMemory(limits, flags, ownLog);
        return service;
      },
    });
  } finally {
    operator?.close();
  }
}

/** Workers share a port that was claimed for them: there is no reason to retry, and no other port to use. */
function listenOptions(flags: ServeFlags, { log, signal, worker }: ServiceContext): ListenOptions {
  const shared = { log, signal, reusePort: flags.reusePort || worker !== undefined };
  return worker === undefined ? { ...shared, busy: busyPolicy(flags) } : shared;
}

/** The inputs of a session besides its flags. */
interface SessionDependencies {
  readonly framing: Framing;
  readonly operatorConsole: Operator | undefined;
  readonly env: Environment;
}

function createSession(flags: ServeFlags, entry: SessionEntry, { framing, operatorConsole, env }: SessionDependencies): Session {
  return entry.create({
    ...flags,
    ...framing,
    keepsBoundaries: framing.keepsBoundaries,
    operatorConsole,
    identity: identityOf(env, hostname()),
    now: () => new Date(),
  });
}

function check(flags: ServeFlags, entry: SessionEntry): void {
  const { framing, workers, once, session, operator } = flags;
  if (!entry.takesFraming && framing !== 'raw') {
    throw usage(
      `the session ${entry.name} has no messages, so --framing ${framing} cannot frame them: leave it out, or choose another session`,
    );
  }
  checkPlaceHolders('--greeting', flags.greeting, placeHolders);
  checkPlaceHolders('--tag', flags.tag, tagPlaceHolders);
  if (flags.tag !== '' && session !== 'echo') throw usage(`--tag is for the session echo, this one is ${session}: leave it out`);
  if (operator !== undefined && session !== 'operator') {
    throw usage(`--operator is for the session operator, this one is ${session}: leave it out, or choose --session operator`);
  }
  if (workers === 1) return;
  if (once) throw usage('--once serves one connection, so it takes one process: leave --workers out');
  if (session === 'operator') throw usage('one operator takes one process: leave --workers out');
  if (modeOf(flags, entry) === 'queue') {
    throw usage('one client at a time takes one process: leave --workers out, or --mode queue');
  }
}

function checkPlaceHolders(option: string, text: string, known: readonly string[]): void {
  const [unknown] = unknownPlaceHolders(text, known);
  if (unknown !== undefined) throw usage(`${option} has {${unknown}}; allowed: ${known.map((name) => `{${name}}`).join(' ')}`);
}

// As long as its longest value.
const LONGEST = { id: Number.MAX_SAFE_INTEGER, address: '[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535', time: new Date(0) };

/** The service's own messages have to fit into its framing. */
function checkTexts(flags: ServeFlags, entry: SessionEntry, framing: Framing, identity: Identity): void {
  const { greeting, goodbye, quit, queueNotice, tag } = flags;
  checkSendable('--goodbye', goodbye, framing);
  if (entry.name === 'greet') checkSendable('--greeting', fillGreeting(greeting, identity, LONGEST), framing);
  if (entry.name === 'echo') checkSendable('--tag', fillTag(tag, identity), framing);
  if (entry.name === 'operator') checkSendable('--quit', quit, framing);
  if (modeOf(flags, entry) === 'queue') checkSendable('--queue-notice', fillNotice(queueNotice, LONGEST.id), framing);
}

function modeOf({ mode }: Pick<ServeFlags, 'mode'>, { defaultMode }: SessionEntry): Mode {
  return mode ?? defaultMode;
}

function checkTls(files: TlsFiles | undefined, endpoints: readonly Endpoint[]): void {
  const local = endpoints.find(({ kind }) => kind === 'unix' || kind === 'abstract');
  if (files === undefined || local === undefined) return;
  throw usage(`${formatEndpoint(local, 'tcp')}: TLS is for tcp:// endpoints; a unix socket has the permissions of its file`);
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}

function limitsOf(
  flags: ServeFlags,
  entry: SessionEntry,
  where: { readonly endpoints: readonly Endpoint[]; readonly log: Logger },
): Limits {
  return {
    maxConnections: maxConnectionsOf(flags, where),
    maxPerIp: flags.maxPerIp,
    ipv6PrefixBits: flags.ipv6Prefix,
    acceptRate: flags.acceptRate,
    idleTimeoutMs: flags.idleTimeout ?? entry.idleTimeoutMs,
    frameTimeoutMs: flags.frameTimeout,
    maxPendingBytes: flags.maxPending,
    maxBufferedBytes: maxBufferedOf(flags),
    slowTimeoutMs: flags.slowTimeout,
    queueMax: flags.queueMax,
    queueTimeoutMs: flags.queueTimeout,
    queueBufferBytes: flags.queueBuffer,
    queueNotice: flags.queueNotice,
  };
}

function maxConnectionsOf(
  { maxConnections: wanted, workers }: ServeFlags,
  { endpoints, log }: { readonly endpoints: readonly Endpoint[]; readonly log: Logger },
): number {
  const { limit, clamped } = clampConnections(wanted);
  if (clamped) log.warn({ wanted, maxConnections: limit }, 'max-connections lowered: the process may not open more files');
  if (!endpoints.some(({ kind }) => kind === 'unix' || kind === 'abstract')) return limit;
  const fitting = Math.max(1, Math.floor(socketFileConnections() / workers));
  if (fitting >= limit) return limit;
  log.warn(
    { wanted, maxConnections: fitting },
    'max-connections lowered: more clients of a unix socket could fill the memory of the container',
  );
  return fitting;
}

/** The part of the available memory that connections may hold: the rest is for the program, and for garbage. */
const BUFFERED_PART = 4;

/** Each worker gets its share. */
function maxBufferedOf({ maxBuffered, workers }: ServeFlags): number {
  if (maxBuffered === 0) return Number.POSITIVE_INFINITY;
  return Math.floor((maxBuffered ?? machineMemory().bytes / BUFFERED_PART) / workers);
}

function sayMemory({ maxBufferedBytes }: Limits, { maxBuffered }: ServeFlags, log: Logger): void {
  const { bytes: memoryBytes, from } = machineMemory();
  const most = Number.isFinite(maxBufferedBytes) ? { maxBufferedBytes } : {};
  log.info({ memoryBytes, from, ...most }, 'memory');
  if (maxBufferedBytes <= memoryBytes / 2) return;
  log.warn({ memoryBytes, from, maxBuffered }, 'max-buffered is more than half of the memory: clients can end the process');
}

function operatorOf(
  { operator, maxPending }: ServeFlags,
  streams: Streams,
  { framing: { codec }, connections }: { readonly framing: Framing; readonly connections: Connections },
): Operator {
  return openOperator({ operator, streams, connections, codec, maxPendingBytes: maxPending, nowMs: () => performance.now() });
}

/** An operator's conversation may be on standard output: then the log goes elsewhere. */
function openLog({ logLevel: level, logFormat: format }: ServeFlags, operator: Operator | undefined): Logger {
  const options = { app: APP, level, format };
  const destination = operator?.logDestination;
  return createLogger(destination === undefined ? options : { ...options, destination });
}
