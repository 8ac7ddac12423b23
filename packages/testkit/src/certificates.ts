import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Generates certificates for tests: X.509 (RFC 5280) in DER (X.690), P-256 keys, ECDSA with SHA-256. */

export interface Certificate {
  readonly name: string;
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  readonly privateKey: KeyObject;
}

export interface CertificateOptions {
  readonly name?: string;
  /** The issuer. @defaultValue itself */
  readonly issuer?: Certificate;
  readonly validFrom?: Date;
  readonly validTo?: Date;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const VERSION_FIELD = 0xa0;
const EXTENSIONS_FIELD = 0xa3;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const ECDSA_WITH_SHA256 = element(SEQUENCE, objectId('2a8648ce3d040302'));
const TRUE = Buffer.from('0101ff', 'hex');

let serial = 0;

export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const { name = 'localhost', issuer, validFrom = new Date('2020-01-01'), validTo = new Date('2125-01-01') } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  serial += 1;
  const toBeSigned = element(
    SEQUENCE,
    element(VERSION_FIELD, element(INTEGER, Buffer.of(2))),
    element(INTEGER, Buffer.of(1, serial >> 8, serial & 0xff)),
    ECDSA_WITH_SHA256,
    commonName(issuer?.name ?? name),
    element(SEQUENCE, time(validFrom), time(validTo)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(EXTENSIONS_FIELD, element(SEQUENCE, authority(), alternativeNames(name))),
  );
  const signature = sign('sha256', toBeSigned, issuer?.privateKey ?? privateKey);
  const der = element(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, element(BIT_STRING, Buffer.of(0), signature));
  return { name, cert: pem(der), key: privateKey.export({ type: 'pkcs8', format: 'pem' }), privateKey };
}

/** Tag, length, content. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  return Buffer.concat([length < 0x100 ? Buffer.of(tag, 0x81, length) : Buffer.of(tag, 0x82, length >> 8, length & 0xff), content]);
}

function objectId(hex: string): Buffer {
  return element(OBJECT_ID, Buffer.from(hex, 'hex'));
}

/** 2.5.4.3 */
function commonName(name: string): Buffer {
  return element(SEQUENCE, element(SET, element(SEQUENCE, objectId('550403'), element(UTF8_STRING, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  return element(GENERALIZED_TIME, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
}

/** 2.5.29.19: it may sign other certificates. */
function authority(): Buffer {
  return element(SEQUENCE, objectId('551d13'), TRUE, element(OCTET_STRING, element(SEQUENCE, TRUE)));
}

/** 2.5.29.17: the name, and 127.0.0.1. */
function alternativeNames(name: string): Buffer {
  const names = element(SEQUENCE, element(DNS_NAME, Buffer.from(name)), element(IP_ADDRESS, Buffer.of(127, 0, 0, 1)));
  return element(SEQUENCE, objectId('551d11'), element(OCTET_STRING, names));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
