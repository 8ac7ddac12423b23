import {
  datagramExchange,
  datagramExchangeOf,
  DATAGRAM_PROTOCOLS,
  datagramProtocol,
  parseConversation,
  parseDatagramId,
  parseRequest,
  readRecording,
} from '@socklab/probe';
import { ServiceError } from '@socklab/service';
import { readBeside } from './exchange-input.ts';
import { checked, flag, listed } from './flags.ts';
import { collect, readInput } from './read-input.ts';
import type { Bytes, DatagramProbeOptions } from '@socklab/probe';
import type { Option } from '@socklab/service';
import type { Readable } from 'node:stream';

/** The source of an exchange of datagrams. */
export interface DatagramInputFlags {
  readonly request?: readonly string[];
  readonly conversation?: string;
  readonly recording?: string;
  readonly protocol?: string;
  readonly id?: string;
}

/** What is sent, and the words of a command line for it; none when it came from standard input. */
export interface DatagramInput extends Pick<DatagramProbeOptions, 'exchange' | 'id' | 'masks' | 'allowed'> {
  readonly words: readonly string[] | undefined;
}

const MAX_DATAGRAM_BYTES = 65_507;
const MAX_INPUT_BYTES = 16_777_216;

/** The options of {@link DatagramInputFlags}. */
export function datagramInputOptions(): readonly Option[] {
  return [
    listed(
      flag<string>(
        '--request <what>',
        'one datagram: a file, hex:68 69, text:hello\\n, or - for standard input; may be repeated, each is answered before the next',
      ),
      parseRequest,
    ),
    flag('--conversation <file>', 'send, wait, send …: the steps of a JSON file, each send one datagram'),
    flag('--recording <file>', 'the same from a recording: each of its events is one datagram'),
    flag('--protocol <name>', `an exchange that is ready: ${DATAGRAM_PROTOCOLS.map(({ name }) => name).join(', ')}`, {
      parse: checked(datagramProtocol),
    }),
    flag('--id <offset:length>', 'where each datagram has its transaction id, as 0:2 for DNS: it is another one each time', {
      parse: checked(parseDatagramId),
    }),
  ];
}

/**
 * Reads the exchange that the flags name.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` unless exactly one source is given and can be read; ProbeError for what is not an exchange.
 */
export async function readDatagrams(flags: DatagramInputFlags, stdin: Readable): Promise<DatagramInput> {
  const { request, conversation, recording, protocol, id } = flags;
  const given = Object.entries({ request, conversation, recording, protocol }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const seen = given.length === 0 ? 'none' : given.map(([name]) => `--${name}`).join(' and ');
    throw usage(`give one of --request, --conversation, --recording and --protocol; given: ${seen}`);
  }
  const own = id === undefined ? {} : { id: parseDatagramId(id) };
  const idWords = id === undefined ? [] : ['--id', id];
  if (protocol !== undefined) return { ...datagramProtocol(protocol), ...own, words: ['--protocol', protocol, ...idWords] };
  if (request !== undefined) {
    const datagrams = await Promise.all(request.map((each) => readDatagram(each, stdin)));
    const words = request.includes('-') ? undefined : [...request.flatMap((each) => ['--request', each]), ...idWords];
    return { exchange: datagramExchange(datagrams), ...own, words };
  }
  if (conversation !== undefined) {
    const json = (await readInput('--conversation', conversation, MAX_INPUT_BYTES)).toString('utf8');
    const exchange = parseConversation(json, { readFile: (path) => readBeside(conversation, path) });
    return { exchange, ...own, words: ['--conversation', conversation, ...idWords] };
  }
  const file = recording ?? '';
  const text = (await readInput('--recording', file, MAX_INPUT_BYTES)).toString('utf8');
  return { exchange: datagramExchangeOf(readRecording(text)), ...own, words: ['--recording', file, ...idWords] };
}

async function readDatagram(request: string, stdin: Readable): Promise<Bytes> {
  const source = parseRequest(request);
  if (source.kind === 'bytes') return source.bytes;
  if (source.kind === 'file') return readInput('--request', source.path, MAX_DATAGRAM_BYTES);
  return collect(stdin, 'standard input', MAX_DATAGRAM_BYTES);
}

function usage(message: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', message);
}
