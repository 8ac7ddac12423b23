/** One of the services that `npm start` keeps up. */
export interface ServiceSpec {
  /** Its folder under `apps`. */
  readonly app: string;
  readonly args: readonly string[];
  /** The environment variable that moves it to another address, with an example. */
  readonly moveWith: string;
  /** What to try once it is up. */
  readonly tryIt: (endpoint: string) => string;
}

/** In the order in which they start. The lab is first: it runs the experiments and prints their table. */
export const SERVICES: readonly ServiceSpec[] = [
  {
    app: 'sticky-lab',
    args: ['serve', '--table'],
    moveWith: 'STICKY_LAB_HTTP=127.0.0.1:8081',
    tryIt: (endpoint) => `open ${endpoint} in a browser`,
  },
  {
    app: 'tcp-echo',
    args: [],
    moveWith: 'TCP_ECHO_LISTEN=tcp://127.0.0.1:9001',
    tryIt: (endpoint) => `nc ${nameAndPort(endpoint)}     each line comes back`,
  },
  {
    app: 'udp-multi',
    args: [],
    moveWith: 'UDP_MULTI_LISTEN=udp://127.0.0.1:9001',
    tryIt: (endpoint) => `nc -u ${nameAndPort(endpoint)}  each line comes back`,
  },
];

/** `tcp://127.0.0.1:9000` as netcat takes it. */
function nameAndPort(endpoint: string): string {
  return endpoint.replace(/^\w+:\/\//, '').replace(/\[?([^[\]]*)\]?:(\d+)$/, '$1 $2');
}
