/** IPC messages between a process and its parent. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly endpoints: readonly string[];
}

/** Tells the parent process, when there is an IPC channel, that the service is up. */
export function tellParent(message: ReadyMessage): void {
  void sendToParent(message);
}

/** Sends to the parent process, when there is an IPC channel; resolves when the message is sent, or cannot be. */
export function sendToParent(message: object): Promise<void> {
  return new Promise((resolve) => {
    // The parent may have exited meanwhile: then the message is lost, and `onParentGone` reports it.
    if (process.connected && process.send !== undefined) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

/** Calls `listener` once the IPC channel to the parent closes, which also happens when the parent dies. */
export function onParentGone(listener: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', listener);
  else listener();
}
