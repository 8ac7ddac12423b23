import { FrameError } from '@socklab/framing';
import { ServiceError } from '@socklab/service';
import { maxPayloadBytes, tooLong } from '../limits.ts';
import { hasRoom } from './topology.ts';
import type { DatagramFraming } from '../datagram-framing.ts';
import type { ServeFlags } from './serve-options.ts';

/** Whether a person takes part. */
export function needsConsole({ session, topology }: ServeFlags): boolean {
  return session === 'operator' || topology === 'one-to-many';
}

/**
 * Checks combinations of options.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for the first combination that makes no sense.
 */
export function checkFlags(flags: ServeFlags, framing: DatagramFraming | undefined): void {
  const refusal = refuseTexts(flags, framing) ?? refuseTopology(flags) ?? refuseOperator(flags) ?? refuseWorkers(flags);
  if (refusal !== undefined) throw new ServiceError('SERVICE_ERR_USAGE', refusal);
}

/** Not in the option's own parser: its error would quote the text, and this one is long. */
function refuseTexts({ session, reply, quit }: ServeFlags, framing: DatagramFraming | undefined): string | undefined {
  return (
    refuseText('--reply', reply, session === 'greet' ? framing : undefined) ??
    refuseText('--quit', quit, session === 'operator' ? framing : undefined)
  );
}

function refuseText(option: string, text: string, framing: DatagramFraming | undefined): string | undefined {
  const payload = Buffer.from(text);
  if (payload.length > maxPayloadBytes('IPv4')) return `${option}: ${tooLong('a text', payload.length, 'IPv4')}`;
  if (framing === undefined) return undefined;
  try {
    framing.join([payload]);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return `${option}: --framing ${framing.name} cannot carry it: ${error.message}`;
    throw error;
  }
}

function refuseTopology({ topology, session, framing, once, multicast, broadcast, bus }: ServeFlags): string | undefined {
  const isRoom = hasRoom(topology);
  if (isRoom && !['echo', 'operator'].includes(session))
    return `--topology ${topology} is a session of its own: leave out --session ${session}, or use operator`;
  if (isRoom && framing !== 'none') return `--topology ${topology} has messages of its own: leave out --framing ${framing}`;
  if (isRoom && once) return `--topology ${topology} answers no single datagram: leave out --once`;
  const groups = multicast.length + broadcast.length;
  if (topology === 'multicast' && groups === 0)
    return '--topology multicast needs a group: --multicast 239.255.7.7, or --broadcast ADDRESS';
  if (topology !== 'multicast' && groups > 0) return `--multicast and --broadcast need --topology multicast, not ${topology}`;
  if (bus !== 'off' && topology !== 'many-to-many' && topology !== 'one-to-many')
    return `--bus needs --topology many-to-many or one-to-many, not ${topology}`;
  return undefined;
}

function refuseOperator(flags: ServeFlags): string | undefined {
  const { operator, session, topology } = flags;
  if (operator === undefined || needsConsole(flags)) return undefined;
  return `--operator is for the session operator and the topology one-to-many, these are ${session} and ${topology}: leave it out`;
}

function refuseWorkers(flags: ServeFlags): string | undefined {
  const { workers, once, topology, cookieKey, bus } = flags;
  if (workers === 1) return undefined;
  if (needsConsole(flags)) return '--workers: an operator is one person, so there is one process; leave it out';
  if (once) return '--workers: --once is one datagram for one process; leave one of them out';
  if (topology === 'multicast') return '--workers: each of them would get every datagram of a group; leave it out';
  if (topology === 'many-to-many' && (bus === 'off' || cookieKey === undefined)) {
    return '--workers: their members hear each other over a broker only: add --bus nats://HOST:PORT and --cookie-key';
  }
  return undefined;
}
