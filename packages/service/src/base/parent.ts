/** Messages of a process that was started with an IPC channel to its parent. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly endpoints: readonly string[];
}

/** Tells the parent process, when there is a channel to it, that the service is up. */
export function tellParent(message: ReadyMessage): void {
  void sendToParent(message);
}

/** Sends to the parent process, when there is a channel to it; resolves when the message is on its way, or cannot be. */
export function sendToParent(message: object): Promise<void> {
  return new Promise((resolve) => {
    // The parent may be gone by the time this is sent: then the message is lost, and `onParentGone` takes over.
    if (process.connected && process.send !== undefined) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Calls `listener` once the channel to the parent process closes, which it also does when the parent dies. */
export function onParentGone(listener: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', listener);
  else listener();
}
