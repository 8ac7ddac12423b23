import { ProbeError } from '../../errors.ts';
import { parseIgnored, parseMask } from '../../trial/masks.ts';
import { parseConversation } from '../conversation.ts';
import { amqp } from './brokers/amqp.ts';
import { kafka } from './brokers/kafka.ts';
import { mqtt } from './brokers/mqtt.ts';
import { nats } from './brokers/nats.ts';
import { stomp } from './brokers/stomp.ts';
import { memcached } from './databases/memcached.ts';
import { mysql } from './databases/mysql.ts';
import { postgres } from './databases/postgres.ts';
import { redis } from './databases/redis.ts';
import { imap } from './mail/imap.ts';
import { pop3 } from './mail/pop3.ts';
import { smtp } from './mail/smtp.ts';
import { dns } from './services/dns.ts';
import { ftp } from './services/ftp.ts';
import { hl7 } from './services/hl7.ts';
import { ldap } from './services/ldap.ts';
import { lsp } from './services/lsp.ts';
import { modbus } from './services/modbus.ts';
import { socks5 } from './services/socks5.ts';
import { http } from './web/http.ts';
import { http2 } from './web/http2.ts';
import { websocket } from './web/websocket.ts';
import type { Mask } from '../../trial/masks.ts';
import type { Exchange } from '../../types.ts';
import type { ReadyExchange } from './base/ready-exchange.ts';

/** Every protocol with a ready exchange, in the order of help texts. */
export const PROTOCOLS: readonly ReadyExchange[] = [
  http,
  http2,
  websocket,
  redis,
  memcached,
  postgres,
  mysql,
  mqtt,
  amqp,
  stomp,
  nats,
  kafka,
  smtp,
  imap,
  pop3,
  dns,
  ldap,
  socks5,
  ftp,
  modbus,
  hl7,
  lsp,
];

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
  return {
    exchange: parseConversation(JSON.stringify(ready.conversation)),
    masks: [...(ready.ignored ?? []).map(parseIgnored), ...ready.masks.map(parseMask)],
  };
}
