import { totalmem } from 'node:os';
import { cgroupMemory } from './cgroup-memory.ts';

/** The memory that a process may use. */
export interface MachineMemory {
  readonly bytes: number;
  /** What sets the limit: a control group, such as that of a container, or what the machine has. */
  readonly from: 'cgroup' | 'machine';
}

/**
 * The memory available to this process.
 *
 * @param constrained - the limit of the control groups; 0, or more than any machine has, means none. @defaultValue that of this process
 * @param total - the memory of the machine. @defaultValue that of this machine
 */
export function machineMemory(constrained: number = cgroupMemory(), total: number = totalmem()): MachineMemory {
  return constrained > 0 && constrained < total ? { bytes: constrained, from: 'cgroup' } : { bytes: total, from: 'machine' };
}
