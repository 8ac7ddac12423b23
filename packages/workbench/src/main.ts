import { runWorkbench } from './workbench.ts';

process.exitCode = await runWorkbench({
  write: (text) => void process.stdout.write(text),
  onStop(stop) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  },
});
