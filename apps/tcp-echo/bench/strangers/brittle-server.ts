// tcp-echo with a codec that throws when a client says so, for `strangers.ts` beside it: node brittle-server.ts FRAMING SOCKET_FILE [CERTIFICATE KEY]
import { codecByName } from '@socklab/framing';
import { createLogger, parseEndpoint } from '@socklab/service';
import { Connections } from '../../src/connection/connections.ts';
import { createTcpEchoMetrics } from '../../src/metrics.ts';
import { framingOf } from '../../src/options.ts';
import { loadTlsIdentity } from '../../src/preamble/tls-identity.ts';
import { startTcpEcho } from '../../src/service.ts';
import { echo } from '../../src/sessions/echo.ts';
import { MAX_FRAME_BYTES, THROWS_BYTES, THROWS_HALFWAY_BYTES } from './wires.ts';
import type { ByteCodec } from '@socklab/framing';

const [, , framing = 'raw', socketFile = '', certificate, key] = process.argv;
const log = createLogger({ app: 'tcp-echo', level: 'info', format: 'json' });
const { reply } = framingOf({ framing, maxFrame: MAX_FRAME_BYTES });
const codec = brittle(codecByName(framing, { maxPayloadBytes: MAX_FRAME_BYTES }));
const isTls = certificate !== undefined && key !== undefined;

const { endpoints } = await startTcpEcho({
  endpoints: ['tcp://127.0.0.1:0', ...(isTls ? [] : [`unix:${socketFile}`])].map((text) => parseEndpoint(text, 'tcp')),
  listen: { log },
  session: echo({ codec, reply }),
  codec,
  mode: 'concurrent',
  once: false,
  numbers: { first: 1, step: 1 },
  limits: {
    maxConnections: 1000,
    maxPerIp: Number.POSITIVE_INFINITY,
    ipv6PrefixBits: 56,
    acceptRate: Number.POSITIVE_INFINITY,
    idleTimeoutMs: 0,
    frameTimeoutMs: 500,
    maxPendingBytes: 65_536,
    maxBufferedBytes: 16_777_216,
    slowTimeoutMs: 500,
    queueMax: 1,
    queueTimeoutMs: 0,
    queueBufferBytes: 0,
    queueNotice: '',
  },
  goodbye: '',
  allow: [],
  deny: [],
  proxies: [],
  tls: isTls ? await loadTlsIdentity({ cert: certificate, key }, log) : undefined,
  connections: new Connections(),
  log,
  metrics: createTcpEchoMetrics(),
});
log.info({ endpoints: endpoints.slice(0, 1) }, 'listening');

/** Throws for payloads of two lengths: after finding them, or after half of their answer is written. */
function brittle(whole: ByteCodec): ByteCodec {
  return {
    name: whole.name,
    maxPayloadBytes: whole.maxPayloadBytes,
    createDecoder(options) {
      const decoder = whole.createDecoder(options);
      const advance = decoder.advance.bind(decoder);
      decoder.advance = () => {
        const isFound = advance();
        if (isFound && decoder.payloadEnd - decoder.payloadStart === THROWS_BYTES) throw new RangeError('seeded: found');
        return isFound;
      };
      return decoder;
    },
    encode: (payload) => whole.encode(payload),
    encodeInto(writer, payload) {
      whole.encodeInto(writer, payload);
      if (payload.length === THROWS_HALFWAY_BYTES) throw new RangeError('seeded: half written');
    },
  };
}
