export { addCallCommand } from './command.ts';
export { FAULT_KINDS } from './verify/fault.ts';
export type { FaultKind } from './verify/fault.ts';
export { runLoad } from './load/load.ts';
export type { LoadOptions } from './load/options.ts';
export type { LoadProgress } from './load/progress.ts';
export { failureOf } from './load/report.ts';
export type { LoadReport } from './load/report.ts';
