/** What a greeting can name besides the connection, from where the service runs. */
export interface Identity {
  readonly pod: string;
  readonly node: string;
  readonly namespace: string;
  readonly service: string;
  readonly ip: string;
}

/** What is known of one connection when it is greeted. */
export interface Greeted {
  readonly id: number;
  /** `127.0.0.1:50000`; empty on a unix socket. */
  readonly address: string;
  readonly time: Date;
}

/** What each place holder of a greeting stands for. */
const PLACE_HOLDERS: Readonly<Record<string, (identity: Identity, greeted: Greeted) => string>> = {
  id: (_, { id }) => String(id),
  addr: (_, { address }) => (address === '' ? 'unix' : address),
  time: (_, { time }) => time.toISOString(),
  pod: ({ pod }) => pod,
  node: ({ node }) => node,
  namespace: ({ namespace }) => namespace,
  service: ({ service }) => service,
  ip: ({ ip }) => ip,
};

/** The names that stand in braces in a greeting. */
export const placeHolders: readonly string[] = Object.keys(PLACE_HOLDERS);

/** The names of a greeting that mean nothing: `{oops}`. */
export function unknownPlaceHolders(greeting: string): string[] {
  return [...greeting.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).filter((name) => !Object.hasOwn(PLACE_HOLDERS, name));
}

/** Fills a greeting in: `'{pod} serves {addr}'`. What it cannot name stays as it is. */
export function fillGreeting(greeting: string, identity: Identity, greeted: Greeted): string {
  return greeting.replaceAll(/\{(\w+)\}/g, (text, name: string) =>
    Object.hasOwn(PLACE_HOLDERS, name) ? PLACE_HOLDERS[name]!(identity, greeted) : text,
  );
}

/** Where the service runs, by convention from the Kubernetes downward API; without it, `pod` is the host's name. */
export function identityOf(environment: Readonly<Record<string, string | undefined>>, hostname: string): Identity {
  return {
    pod: environment['POD_NAME'] ?? hostname,
    node: environment['NODE_NAME'] ?? '',
    namespace: environment['POD_NAMESPACE'] ?? environment['NAMESPACE'] ?? '',
    service: environment['SERVICE_NAME'] ?? '',
    ip: environment['POD_IP'] ?? '',
  };
}
