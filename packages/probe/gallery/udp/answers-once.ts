import { ID, request, runAsUdpProgram } from './udp-server.ts';
import type { UdpGalleryServer } from './udp-server.ts';

/** Most answers that are kept: the oldest is dropped for a new one. */
const MAX_KEPT = 10_000;

/** Right: it counts, and a copy of a request gets the answer that is kept for its address and id. */
export const answersOnce: UdpGalleryServer = {
  name: 'answers-once',
  isCorrect: true,
  requests: [request('open'), request('count')],
  id: ID,
  serve: () => {
    const kept = new Map<string, Buffer>();
    const counts = new Map<string, number>();
    return (bytes, answer, { address, port }) => {
      if (bytes.length < ID.bytes) return;
      const key = `${address} ${port} ${bytes.readUInt16BE()}`;
      const known = kept.get(key);
      if (known !== undefined) return answer(known);
      const text = bytes.toString('latin1', ID.bytes);
      const client = `${address} ${port}`;
      const count = text === 'open' ? 0 : (counts.get(client) ?? 0) + 1;
      counts.set(client, count);
      const made = Buffer.concat([bytes.subarray(0, ID.bytes), Buffer.from(`${text} ${count}`)]);
      kept.set(key, made);
      for (const table of [kept, counts]) if (table.size > MAX_KEPT) table.delete(table.keys().next().value!);
      answer(made);
    };
  },
};

runAsUdpProgram(import.meta, answersOnce);
