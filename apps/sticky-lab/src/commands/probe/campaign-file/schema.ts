import { entryOptions } from './entry.ts';

/** The JSON Schema of a campaign file: the options of `probe`, with their help texts. */
export function campaignFileSchema(): unknown {
  const options = entryOptions().map(({ long, description, required }) => [
    (long ?? '').replace(/^--/, ''),
    { description, ...typeOf(required) },
  ]);
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
          additionalProperties: false,
          properties: {
            name: { type: 'string', description: 'what reports call it' },
            expected: {
              enum: ['pass', 'fail'],
              description: 'what is right: fail is a known failure, with a reason; when it passes, that is told',
            },
            reason: { type: 'string', description: 'why it fails' },
            ...Object.fromEntries(options),
          },
        },
      },
    },
  };
}

/** A flag is true or false; other options take text or a number, and several if they may be repeated. */
function typeOf(takesValue: boolean): object {
  return takesValue ? { type: ['string', 'number', 'array'], items: { type: ['string', 'number'] } } : { type: 'boolean' };
}
