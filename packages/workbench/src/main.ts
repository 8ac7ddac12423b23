import { createStopRequests } from './stop-requests.ts';
import { runWorkbench } from './workbench.ts';

process.exitCode = await runWorkbench({
  write: (text) => void process.stdout.write(text),
  onStop(stop) {
    const request = createStopRequests(stop, () => performance.now());
    // Without a listener SIGUSR1 starts a debugger, or ends this process where it is told not to.
    process.on('SIGUSR1', () => undefined);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  },
});
