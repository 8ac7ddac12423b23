import { server as framedStream } from './framed-stream.ts';
import { server as handCorked } from './hand-corked.ts';
import { server as handWriteEach } from './hand-write-each.ts';
import { server as lengthPrefixedStream } from './length-prefixed-stream.ts';
import { server as oursBatches } from './ours-batches.ts';
import { server as oursForEach } from './ours-for-each.ts';
import { server as oursMessages } from './ours-messages.ts';
import type { EchoServer } from '../server.ts';

/** All servers, in the order of the tables. A process that serves one loads that file alone. */
export const SERVERS: readonly EchoServer[] = [
  oursMessages,
  oursForEach,
  oursBatches,
  framedStream,
  lengthPrefixedStream,
  handWriteEach,
  handCorked,
];
