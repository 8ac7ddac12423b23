import { FRAMINGS } from '@socklab/framing';
import type { Text } from '@socklab/lab';

const CHINESE: Readonly<Record<string, string>> = {
  raw: '不分帧：一次读到什么就是什么',
  line: '以 LF 结尾的行；LF 前的 CR 会去掉',
  i32le: "有符号 32 位小端长度：Python 的 struct.pack('i', n)",
  i32be: '有符号 32 位大端长度',
  u8: '8 位长度',
  u16be: '16 位大端长度',
  u16le: '16 位小端长度',
  u24be: '24 位大端长度',
  u24le: '24 位小端长度',
  u32be: '32 位大端长度',
  u32le: '32 位小端长度',
  u64be: '64 位大端长度，最大 2^53 − 1',
  u64le: '64 位小端长度，最大 2^53 − 1',
  netstring: '十进制长度、冒号、载荷、逗号（djb）',
  'octet-counted': '十进制长度、空格、载荷：syslog（RFC 6587）；载荷不能为空',
  slip: '两端为 C0，内部转义（RFC 1055）；载荷不能为空',
  cobs: '一致开销字节填充（COBS），每帧以 00 结尾',
  'content-length': 'Content-Length 头部行，如语言服务器协议（LSP）',
  protobuf: '最多 5 字节的变长整数长度：Protocol Buffers 的 delimited 格式',
  dns: '基于 TCP 的 DNS：16 位长度',
  rtp: '基于 TCP 的 RTP（RFC 4571）：16 位长度',
  kafka: 'Kafka：有符号 32 位长度',
  tpkt: 'TPKT（RFC 1006），整帧',
  modbus: 'Modbus TCP，整帧',
  grpc: 'gRPC 消息，含 5 字节前缀的整帧',
  mqtt: 'MQTT 控制报文，整帧',
  postgres: '启动之后的 PostgreSQL 消息，整帧',
  mysql: 'MySQL 数据包，整帧',
  mongodb: 'MongoDB 消息，整帧',
  amqp: 'AMQP 0-9-1 帧，整帧',
  websocket: '握手之后的 WebSocket 帧，整帧',
};

/** Every framing by its name, with what its frames look like. */
export const FRAMING_SUMMARIES: ReadonlyMap<string, Text> = new Map(
  FRAMINGS.map(({ name, summary }) => [name, { en: summary, zh: CHINESE[name] ?? summary }]),
);
