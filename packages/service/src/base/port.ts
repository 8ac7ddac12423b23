const MAX_PORT = 65_535;

/** The port the text stands for, or undefined when it is not one. */
export function readPort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return port <= MAX_PORT ? port : undefined;
}
