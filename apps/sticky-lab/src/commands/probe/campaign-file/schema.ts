import { entryOptions } from './entry.ts';
import type { Transport } from './entry.ts';

/** What any campaign of a file has besides options. */
const OWN = {
  name: { type: 'string', description: 'what reports call it' },
  transport: {
    enum: ['tcp', 'udp'],
    description: 'what it goes over: tcp, which is TLS and unix sockets too, with the options of probe; or udp, with those of probe-udp',
  },
  expected: {
    enum: ['pass', 'fail'],
    description: 'what is right: fail is a known failure, with a reason; when it passes, that is told',
  },
  reason: { type: 'string', description: 'why it fails' },
};

/** The JSON Schema of a campaign file: the options of `probe` or of `probe-udp`, with their help texts. */
export function campaignFileSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Campaigns of sticky-lab: what servers have to survive',
    type: 'object',
    required: ['campaigns'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      campaigns: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['name'],
          if: { required: ['transport'], properties: { transport: { const: 'udp' } } },
          // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
          then: campaignOver('udp'),
          else: campaignOver('tcp'),
        },
      },
    },
  };
}

function campaignOver(transport: Transport): object {
  const options = entryOptions(transport).map(({ long, description, required }) => [
    (long ?? '').replace(/^--/, ''),
    { description, ...typeOf(required) },
  ]);
  return { additionalProperties: false, properties: { ...OWN, ...Object.fromEntries(options) } };
}

/** A flag is true or false; other options take text or a number, and several if they may be repeated. */
function typeOf(takesValue: boolean): object {
  return takesValue ? { type: ['string', 'number', 'array'], items: { type: ['string', 'number'] } } : { type: 'boolean' };
}
