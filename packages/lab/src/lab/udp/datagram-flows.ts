import { MAX_EVENTS } from '../../picture/flow.ts';
import type { ByteRange } from '../../picture/flow.ts';
import type { Text } from '../../text.ts';
import type { Recorder } from '../record/recorder.ts';
import type { Trace } from '../record/trace.ts';
import type { BytesIn } from '@socklab/framing';

/** Tracks which datagrams of a run were read and which were lost. One flow per pair of sockets. */
export interface DatagramFlows {
  /** Label of the socket with this port. */
  opened(port: number, label: Text | undefined): void;
  sent(from: number, to: number, datagram: BytesIn): void;
  /** Datagrams not sent by a socket of the run are not recorded. */
  received(from: number, to: number, datagram: BytesIn): void;
}

interface Sent {
  readonly range: ByteRange;
  readonly fingerprint: number;
}

interface Flow {
  readonly recorder: Recorder;
  /** Sent and not yet read, oldest first. */
  unread: Sent[];
}

const DATAGRAMS: Text = { en: 'datagrams', zh: '数据报' };

/** Creates the {@link DatagramFlows} of a run. */
export function createDatagramFlows(trace: Trace): DatagramFlows {
  const labels = new Map<number, Text>();
  const flows = new Map<string, Flow>();
  const begin = (from: number, to: number): Flow => {
    const ends = { from: { host: '127.0.0.1', port: from }, to: { host: '127.0.0.1', port: to } };
    const recorder = trace.converse({ label: flowLabel(labels.get(from), labels.get(to)), transport: 'udp', ends: () => ends });
    const flow: Flow = { recorder, unread: [] };
    flows.set(`${from}>${to}`, flow);
    return flow;
  };
  return {
    opened: (port, label) => void (label === undefined || labels.set(port, label)),
    sent(from, to, datagram) {
      const { recorder, unread } = flows.get(`${from}>${to}`) ?? begin(from, to);
      const range = recorder.write(datagram);
      // No more events are kept, so later datagrams need not be found again.
      if (unread.length < MAX_EVENTS) unread.push({ range, fingerprint: fingerprintOf(datagram) });
    },
    received(from, to, datagram) {
      const flow = flows.get(`${from}>${to}`);
      if (flow === undefined) return;
      const fingerprint = fingerprintOf(datagram);
      const at = flow.unread.findIndex(
        ({ range, ...sent }) => range.end - range.start === datagram.length && sent.fingerprint === fingerprint,
      );
      if (at === -1) return;
      flow.recorder.readDatagram(flow.unread[at]!.range);
      // Loopback keeps the order: earlier ones were lost.
      flow.unread.splice(0, at + 1);
    },
  };
}

function flowLabel(from: Text | undefined, to: Text | undefined): Text {
  if (from === undefined || to === undefined) return from ?? to ?? DATAGRAMS;
  return { en: `${from.en} → ${to.en}`, zh: `${from.zh} → ${to.zh}` };
}

/** FNV-1a, 32 bits. Source: draft-eastlake-fnv. */
function fingerprintOf(bytes: BytesIn): number {
  let hash = 0x811c_9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash >>> 0;
}
