/**
 * Every format that has nothing to choose but its limit, one a line. The package exports what stands here, layouts have the name of each
 * as a kind, and the registry has it by its name.
 */

export * from '../cobs.ts';
export * from '../decimal/netstring.ts';
export * from '../raw.ts';
export * from '../slip.ts';
