const length = { name: 'length', field: 'u8' };

/** What is wrong with layouts, and where. Ajv refuses the same ones in schema.test.ts. */
export const BROKEN: readonly (readonly [unknown, string])[] = [
  [null, 'layout is null, allowed: an object'],
  [[], 'layout is [], allowed: an object'],
  ['u8', 'layout is "u8", allowed: an object'],
  [{}, 'layout.kind is missing, allowed: raw, line, frame, delimited'],
  [{ kind: 'lines' }, 'layout.kind is "lines", allowed: '],
  [
    { kind: 'line', endings: 'lf' },
    'layout has "endings"; allowed: $schema, kind, name, summary, source, examples, preamble, maxPayloadBytes, ending, unended',
  ],
  [{ kind: 'line', ending: 'cr' }, 'layout.ending is "cr", allowed: lf, lf-or-crlf, crlf'],
  [{ kind: 'slip', name: 5 }, 'layout.name is 5, allowed: a string'],
  [{ kind: 'fixed' }, 'layout.byteLength is missing, allowed: a whole number'],
  [{ kind: 'fixed', byteLength: 1.5 }, 'layout.byteLength is 1.5, allowed: a whole number'],
  [{ kind: 'delimited', delimiters: [] }, 'layout.delimiters is [], allowed: a list of 1 to 16'],
  [{ kind: 'delimited', delimiters: [{ bytes: '0' }] }, 'layout.delimiters[0].bytes is "0", allowed: 1 to 64 bytes in hex'],
  [{ kind: 'delimited', delimiters: ['a'], strip: 1 }, 'layout.strip is 1, allowed: true or false'],
  [{ kind: 'frame' }, 'layout.header is missing, allowed: a list of 1 to 64'],
  [{ kind: 'frame', header: [{ name: 'type', field: 'u8' }] }, 'layout.header has no part called "length"'],
  [{ kind: 'frame', header: [{ name: '1', field: 'u8' }, length] }, 'layout.header[0].name is "1", allowed: a letter'],
  [{ kind: 'frame', header: [{ name: 'length', field: 'u33' }] }, 'layout.header[0].field is "u33", allowed: u8, u16be'],
  [{ kind: 'frame', header: [{ name: 'length' }] }, 'layout.header[0] has none of field, bytes, opaque and reserved; allowed: one'],
  [{ kind: 'frame', header: [{ ...length, opaque: 4 }] }, 'layout.header[0] has field and opaque of field, bytes, opaque and reserved'],
  [{ kind: 'frame', header: [{ name: 'length', field: { type: 'u9' } }] }, 'layout.header[0].field.type is "u9", allowed: u8'],
  [{ kind: 'frame', header: [length], counts: 'all' }, 'layout.counts is "all", allowed: payload, afterLength, frame'],
  [{ kind: 'frame', header: [length], trailer: [{ checksum: 'crc64' }] }, 'layout.trailer[0].checksum is "crc64", allowed: crc32, crc16'],
  [
    { kind: 'frame', header: [length], trailer: [{ checksum: 'crc16', algorithm: 'x' }] },
    'layout.trailer[0].algorithm is "x", allowed: arc',
  ],
  [
    { kind: 'frame', header: [length], trailer: [{ checksum: 'sum', covers: 'all' }] },
    'layout.trailer[0].covers is "all", allowed: payload',
  ],
  [{ kind: 'frame', header: [length], trailer: [{ bytes: '' }] }, 'layout.trailer[0].bytes is "", allowed: 1 to 64 bytes in hex'],
];
