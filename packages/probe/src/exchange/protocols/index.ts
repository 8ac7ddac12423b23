import { ProbeError } from '../../errors.ts';
import { parseMask } from '../../trial/masks.ts';
import { parseConversation } from '../conversation.ts';
import { mqtt } from './brokers/mqtt.ts';
import { nats } from './brokers/nats.ts';
import { memcached } from './databases/memcached.ts';
import { postgres } from './databases/postgres.ts';
import { redis } from './databases/redis.ts';
import { smtp } from './mail/smtp.ts';
import { dns } from './services/dns.ts';
import { ftp } from './services/ftp.ts';
import { socks5 } from './services/socks5.ts';
import { http } from './web/http.ts';
import { websocket } from './web/websocket.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Exchange } from '../../types.ts';
import type { ReadyExchange } from './base/ready-exchange.ts';

/** Every protocol with a ready exchange, in the order of help texts. */
export const PROTOCOLS: readonly ReadyExchange[] = [redis, memcached, http, websocket, postgres, mqtt, nats, dns, smtp, ftp, socks5];

/**
 * The ready exchange of a protocol, and its masks.
 *
 * @throws ProbeError `PROBE_ERR_EXCHANGE` naming those there are.
 */
export function protocolExchange(name: string): { readonly exchange: Exchange; readonly masks: readonly Mask[] } {
  const ready = PROTOCOLS.find((each) => each.name === name);
  if (ready === undefined) {
    const names = PROTOCOLS.map((each) => each.name).join(', ');
    throw new ProbeError('PROBE_ERR_EXCHANGE', `there is no exchange ready for ${JSON.stringify(name)}, only for ${names}`);
  }
  return { exchange: parseConversation(JSON.stringify(ready.conversation)), masks: ready.masks.map(parseMask) };
}
