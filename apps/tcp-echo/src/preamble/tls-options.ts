import { ServiceError, option } from '@socklab/service';
import type { Option } from '@socklab/service';

/** The files of a service's certificate, in PEM. */
export interface TlsFiles {
  /** The certificate, followed by the intermediate ones, if any. */
  readonly cert: string;
  /** Its private key, without a passphrase. */
  readonly key: string;
  /** The authorities of client certificates. Without it clients need none. */
  readonly clientCa?: string;
}

/** The values of {@link tlsOptions}. */
export interface TlsFlags {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
}

/** `--tls-cert`, `--tls-key` and `--tls-client-ca`. */
export function tlsOptions(appName: string): readonly Option[] {
  return [
    option(appName, '--tls-cert <file>', 'serve TLS with this certificate and its chain (PEM)'),
    option(appName, '--tls-key <file>', 'the private key of the certificate (PEM)'),
    option(appName, '--tls-client-ca <file>', 'require client certificates of these authorities (PEM)'),
  ];
}

/**
 * The values of the flags.
 * @returns undefined without TLS.
 * @throws ServiceError `SERVICE_ERR_USAGE` when one of the files is missing.
 */
export function tlsFiles({ tlsCert: cert, tlsKey: key, tlsClientCa: clientCa }: TlsFlags): TlsFiles | undefined {
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined;
  if (cert === undefined) throw missing('--tls-cert', key === undefined ? '--tls-client-ca' : '--tls-key');
  if (key === undefined) throw missing('--tls-key', '--tls-cert');
  return { cert, key, ...(clientCa === undefined ? {} : { clientCa }) };
}

function missing(flag: string, given: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', `${given} needs ${flag} beside it: a certificate and its key are given together`);
}
