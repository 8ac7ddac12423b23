/** What a process started with an IPC channel tells its parent. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly endpoints: readonly string[];
}

/** Tells the parent process, when there is a channel to it, that the service is up. */
export function tellParent(message: ReadyMessage): void {
  if (!process.connected) return;
  // The parent may be gone by the time this is sent: then there is nobody to tell, and `onParentGone` takes over.
  process.send?.(message, undefined, undefined, () => undefined);
}

/** Calls `listener` once the channel to the parent process closes, which it also does when the parent dies. */
export function onParentGone(listener: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', listener);
  else listener();
}
