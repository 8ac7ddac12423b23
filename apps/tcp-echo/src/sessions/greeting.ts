/** Facts about the process for placeholders of a greeting. */
export interface Identity {
  readonly pod: string;
  readonly node: string;
  readonly namespace: string;
  readonly service: string;
  readonly ip: string;
}

/** Facts about the connection for placeholders of a greeting. */
export interface Greeted {
  readonly id: number;
  /** `127.0.0.1:50000`; empty on a unix socket. */
  readonly address: string;
  readonly time: Date;
}

/** The value of each placeholder: of the connection, and of the process. */
const OF_CONNECTION: Readonly<Record<string, (greeted: Greeted) => string>> = {
  id: ({ id }) => String(id),
  addr: ({ address }) => (address === '' ? 'unix' : address),
  time: ({ time }) => time.toISOString(),
};
const OF_PROCESS = ['pod', 'node', 'namespace', 'service', 'ip'] as const satisfies readonly (keyof Identity)[];

/** The placeholders of a tag. */
export const tagPlaceHolders: readonly string[] = OF_PROCESS;

/** The placeholders of a greeting. */
export const placeHolders: readonly string[] = [...Object.keys(OF_CONNECTION), ...OF_PROCESS];

/** The unknown placeholders of a text: `{oops}`. */
export function unknownPlaceHolders(text: string, known: readonly string[] = placeHolders): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).filter((name) => !known.includes(name));
}

/** Fills in a greeting: `'{pod} serves {addr}'`. Unknown placeholders stay. */
export function fillGreeting(greeting: string, identity: Identity, greeted: Greeted): string {
  return fill(greeting, (name) => (Object.hasOwn(OF_CONNECTION, name) ? OF_CONNECTION[name]!(greeted) : ofProcess(name, identity)));
}

/** Fills in a tag: `'{pod}'`. */
export function fillTag(tag: string, identity: Identity): string {
  return fill(tag, (name) => ofProcess(name, identity));
}

function ofProcess(name: string, identity: Identity): string | undefined {
  const known = OF_PROCESS.find((each) => each === name);
  return known === undefined ? undefined : identity[known];
}

function fill(text: string, meaningOf: (name: string) => string | undefined): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => meaningOf(name) ?? whole);
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
