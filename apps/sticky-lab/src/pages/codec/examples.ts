import type { Text } from '@socklab/lab';

/** Bytes of a real format, as a starting point. */
export interface Example {
  readonly label: Text;
  readonly framing: string;
  /** As it may be typed. */
  readonly hex: string;
}

/** The examples of the bench; the first one is the default. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  {
    label: { en: 'Two messages in one read', zh: '粘包：一次读到两条消息' },
    framing: 'i32le',
    hex: '05 00 00 00 68 65 6c 6c 6f 06 00 00 00 e7 b2 98 e5 8c 85',
  },
  {
    label: { en: 'A read that ends in a message', zh: '拆包：消息只到了一半' },
    framing: 'i32le',
    hex: '05 00 00 00 68 65 6c 6c 6f 06 00 00 00 e7 b2',
  },
  {
    label: { en: 'TLS on a port that speaks something else', zh: '把 TLS 发到了别的协议的端口' },
    framing: 'u32be',
    hex: '16 03 01 02 00 01 00 01 fc 03 03',
  },
  {
    label: { en: 'Kafka: ApiVersions', zh: 'Kafka：ApiVersions 请求' },
    framing: 'kafka',
    hex: '00 00 00 0e 00 12 00 00 00 00 00 01 00 04 74 65 73 74',
  },
  {
    label: { en: 'DNS over TCP: a query', zh: '基于 TCP 的 DNS 查询' },
    framing: 'dns',
    hex: '00 20 db 42 01 00 00 01 00 00 00 00 00 00 03 77 77 77 06 67 6f 6f 67 6c 65 03 63 6f 6d 00 00 01 00 01',
  },
  {
    label: { en: 'MQTT: connect, publish, ping', zh: 'MQTT：连接、发布、心跳' },
    framing: 'mqtt',
    hex: '10 0c 00 04 4d 51 54 54 04 02 00 3c 00 00 30 06 00 01 61 e7 b2 98 c0 00',
  },
  {
    label: { en: 'AMQP: a body, a heartbeat', zh: 'AMQP：消息体与心跳' },
    framing: 'amqp',
    hex: '03 00 01 00 00 00 03 e7 b2 98 ce 08 00 00 00 00 00 00 ce',
  },
  {
    label: { en: 'WebSocket: masked and not', zh: 'WebSocket：有掩码与无掩码' },
    framing: 'websocket',
    hex: '81 85 37 fa 21 3d 7f 9f 4d 51 58 81 05 48 65 6c 6c 6f',
  },
  {
    label: { en: 'Language server: Content-Length', zh: '语言服务器：Content-Length' },
    framing: 'content-length',
    hex: '43 6f 6e 74 65 6e 74 2d 4c 65 6e 67 74 68 3a 20 32 0d 0a 0d 0a 7b 7d',
  },
  {
    label: { en: 'Netstring with a wrong length', zh: '长度写错的 netstring' },
    framing: 'netstring',
    hex: '35 3a 68 65 6c 6c 6f 2c 35 3a e7 b2 98 e5 8c 85 2c',
  },
  {
    label: { en: 'SLIP with an escape', zh: '带转义的 SLIP' },
    framing: 'slip',
    hex: 'c0 01 db dc 02 c0',
  },
];
