import { createStopRequests } from './stop-requests.ts';
import { runWorkbench } from './workbench.ts';

process.exitCode = await runWorkbench({
  write: (text) => void process.stdout.write(text),
  onStop(stop) {
    const request = createStopRequests(stop, () => performance.now());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  },
});
