import type { ReadyExchange } from '../base/ready-exchange.ts';

/** RFC 4511, 5.1: a SEQUENCE with a BER length. */
const MESSAGES = JSON.stringify({
  kind: 'frame',
  name: 'ldap',
  header: [
    { name: 'sequence', bytes: '30' },
    { name: 'length', field: 'ber' },
  ],
  emit: 'frame',
});

const SUPPORTED_VERSIONS =
  '04 00 0a0100 0a0100 020100 020100 010100 87 0b 6f626a656374436c617373 30 16 04 14 737570706f727465644c44415056657273696f6e';

/** LDAP v3: an anonymous bind, the root entry asked for twice in one write, unbind. */
export const ldap: ReadyExchange = {
  name: 'ldap',
  summary: 'LDAP: an anonymous bind, two searches in one write, unbind',
  masks: [],
  conversation: {
    name: 'LDAP: bind, two searches of the root entry, unbind',
    framing: MESSAGES,
    steps: [
      { send: { hex: '30 0c 020101 60 07 020103 0400 8000' } },
      { expect: 'frames:1' },
      { send: { hex: `30 3b 020102 63 36 ${SUPPORTED_VERSIONS}  30 3b 020103 63 36 ${SUPPORTED_VERSIONS}` } },
      // For each the entry and the end of its result; the two may overtake each other.
      { expect: 'unordered:4' },
      { send: { hex: '30 05 020104 42 00' } },
      { expect: 'close' },
    ],
  },
};
