import { createHash } from 'node:crypto';
import { createServer, Socket } from 'node:net';
import { resolve } from 'node:path';
import { hasCode } from '../base/system-error.ts';
import { untilListening } from './until-listening.ts';

// Replacing a socket file takes milliseconds; a process that holds the lock longer is stopped, or not ours.
const LOCK_TIMEOUT_MS = 5000;

/**
 * Runs `action` while no other process does so for the same path. The lock is an abstract socket, which the system
 * releases when its process dies, so it cannot be left behind. Only Linux has them; elsewhere nothing is locked.
 *
 * @throws The EADDRINUSE error of the lock when it cannot be had within five seconds.
 */
export async function exclusively<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  if (process.platform !== 'linux') return action();
  const release = await acquire(`\0socklab-${createHash('sha256').update(resolve(path)).digest('hex')}`);
  try {
    return await action();
  } finally {
    release();
  }
}

async function acquire(name: string): Promise<() => void> {
  const timeout = AbortSignal.timeout(LOCK_TIMEOUT_MS);
  for (;;) {
    const waiting = new Set<Socket>();
    const lock = createServer((socket) => waiting.add(socket.on('error', () => undefined)));
    try {
      await untilListening(lock, () => lock.listen({ path: name }));
      return () => {
        lock.close();
        for (const socket of waiting) socket.destroy();
      };
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE') || timeout.aborted) throw error;
      await released(name, timeout);
    }
  }
}

/** Resolves when the holder closes its lock, which ends the connections to it, or at the timeout. */
function released(name: string, timeout: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const socket = new Socket({ signal: timeout });
    socket.once('close', () => done());
    // Refused or reset: the lock is free already.
    socket.on('error', () => undefined);
    socket.connect({ path: name }).resume();
  });
}
