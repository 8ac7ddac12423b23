/** What asks a process to end. */
export interface StopListener {
  /** The first SIGTERM or SIGINT. */
  readonly asked: (signal: NodeJS.Signals) => void;
  /** Each one after it, or after {@link idle}. */
  readonly askedAgain: (signal: NodeJS.Signals) => void;
  /** The event loop is empty, and no signal has come: the process exits if nothing is added. */
  readonly idle: () => void;
}

// Other signals keep their default effect: SIGABRT and SIGSEGV leave a core dump.
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Listens for what asks this process to end. @returns a function that stops listening. */
export function onStop({ asked, askedAgain, idle }: StopListener): () => void {
  let isAsked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isAsked) return askedAgain(signal);
    isAsked = true;
    asked(signal);
  };
  const onIdle = (): void => {
    if (isAsked) return;
    isAsked = true;
    idle();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('beforeExit', onIdle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('beforeExit', onIdle);
  };
}
