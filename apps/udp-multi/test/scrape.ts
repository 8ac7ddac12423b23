import type { Program } from '@socklab/testkit';

/** The metrics of a program by their name without prefix, labels included: `datagrams_dropped_total{reason="loop"}`. */
export type Scraped = Readonly<Record<string, number>>;

/** Where the admin endpoint of a program is, as an URL. The program needs `--admin 127.0.0.1:0`. */
export async function adminOf(program: Program): Promise<string> {
  const { endpoint } = await program.log('admin listening');
  return String(endpoint).replace('tcp:', 'http:');
}

/** Reads the metrics of a program. */
export async function scrape(program: Program): Promise<Scraped> {
  const text = await (await fetch(`${await adminOf(program)}/metrics`)).text();
  const rows = text.matchAll(/^socklab_udp_multi_(\S+) (\S+)$/gm);
  return Object.fromEntries([...rows].map(([, name = '', value = '']) => [name, Number(value)]));
}

/** Longest that {@link scrapeUntil} reads. */
const DEADLINE_MS = 20_000;

/** Reads the metrics again and again until they satisfy. Rejects with the last ones when they do not within 20 seconds. */
export async function scrapeUntil(program: Program, isEnough: (metrics: Scraped) => boolean): Promise<Scraped> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const metrics = await scrape(program);
    if (isEnough(metrics)) return metrics;
    if (performance.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms; the last were ${JSON.stringify(metrics, null, 1)}`);
  }
}
