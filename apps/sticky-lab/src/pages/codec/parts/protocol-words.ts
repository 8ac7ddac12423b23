/** What MQTT calls a control packet, by the high four bits of its first byte. Source: MQTT 5.0, 2.1.2. */
const MQTT_PACKETS: readonly string[] = [
  'reserved',
  'CONNECT',
  'CONNACK',
  'PUBLISH',
  'PUBACK',
  'PUBREC',
  'PUBREL',
  'PUBCOMP',
  'SUBSCRIBE',
  'SUBACK',
  'UNSUBSCRIBE',
  'UNSUBACK',
  'PINGREQ',
  'PINGRESP',
  'DISCONNECT',
  'AUTH',
];

/** Source: AMQP 0-9-1, 4.2.3. */
const AMQP_FRAMES: Readonly<Record<number, string>> = { 1: 'METHOD', 2: 'HEADER', 3: 'BODY', 8: 'HEARTBEAT' };

/** Source: RFC 6455, 5.2. */
const WEBSOCKET_OPCODES: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** Source: MongoDB wire protocol, "Opcodes". */
const MONGODB_OPCODES: Readonly<Record<number, string>> = {
  1: 'OP_REPLY',
  2001: 'OP_UPDATE',
  2002: 'OP_INSERT',
  2004: 'OP_QUERY',
  2005: 'OP_GET_MORE',
  2006: 'OP_DELETE',
  2007: 'OP_KILL_CURSORS',
  2012: 'OP_COMPRESSED',
  2013: 'OP_MSG',
};

const FIN = 0x80;

/** What the first byte of an MQTT control packet says. */
function mqttPacket(typeAndFlags: number): string {
  return `${MQTT_PACKETS[typeAndFlags >> 4] ?? ''}, flags ${(typeAndFlags & 0x0f).toString(2).padStart(4, '0')}`;
}

/** The kind of an AMQP frame. */
function amqpFrame(type: number): string | undefined {
  return AMQP_FRAMES[type];
}

/** What the first byte of a WebSocket frame says. */
function websocketFlags(flags: number): string {
  const opcode = WEBSOCKET_OPCODES[flags & 0x0f] ?? 'reserved';
  return `${(flags & FIN) === 0 ? '' : 'FIN, '}${opcode}`;
}

/** The kind of a MongoDB message. */
function mongodbOpcode(opCode: number): string | undefined {
  return MONGODB_OPCODES[opCode];
}

/** The type of a PostgreSQL message, a letter. Its name depends on the sender. */
function postgresType(type: number): string | undefined {
  return type > 0x20 && type < 0x7f ? `'${String.fromCharCode(type)}'` : undefined;
}

/** The protocols' names for the values of their fields, by protocol and field. */
const WORDS: Readonly<Record<string, (value: number) => string | undefined>> = {
  'mqtt typeAndFlags': mqttPacket,
  'amqp type': amqpFrame,
  'websocket flags': websocketFlags,
  'mongodb opCode': mongodbOpcode,
  'postgres type': postgresType,
};

/** The protocol's name for the value of a field, if it has one. */
export function wordOf(protocol: string, field: string, value: number): string | undefined {
  return WORDS[`${protocol} ${field}`]?.(value);
}
