import type { Bug } from '../types.ts';

/** One sentence on each bug. */
export const BUGS: Readonly<Record<Bug, string>> = {
  'header-one-recv': 'The header is read with one recv, which may bring only a part of it: read on until all its bytes are there.',
  'payload-one-recv': 'The payload is read with one recv, which may bring only a part of it: read on until all its bytes are there.',
  'each-part-one-recv':
    'Header and payload are read with one recv each, which may bring only a part of them: read on until all their bytes are there.',
  'recv-is-message': 'What one recv brings is taken for one message: collect bytes until a whole message is there.',
  'text-per-chunk':
    'Text is decoded chunk by chunk, so a character that is cut in two is lost: decode with a streaming decoder, or whole messages only.',
  'delimiter-per-chunk':
    'The delimiter is searched in each chunk alone, so one that is cut in two is never found: search from before the new bytes.',
  'first-message-only': 'Only the first message of a read is handled: go on until no whole message is left in what was read.',
  'leftover-lost':
    'Bytes of the next message that came with the end of one are thrown away: keep what is left over for whoever reads next.',
  'shared-between-connections':
    'What one connection leaves behind reaches others: keep the bytes that wait for their rest with the connection, not in the program.',
  'silence-is-end':
    'A silence is taken for the end of a message: only its last byte ends it, however long that takes, and a time limit ends the connection.',
  'no-limit':
    'A length is not compared with a limit: compare it on the byte that completes the header, before room is made or more is waited for.',
  'end-unnoticed': 'A stream that ends in the middle of a message passes for whole: when it ends and bytes are left, that is an error.',
};
