import { createConnector, formatTarget, recordingHead } from '@socklab/probe';
import { InvalidArgumentError, parseCount, parseEndpoint, pcapng } from '@socklab/service';
import { framingFlag } from '../framing-flag.ts';
import { reportingErrors } from './errors.ts';
import { interruptible } from './interrupt.ts';
import { flag, parseBytes } from './options/flags.ts';
import { targetOf, targetOptions } from './options/target-options.ts';
import { openOut } from './out-file.ts';
import { recordCaptured } from './record-captured.ts';
import { recordOne } from './recorder.ts';
import type { ProcessContext } from '../process-context.ts';
import type { TargetFlags } from './options/target-options.ts';
import type { OutFile } from './out-file.ts';
import type { Command, Endpoint, PcapngConnection } from '@socklab/service';
import type { Socket } from 'node:net';

interface RecordFlags extends TargetFlags {
  readonly listen: Endpoint;
  readonly out: string;
  readonly pcapng?: string;
  readonly fromPcap?: string;
  readonly stream?: number;
  readonly framing?: string;
  readonly name?: string;
  readonly maxBytes: number;
}

const MIB = 1_048_576;
/** As hex it fits into the limit for reading a recording. */
const MOST_BYTES = 96 * MIB;

/** Adds `record`: saves one connection between a real client and a real server. */
export function addRecordCommand(program: Command, context: ProcessContext): void {
  const command = program
    .command('record')
    .description('relay one connection between a client and a server, and save its traffic; or save one that was captured')
    .addOption(
      flag<Endpoint>('--listen <address>', 'where the client connects: HOST:PORT or unix:/path', {
        default: parseEndpoint('127.0.0.1:0', 'tcp'),
        defaultText: '127.0.0.1:0',
        parse: (text) => parseEndpoint(text, 'tcp'),
      }),
    )
    .addOption(flag('--out <file>', 'the file of the recording, as JSON lines').makeOptionMandatory())
    .addOption(flag('--pcapng <file>', 'the same for Wireshark, with real times and addresses'))
    .addOption(flag('--from-pcap <file>', 'record nothing live: take a connection that tcpdump or Wireshark captured, pcap or pcapng'))
    .addOption(
      flag<number>(
        '--stream <id>',
        'of --from-pcap: which connection, as tcp.stream of Wireshark numbers them; needed where there are several',
        {
          parse: parseCount,
        },
      ),
    )
    .addOption(framingFlag('the framing of the bytes, kept in the recording'))
    .addOption(flag('--name <text>', 'the name of the exchange in reports, kept in the recording'))
    .addOption(
      flag<number>('--max-bytes <size>', 'most bytes that are relayed, of both sides together; at most 96MiB', {
        default: 64 * MIB,
        defaultText: '64MiB',
        parse: parseMostBytes,
      }),
    );
  for (const each of targetOptions()) command.addOption(each);
  command.action((flags: RecordFlags) =>
    reportingErrors(context, () =>
      flags.fromPcap === undefined ? record(flags, context) : recordCaptured({ ...flags, fromPcap: flags.fromPcap }, context),
    ),
  );
}

async function record(flags: RecordFlags, { streams }: ProcessContext): Promise<void> {
  const { listen, out, framing, name, maxBytes, connectTimeout: connectTimeoutMs, iOwnTheTarget } = flags;
  const target = await targetOf(flags);
  const connector = await createConnector(target, { connectTimeoutMs, iOwnTheTarget });
  const file = openOut('--out', out);
  const capture = flags.pcapng === undefined ? undefined : openOut('--pcapng', flags.pcapng);
  try {
    file.write(
      recordingHead({
        target: formatTarget(target),
        ...(framing === undefined ? {} : { framing }),
        ...(name === undefined ? {} : { name }),
      }),
    );
    const onListening = (endpoint: string): void => void streams.stderr.write(`recording one connection: connect to ${endpoint}\n`);
    const outcome = await interruptible((signal) =>
      recordOne({
        listen,
        connector,
        write: (line) => file.write(line),
        maxBytes,
        onListening,
        signal,
        ...(capture !== undefined && { openCapture: openCapture(capture) }),
      }),
    );
    if (outcome.kind === 'interrupted') streams.stderr.write(`interrupted: what passed until then is in ${out}\n`);
    else {
      const { client, server } = outcome.result;
      streams.stdout.write(`recorded ${client} bytes of the client and ${server} bytes of the server in ${out}\n`);
    }
  } finally {
    file.close();
    capture?.close();
  }
}

/** A capture of the connection as its two ends see it: the client's own address, and the server's. */
function openCapture(file: OutFile): (client: Socket, server: Socket) => PcapngConnection {
  const capture = pcapng({ write: (bytes) => file.write(bytes) });
  return (client, server) => capture.connection(peerOf(client), peerOf(server));
}

/** Ends of unix sockets have no addresses. */
function peerOf({ remoteAddress: host = '', remotePort: port = 0 }: Socket): { readonly host: string; readonly port: number } {
  return { host, port };
}

function parseMostBytes(text: string): number {
  const byteLength = parseBytes(text);
  if (byteLength <= MOST_BYTES) return byteLength;
  throw new InvalidArgumentError(`${JSON.stringify(text)} is too much: what is recorded is read again up to ${MOST_BYTES / MIB}MiB.`);
}
