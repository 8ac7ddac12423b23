import { setImmediate as nextTurn } from 'node:timers/promises';

// The names of sockets and their requests in process.getActiveResourcesInfo().
const KINDS = new Set(['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'WriteWrap', 'ShutdownWrap', 'UDPWrap', 'UDPSendWrap']);

/** The sockets of this process that are open, sorted. */
export async function openHandles(): Promise<readonly string[]> {
  // The handle of a server closes one turn of the event loop after its 'close' event.
  await nextTurn();
  await nextTurn();
  return process
    .getActiveResourcesInfo()
    .filter((kind) => KINDS.has(kind))
    .toSorted();
}
