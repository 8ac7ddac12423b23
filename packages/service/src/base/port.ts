const MAX_PORT = 65_535;

/** The port number that the text stands for, or undefined when it is none. */
export function readPort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return port <= MAX_PORT ? port : undefined;
}
