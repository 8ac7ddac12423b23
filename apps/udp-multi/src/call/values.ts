import { sizesBetween } from '@socklab/client';
import { InvalidArgumentError, parseEndpoint } from '@socklab/service';
import { maxPayloadBytes } from '../limits.ts';
import type { SizeRange, Target } from '@socklab/client';

/**
 * Reads one size of datagrams or a range of them: `0`, `64`, `1KiB`, `16..1400`.
 * @throws InvalidArgumentError for anything else, including reversed ranges and more than 65,527 bytes.
 */
export const parseDatagramSizes: (text: string) => SizeRange = sizesBetween(0, maxPayloadBytes('IPv6'));

/**
 * Reads the server to send to: `127.0.0.1:9000`, `[::1]:9000`, `localhost:9000`, with or without `udp://`.
 * @throws InvalidArgumentError or ServiceError for anything else.
 */
export function parseTarget(text: string): Target {
  const target = parseEndpoint(text, 'udp');
  if (target.kind !== 'ip') throw new InvalidArgumentError(`${text} is not the address of a server: give HOST:PORT or [IPv6]:PORT.`);
  if (target.port === 0) throw new InvalidArgumentError('port 0 cannot be reached: give a port from 1 to 65535.');
  return target;
}
