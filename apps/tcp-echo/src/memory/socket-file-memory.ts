import { readProc } from '@socklab/service';
import { machineMemory } from './machine-memory.ts';
import type { MachineMemory } from './machine-memory.ts';

/** Of the memory of a container, what the kernel may hold of it for clients that take no answer. */
const KERNEL_PART = 4;

/** What the kernel needs besides the bytes that it holds: measured, 237 KiB for 208 KiB. */
const OVERHEAD = 1.15;

/**
 * How many clients of a socket file fit in the memory of a container, when none of them takes its answers. The kernel holds 208 KiB for each of
 * them, and charges the container for it: 1,000 of them end a process that has 256 MiB. For TCP, `net.ipv4.tcp_wmem` says how much it holds.
 *
 * @param memory - what there is. @defaultValue that of this process
 * @param sendBytes - what the kernel holds of one. @defaultValue `net.core.wmem_default`
 * @returns `Infinity` outside of a container, or where the system does not say.
 */
export function socketFileConnections(memory: MachineMemory = machineMemory(), sendBytes: number = ownSendBytes()): number {
  if (memory.from === 'machine' || !(sendBytes > 0)) return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(memory.bytes / KERNEL_PART / (sendBytes * OVERHEAD)));
}

function ownSendBytes(): number {
  return Number(readProc('/proc/sys/net/core/wmem_default') ?? 0);
}
