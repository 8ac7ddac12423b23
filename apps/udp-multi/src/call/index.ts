export { addCallCommand } from './command.ts';
export { addJoinCommand } from './join-command.ts';
export { runLoad } from './load/load.ts';
export type { LoadOptions } from './load/options.ts';
export type { LoadProgress } from './load/progress.ts';
export { failureOf } from './load/report.ts';
