export { machine } from './machine.ts';
export { failedRun, labReport, runReport, unexpectedRun } from './reports.ts';
