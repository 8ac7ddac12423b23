import { isIPv4, isIPv6 } from 'node:net';
import { formatIpv6, ipv6Groups, printable, readPort } from '@socklab/service';
import { ProxyHeaderError, malformed } from './proxy-header.ts';
import type { ProxyAddress, ProxyHeader } from './proxy-header.ts';

/** The longest line of version 1, including CR LF. */
export const MAX_V1_BYTES = 107;

const CR = 0x0d;
const LF = 0x0a;

/**
 * Finds the end of a version 1 header.
 * @returns The offset after its CR LF; undefined when it has not arrived yet.
 * @throws ProxyHeaderError for a lone CR or LF, and when 107 bytes contain no end.
 */
export function v1End(bytes: Uint8Array): number | undefined {
  const line = bytes.subarray(0, MAX_V1_BYTES);
  const end = line.findIndex((byte) => byte === CR || byte === LF);
  const after = end === -1 ? undefined : line[end + 1];
  if (line[end] === LF || (after !== undefined && after !== LF)) {
    throw malformed('PROXY header of version 1: CR or LF alone; its line ends with CR LF');
  }
  if (after === LF) return end + 2;
  if (line.length < MAX_V1_BYTES) return undefined;
  throw new ProxyHeaderError('PROXY_ERR_TOO_LONG', `PROXY header of version 1: no CR LF in ${MAX_V1_BYTES} bytes`);
}

/**
 * Reads a version 1 header.
 *
 *     PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n    source, destination, source port, destination port
 *     PROXY UNKNOWN …\r\n                                  the rest of the line says nothing
 *
 * @param line - With its CR LF.
 * @throws ProxyHeaderError `PROXY_ERR_MALFORMED`.
 */
export function parseV1(line: Uint8Array): ProxyHeader {
  const text = Buffer.from(line.buffer, line.byteOffset, line.length - 2).toString('latin1');
  const unknown: ProxyHeader = { version: 1, command: 'proxy', source: undefined, destination: undefined };
  if (/^PROXY UNKNOWN(?: |$)/.test(text)) return unknown;
  const [, family, from = '', to = '', fromPort = '', toPort = ''] = /^PROXY (TCP[46]) (\S+) (\S+) (\d+) (\d+)$/.exec(text) ?? [];
  const readHost = family === 'TCP4' ? readIpv4 : readIpv6;
  const source = readAddress(readHost(from), fromPort);
  const destination = readAddress(readHost(to), toPort);
  if (source === undefined || destination === undefined) {
    throw malformed(`PROXY header of version 1: ${printable(line, MAX_V1_BYTES)} is not PROXY TCP4|TCP6 SOURCE DESTINATION PORT PORT`);
  }
  return { ...unknown, source, destination };
}

function readAddress(address: string | undefined, portText: string): ProxyAddress | undefined {
  // The specification forbids leading zeros.
  const port = /^(?:0|[1-9]\d*)$/.test(portText) ? readPort(portText) : undefined;
  return address === undefined || port === undefined ? undefined : { address, port };
}

function readIpv4(text: string): string | undefined {
  return isIPv4(text) ? text : undefined;
}

/** In the spelling of Node.js, so that a client has one key. A zone means nothing on this machine. */
function readIpv6(text: string): string | undefined {
  return isIPv6(text) && !text.includes('%') ? formatIpv6(ipv6Groups(text)) : undefined;
}
