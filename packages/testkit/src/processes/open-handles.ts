import { setImmediate as nextTurn } from 'node:timers/promises';

// As process.getActiveResourcesInfo() calls sockets and what is asked of them.
const KINDS = new Set(['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'WriteWrap', 'ShutdownWrap', 'UDPWrap', 'UDPSendWrap']);

/** The sockets of this process that are open, sorted. */
export async function openHandles(): Promise<readonly string[]> {
  // The handle of a server goes one turn of the event loop after its 'close'.
  await nextTurn();
  await nextTurn();
  return process
    .getActiveResourcesInfo()
    .filter((kind) => KINDS.has(kind))
    .toSorted();
}
