import type { Machine } from '../src/lab/run/runner.ts';

/** What the tests say they run on. */
export const machine: Machine = { node: process.version, platform: `${process.platform} ${process.arch}` };
