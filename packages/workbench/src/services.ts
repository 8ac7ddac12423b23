import type { Words } from './words.ts';

/** One of the services that `npm start` keeps up. */
export interface ServiceSpec {
  /** Its folder under `apps`. */
  readonly app: string;
  readonly args: readonly string[];
  /** The environment variable that changes its address, with an example. */
  readonly moveWith: string;
  /** What to try once it is up. */
  readonly tryIt: (endpoint: string, words: Words) => string;
}

/** Texts of the lab for the experiments that it runs first. */
export interface ResultOptions {
  readonly language: string;
  readonly isDetailed: boolean;
}

/** In the order in which they start. The lab is first: it runs the experiments and prints their table. */
export function servicesToRun({ language, isDetailed }: ResultOptions): readonly ServiceSpec[] {
  return [
    {
      app: 'sticky-lab',
      args: ['serve', isDetailed ? '--table' : '--summary', '--language', language],
      moveWith: 'STICKY_LAB_HTTP=127.0.0.1:8081',
      tryIt: (_endpoint, { openInBrowser }) => openInBrowser,
    },
    {
      app: 'tcp-echo',
      args: [],
      moveWith: 'TCP_ECHO_LISTEN=tcp://127.0.0.1:9001',
      tryIt: (endpoint, { linesComeBack }) => `nc ${nameAndPort(endpoint)}: ${linesComeBack}`,
    },
    {
      app: 'udp-multi',
      args: [],
      moveWith: 'UDP_MULTI_LISTEN=udp://127.0.0.1:9001',
      tryIt: (endpoint, { linesComeBack }) => `nc -u ${nameAndPort(endpoint)}: ${linesComeBack}`,
    },
  ];
}

/** `tcp://127.0.0.1:9000` as arguments of netcat. */
function nameAndPort(endpoint: string): string {
  return endpoint.replace(/^\w+:\/\//, '').replace(/\[?([^[\]]*)\]?:(\d+)$/, '$1 $2');
}
