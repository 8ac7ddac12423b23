import { request } from 'node:http';
import { isWildcard, parseEndpoint } from '../base/endpoint.ts';
import { printable } from '../base/printable.ts';
import type { Endpoint } from '../base/endpoint.ts';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import type { Writable } from 'node:stream';

/** What {@link runHealthcheck} works with: `process` is one. */
export interface HealthcheckHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Pick<Writable, 'write'>;
  exitCode?: number | string | null | undefined;
}

/** What the admin endpoint answered, or why it did not. One line of text. */
export interface Health {
  readonly isReady: boolean;
  readonly text: string;
}

// Container engines give a check 3 s in our images; a check that is killed then cannot report why.
const DEFAULT_TIMEOUT_MS = 2000;
// /readyz answers one word; a longer answer is not from a service of ours.
const MAX_ANSWER_BYTES = 256;

/**
 * A container's whole health check: asks the admin endpoint whether the service takes work, writes one line, and
 * sets the exit code to 0 (it does) or 1 (anything else), the two codes that container engines know.
 *
 * @param app - the name of the service, such as `tcp-echo`, whose admin address is in `TCP_ECHO_ADMIN`
 */
export async function runHealthcheck(app: string, host: HealthcheckHost): Promise<void> {
  const { isReady, text } = await checkHealth(app, host.env[variableOf(app)]);
  host.stdout.write(`${text}\n`);
  host.exitCode = isReady ? 0 : 1;
}

/** Asks the admin endpoint of `app` on `address` for `/readyz`; an answer of another program counts as none. Never rejects. */
export async function checkHealth(app: string, address: string | undefined, timeoutMs: number = DEFAULT_TIMEOUT_MS): Promise<Health> {
  const variable = variableOf(app);
  if (address === undefined || address === 'off') {
    return {
      isReady: false,
      text: `${variable} is ${address ?? 'not set'}: a health check asks the address that it has, as 127.0.0.1:9090`,
    };
  }
  try {
    const { status, server, text } = await ask(reachable(parseEndpoint(address, 'tcp'), address), timeoutMs);
    const isReady = server === app && status === 200 && text === 'ready';
    if (isReady || (server === app && status === 503)) return { isReady, text };
    const who = server === app ? app : `${printable(Buffer.from(server ?? 'somebody'), MAX_ANSWER_BYTES)}, not ${app},`;
    return { isReady, text: `${address}: ${who} answered ${status}: ${text}` };
  } catch (error) {
    return { isReady: false, text: `${variable}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function variableOf(app: string): string {
  return `${app.replaceAll('-', '_').toUpperCase()}_ADMIN`;
}

/** How a process on the same machine reaches an endpoint. */
function reachable(endpoint: Endpoint, address: string): RequestOptions {
  if (endpoint.kind === 'unix') return { socketPath: endpoint.path };
  if (endpoint.kind === 'abstract') return { socketPath: `\0${endpoint.name}` };
  if (endpoint.kind === 'ip' && endpoint.port !== 0) return { host: reachableHost(endpoint), port: endpoint.port };
  throw new Error(`${address} does not say where to ask; give HOST:PORT, with the port that is listened on, or unix:/path`);
}

function reachableHost(endpoint: Endpoint & { readonly kind: 'ip' }): string {
  if (!isWildcard(endpoint)) return endpoint.host;
  return endpoint.host.includes(':') ? '::1' : '127.0.0.1';
}

function serverOf({ server }: IncomingHttpHeaders): string | undefined {
  return Array.isArray(server) ? server.join() : server;
}

interface Answer {
  readonly status: number;
  readonly server: string | undefined;
  readonly text: string;
}

function ask(where: RequestOptions, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request({ ...where, path: '/readyz', headers: { host: 'localhost' }, agent: false, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text = (text + chunk).slice(0, MAX_ANSWER_BYTES);
      });
      const { statusCode: status = 0, headers } = response;
      response.on('end', () => resolve({ status, server: serverOf(headers), text: printable(Buffer.from(text), MAX_ANSWER_BYTES) }));
      response.on('error', reject);
    });
    asked.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error));
    asked.end();
  });
}
