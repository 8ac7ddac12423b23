import { join } from 'node:path';
import { repoRoot } from '../project/repo-root.ts';
import { availableOrRequired, introduction } from './installed.ts';
import { startCommand } from './program.ts';
import type { Program } from './program.ts';

/** A client of a few lines of blocking sockets in another language. It prints one line for each thing that it prints. */
export interface BlockingClient extends Program {
  /** The result of its next `recv(1024)`, in order, exactly; empty at the end of the connection. */
  nextRead(): Promise<Buffer>;
}

/** Options of a foreign client. */
export interface PeerOptions {
  /** @defaultValue '127.0.0.1' */
  readonly host?: string;
  /** Longest any wait lasts, in milliseconds. @defaultValue 20_000 */
  readonly deadlineMs?: number;
}

/** Options of a foreign client that converses. Netcat ignores both: it sends its input and never quits by itself. */
export interface ConversationOptions extends PeerOptions {
  /** Whether it starts with a receive or with a line of its input; then they alternate. @defaultValue 'recv' */
  readonly first?: 'recv' | 'send';
  /** The text that ends it, sent or received; empty for none. @defaultValue 'q' */
  readonly quit?: string;
}

/** Clients of other projects, and those of socket tutorials, ten lines each. */
export interface ForeignPeer<Client extends Program = Program> {
  /** The program that runs: `nc`, `python3`, `perl`. */
  readonly command: string;
  /** False where it is not installed: for `test.skipIf(!peer.available)`. */
  readonly available: boolean;
  /**
   * Connects. `write('text\n')` sends: the scripts one line at a time without its newline, netcat the bytes as they
   * are. `endInput()` ends it: the scripts when it is their turn to send, netcat by a FIN.
   */
  tcpClient(port: number, options?: ConversationOptions): Client;
  /** Sends each line of its input as a datagram (netcat: with the newline) and prints each reply, until `quit`. */
  udpClient(port: number, options?: Omit<ConversationOptions, 'first'>): Client;
  /** Sends one datagram with exactly this text, prints the one reply and ends (netcat does not end by itself). */
  udpOnce(port: number, text: string, options?: PeerOptions): Client;
}

/** `'nc'`: OpenBSD netcat. `'script'`: python3 or perl, whichever is installed. */
export type ForeignPeerKind = 'nc' | 'script' | 'python3' | 'perl';

/**
 * Finds a foreign peer on this machine; looks once for each kind.
 *
 * @throws Error where it is not installed and `SOCKLAB_REQUIRE_PEERS=1` is set, so that no test is silently skipped there.
 */
export function foreignPeer(kind: 'nc'): ForeignPeer;
export function foreignPeer(kind: 'script' | 'python3' | 'perl'): ForeignPeer<BlockingClient>;
export function foreignPeer(kind: ForeignPeerKind): ForeignPeer {
  const command = kind === 'script' ? (installed('python3') || !installed('perl') ? 'python3' : 'perl') : kind;
  const what = kind === 'nc' ? 'nc (netcat-openbsd)' : kind === 'script' ? 'python3 or perl' : kind;
  const available = availableOrRequired(installed(command), what);
  const start = (argv: readonly string[], options: PeerOptions): Program => {
    if (!available) throw new Error(`${what} is not installed`);
    const { deadlineMs } = options;
    return startCommand([command, ...argv], deadlineMs === undefined ? {} : { deadlineMs });
  };
  return { command, available, ...(command === 'nc' ? netcat(start) : scripts(command, start)) };
}

type Start = (argv: readonly string[], options: PeerOptions) => Program;
type Clients<Client extends Program = Program> = Omit<ForeignPeer<Client>, 'command' | 'available'>;

const LOOPBACK = '127.0.0.1';

function installed(command: string): boolean {
  if (command === 'nc') return introduction('nc', '-h')?.includes('OpenBSD netcat') ?? false;
  return introduction(command, '--version') !== undefined;
}

function netcat(start: Start): Clients {
  return {
    // -N: the end of its input ends its side of the connection, as the end of a file does.
    tcpClient: (port, options = {}) => start(['-N', ...netcatAddress(port, options)], options),
    udpClient: (port, options = {}) => start(['-u', ...netcatAddress(port, options)], options),
    udpOnce: (port, text, options = {}) => {
      const client = start(['-u', ...netcatAddress(port, options)], options);
      client.write(text);
      return client;
    },
  };
}

function netcatAddress(port: number, { host = LOOPBACK }: PeerOptions): string[] {
  return ['-n', host, String(port)];
}

function scripts(command: string, start: Start): Clients<BlockingClient> {
  const run = (script: string, args: readonly string[], options: PeerOptions): BlockingClient => {
    const file = join(repoRoot, 'packages', 'testkit', 'peers', `${script}.${command === 'perl' ? 'pl' : 'py'}`);
    return withReads(start([file, options.host ?? LOOPBACK, ...args], options));
  };
  return {
    tcpClient: (port, options = {}) => run('tcp_client', [String(port), options.first ?? 'recv', options.quit ?? 'q'], options),
    udpClient: (port, options = {}) => run('udp_loop', [String(port), options.quit ?? 'q'], options),
    udpOnce: (port, text, options = {}) => run('udp_once', [String(port), text], options),
  };
}

/** The scripts report each receive on standard error as `recv <hex>`. */
function withReads(program: Program): BlockingClient {
  let reads = 0;
  const nextRead = async (): Promise<Buffer> => {
    reads += 1;
    const line = await program.line(/^recv /, { from: 'stderr', nth: reads });
    return Buffer.from(line.slice('recv '.length), 'hex');
  };
  return Object.assign(program, { nextRead });
}
