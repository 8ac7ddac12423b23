import { parseTarget } from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { checked, flag, parseSpan } from './flags.ts';
import { readInput } from './read-input.ts';
import type { Target } from '@socklab/probe';
import type { Option } from '@socklab/service';

/** Where connections go. */
export interface TargetFlags {
  readonly target?: string;
  readonly tls: boolean;
  readonly tlsCa?: string;
  readonly insecure: boolean;
  readonly servername?: string;
  readonly connectTimeout: number;
  readonly iOwnTheTarget: boolean;
}

const MAX_CERTIFICATES_BYTES = 1_048_576;

/** The options of {@link TargetFlags}. */
export function targetOptions(): readonly Option[] {
  return [
    flag('--target <address>', 'the server: HOST:PORT or unix:/path', { parse: checked(parseTarget) }),
    flag('--tls', 'use TLS', { default: false }),
    flag('--tls-ca <file>', 'use TLS, and trust these authorities instead of the default ones (PEM)'),
    flag('--insecure', 'use TLS, and accept any certificate: for test certificates', { default: false }),
    flag('--servername <name>', 'use TLS, and request the certificate of this name'),
    flag<number>('--connect-timeout <duration>', 'how long a connection may take to be ready', {
      default: 5000,
      defaultText: '5s',
      parse: parseSpan,
    }),
    flag('--i-own-the-target', 'declare that a target beyond loopback and private addresses may be probed', { default: false }),
  ];
}

/**
 * The target that the flags name.
 *
 * @param started where a server listens that is started for it.
 * @throws ServiceError `SERVICE_ERR_USAGE` where none is named, for TLS over a unix socket, or certificates that cannot be read.
 */
export async function targetOf(flags: TargetFlags, started?: Target): Promise<Target> {
  const { target: text = '', tls, tlsCa, insecure, servername: serverName } = flags;
  const target = flags.target === undefined ? started : parseTarget(text);
  if (target === undefined)
    throw new ServiceError('SERVICE_ERR_USAGE', "there is no server: give --target HOST:PORT, or for probe --run 'server {port}'");
  if (!tls && tlsCa === undefined && !insecure && serverName === undefined) return target;
  if (target.kind === 'unix') throw new ServiceError('SERVICE_ERR_USAGE', `--target ${text} is a unix socket, TLS goes over TCP here`);
  const ca = tlsCa === undefined ? {} : { ca: (await readInput('--tls-ca', tlsCa, MAX_CERTIFICATES_BYTES)).toString('utf8') };
  return { ...target, tls: { insecure, ...(serverName === undefined ? {} : { serverName }), ...ca } };
}

/** The same as words of a command line. */
export function targetWords({ target, tls, tlsCa, insecure, servername, iOwnTheTarget }: TargetFlags): readonly string[] {
  return [
    ...(target === undefined ? [] : ['--target', target]),
    ...(tls ? ['--tls'] : []),
    ...(tlsCa === undefined ? [] : ['--tls-ca', tlsCa]),
    ...(insecure ? ['--insecure'] : []),
    ...(servername === undefined ? [] : ['--servername', servername]),
    ...(iOwnTheTarget ? ['--i-own-the-target'] : []),
  ];
}
