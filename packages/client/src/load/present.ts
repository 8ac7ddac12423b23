import { withInterrupt } from '@socklab/service';
import { showProgress } from './progress.ts';
import type { Streams } from '@socklab/service';

/** A load that a command runs, and how it is shown. */
export interface PresentedLoad<Progress, Report> {
  run(options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void }): Promise<Report>;
  formatProgress(progress: Progress): string;
  formatReport(report: Report): string;
}

/** What to show of a load. */
export interface PresentOptions {
  /** The report as one JSON object, also when quiet. */
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Runs a load until it is over, or Ctrl-C: shows its progress on a terminal, then its report. */
export async function presentLoad<Progress, Report>(
  load: PresentedLoad<Progress, Report>,
  { json, quiet }: PresentOptions,
  { stdout, stderr }: Streams,
): Promise<Report> {
  let progress = '';
  const line = quiet ? undefined : showProgress(stderr, () => progress);
  const onProgress = (now: Progress): void => {
    progress = load.formatProgress(now);
  };
  const report = await withInterrupt((signal) => load.run({ signal, onProgress })).finally(() => line?.end());
  if (json) stdout.write(`${JSON.stringify(report)}\n`);
  else if (!quiet) stdout.write(load.formatReport(report));
  return report;
}
