import { openCapture, openPcapng, joinedCaptures, controlRoutes, requireFraming, Proxies, checkTarget } from '@socklab/proxy';
import { clampConnections, createLogger, runService, ServiceError } from '@socklab/service';
import { APP, VERSION } from '../../version.ts';
import type { ProxyFlags } from './flags.ts';
import type { Capture } from '@socklab/proxy';
import type { Logger } from '@socklab/service';

/** Two sockets for each connection. */
const SOCKETS_PER_CONNECTION = 2;

/** Runs the proxy until it is stopped. */
export async function runProxy(flags: ProxyFlags): Promise<void> {
  const { plan, on, framing, logLevel: level, logFormat: format } = flags;
  requireFraming(plan, framing);
  for (const { text, condition } of on) requireFraming({ text, needsFrames: condition.kind === 'frame' }, framing);
  const log = createLogger({ app: APP, level, format });
  const target = await checkTarget(flags.target.where, flags.iOwnTheTarget);
  const proxies = new Proxies({
    endpoints: flags.listen,
    target,
    targetText: flags.target.text,
    settings: { ...flags, bytesPerSecond: flags.rate },
    framing,
    triggers: on,
    maxConnections: connectionLimit(flags.maxConnections, log),
    connectTimeoutMs: flags.connectTimeout,
    capture: captureOf(flags, log),
    log,
  });
  await runService({
    log,
    drainTimeoutMs: flags.drainTimeout,
    drainDelayMs: flags.drainDelay,
    admin: { listen: flags.admin, app: APP, version: VERSION, metrics: proxies.metrics.service, control: controlRoutes(proxies) },
    start: () => proxies.listen(),
  });
}

function connectionLimit(wanted: number, log: Logger): number {
  const { limit, clamped } = clampConnections(wanted * SOCKETS_PER_CONNECTION);
  const connections = Math.max(1, Math.floor(limit / SOCKETS_PER_CONNECTION));
  if (clamped) log.warn({ maxConnections: connections, wanted }, 'open files limit lowers max connections');
  return connections;
}

/** @throws ServiceError `SERVICE_ERR_USAGE` when a file cannot be written. */
function captureOf({ capture, pcapng, captureMax: maxBytes, target, plan, seed }: ProxyFlags, log: Logger): Capture | undefined {
  const captures: Capture[] = [];
  const head = { target: target.text, plan: plan.text, seed };
  const onStopped =
    (path: string) =>
    (code: string): void =>
      log.warn({ path, code }, 'capture stopped: the rest is not written down');
  if (capture !== undefined)
    captures.push(opened('--capture', capture, () => openCapture({ path: capture, maxBytes, head, onStopped: onStopped(capture) })));
  if (pcapng !== undefined)
    captures.push(opened('--pcapng', pcapng, () => openPcapng({ path: pcapng, maxBytes, onStopped: onStopped(pcapng) })));
  return joinedCaptures(captures);
}

function opened(option: string, path: string, open: () => Capture): Capture {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', `${option} ${path}: ${error.message}`, { cause: error });
  }
}
