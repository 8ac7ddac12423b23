import { X509Certificate, createPrivateKey } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ServiceError } from '@socklab/service';
import { readPem } from './tls-files.ts';
import type { PemFile } from './tls-files.ts';
import type { TlsFiles } from './tls-options.ts';
import type { Logger } from '@socklab/service';
import type { KeyObject } from 'node:crypto';

/** What `tls.createServer` and `server.setSecureContext` take. */
export interface TlsServerOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly minVersion: 'TLSv1.2';
  /** Whether clients are asked for a certificate. */
  readonly requestCert: boolean;
  /** Whether a client without a certificate of a trusted authority is refused. */
  readonly rejectUnauthorized: true;
}

/** The certificate of a service, and what it requires of clients. */
export interface TlsIdentity {
  /** The current options: read them again after each {@link reload}. */
  readonly serverOptions: TlsServerOptions;
  /** When the certificate expires. */
  readonly validTo: Date;
  /**
   * Reads the files again. Errors are logged, and everything stays as it was.
   * @returns Whether there are new options, for `server.setSecureContext`; open connections keep the old ones.
   */
  reload(): Promise<boolean>;
}

/**
 * Loads a certificate, its key and the authorities for clients, and checks that they are usable. A certificate that
 * has expired, or is not valid yet, is used with a warning: clients may not mind.
 *
 * To serve TLS on a connection of which bytes were already read, such as a PROXY header, push surplus bytes back
 * with `socket.unshift` and pass the socket to a `tls.Server` with `server.emit('connection', socket)`.
 *
 * @throws ServiceError `SERVICE_ERR_TLS` that names the file and what is wrong with it.
 */
export async function loadTlsIdentity(files: TlsFiles, log: Logger): Promise<TlsIdentity> {
  let loaded = await load(files);
  warnOfDates(loaded, files, log);
  return {
    get serverOptions() {
      return loaded.serverOptions;
    },
    get validTo() {
      return loaded.certificate.validToDate;
    },
    async reload() {
      try {
        loaded = await load(files);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        log.error({ reason: error.message, validTo: loaded.certificate.validToDate }, 'certificate not reloaded, keeping the old one');
        return false;
      }
      const { validToDate: validTo, fingerprint256 } = loaded.certificate;
      log.info({ file: files.cert, validTo, fingerprint256 }, 'certificate reloaded');
      warnOfDates(loaded, files, log);
      return true;
    },
  };
}

interface Loaded {
  readonly certificate: X509Certificate;
  readonly serverOptions: TlsServerOptions;
}

async function load(files: TlsFiles): Promise<Loaded> {
  const cert = await readPem(files.cert, '--tls-cert');
  const key = await readPem(files.key, '--tls-key');
  const ca = files.clientCa === undefined ? undefined : await readPem(files.clientCa, '--tls-client-ca');
  const [certificate] = readCertificates(cert);
  if (!certificate.checkPrivateKey(readKey(key))) throw key.refuse(`it is not the key of the certificate in ${cert.path}`);
  if (ca !== undefined) readCertificates(ca);
  const serverOptions: TlsServerOptions = {
    cert: cert.text,
    key: key.text,
    ...(ca === undefined ? {} : { ca: ca.text }),
    minVersion: 'TLSv1.2',
    requestCert: ca !== undefined,
    rejectUnauthorized: true,
  };
  checkUsable(serverOptions, cert);
  return { certificate, serverOptions };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/** All certificates of a file: at least one. */
function readCertificates(file: PemFile): [X509Certificate, ...X509Certificate[]] {
  const texts = file.text.match(CERTIFICATE) ?? [];
  const [first, ...others] = texts.map((text, index) => {
    try {
      return new X509Certificate(text);
    } catch (error) {
      throw file.refuse(`certificate ${index + 1} in it is damaged`, error);
    }
  });
  if (first === undefined) throw file.refuse('there is no certificate in it (-----BEGIN CERTIFICATE-----)');
  return [first, ...others];
}

// PKCS #8, and the older format of each algorithm.
const ENCRYPTED_KEY = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/;

function readKey(file: PemFile): KeyObject {
  try {
    return createPrivateKey(file.text);
  } catch (error) {
    const isEncrypted = ENCRYPTED_KEY.test(file.text);
    throw file.refuse(isEncrypted ? 'the key has a passphrase; give one without' : 'there is no private key in it that can be read', error);
  }
}

/** OpenSSL has rules of its own, for example for keys that are too short. */
function checkUsable(options: TlsServerOptions, file: PemFile): void {
  try {
    createSecureContext(options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw file.refuse(`OpenSSL does not take it: ${error.message}`, error);
  }
}

function warnOfDates({ certificate }: Loaded, { cert: file }: TlsFiles, log: Logger): void {
  const { validFromDate: validFrom, validToDate: validTo } = certificate;
  const now = new Date();
  if (now > validTo) log.warn({ file, validTo }, 'certificate has expired');
  else if (now < validFrom) log.warn({ file, validFrom }, 'certificate is not valid yet');
}
