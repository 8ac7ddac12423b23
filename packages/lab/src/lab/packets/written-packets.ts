import type { FlowEnds, WriteLog } from '../record/write-log.ts';
import type { Pcapng, PcapngConnection } from '@socklab/service';

/** The longest datagram that IPv4 carries. */
const MAX_DATAGRAM_BYTES = 65_507;

/** What one run writes, as packets at the times of its writes: where nobody may capture, this is all that is known. */
export function writtenPackets(file: Pcapng): WriteLog {
  const connections = new Map<string, PcapngConnection>();
  const connectionOf = ({ from, to, client }: FlowEnds): PcapngConnection => {
    const [caller, called] = client === 'from' ? [from, to] : [to, from];
    const key = `${caller.host} ${caller.port} ${called.host} ${called.port}`;
    const connection = connections.get(key) ?? file.connection(caller, called);
    connections.set(key, connection);
    return connection;
  };
  return {
    wrote(ends, bytes) {
      const { from, to, client } = ends;
      if (client !== undefined) connectionOf(ends).data(client === 'from' ? 'client' : 'server', bytes);
      else if (bytes.length <= MAX_DATAGRAM_BYTES) file.datagram(from, to, bytes);
    },
    ended(ends, side, how) {
      if (ends.client !== undefined) connectionOf(ends).end(side === ends.client ? 'client' : 'server', how);
    },
  };
}
