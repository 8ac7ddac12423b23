import { dirname, isAbsolute, join } from 'node:path';
import { parseRequest } from '@socklab/probe';
import { createProgram, ServiceError } from '@socklab/service';
import { array, boolean, minLength, number, object, optional, picklist, pipe, record, regex, safeParse, string, union } from 'valibot';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { VERSION } from '../../../version.ts';
import { datagramOptions } from '../options/datagram-options.ts';
import { probeOptions } from '../probe-command.ts';
import type { DatagramFlags } from '../options/datagram-options.ts';
import type { ProbeFlags } from '../probe-command.ts';
import type { Option } from '@socklab/service';

/** Keys of a campaign file besides options. */
export interface EntryExpectation {
  readonly name: string;
  /** @defaultValue 'pass' */
  readonly expected: 'pass' | 'fail';
  /** Why it fails: required for an expected failure. */
  readonly reason?: string;
}

/** What a campaign goes over, and the options of the command for it: `probe`, or `probe-udp`. */
export type EntryFlags =
  | { readonly transport: 'tcp'; readonly flags: ProbeFlags }
  | { readonly transport: 'udp'; readonly flags: DatagramFlags };

export type Transport = EntryFlags['transport'];

/** One campaign of a file. */
export type CampaignEntry = EntryExpectation & EntryFlags;

type Value = string | number | boolean | readonly (string | number)[];

const MAX_ENTRIES = 1000;
const OWN_KEYS: readonly string[] = ['name', 'transport', 'expected', 'reason'];

const value = union([string(), number(), boolean(), array(union([string(), number()]))]);
const FileSchema = object({
  $schema: optional(string()),
  campaigns: pipe(array(record(string(), value)), minLength(1)),
});
/** Reports print it in one line. */
const oneLine = pipe(string(), regex(/^\P{Cc}*$/u, 'control characters are not allowed'));
const OwnSchema = object({
  name: oneLine,
  transport: optional(picklist(['tcp', 'udp']), 'tcp'),
  expected: optional(picklist(['pass', 'fail']), 'pass'),
  reason: optional(oneLine),
});

/** Options that name files, relative to the campaign file. */
const FILE_KEYS: ReadonlySet<string> = new Set(['conversation', 'recording', 'tls-ca', 'request']);

/** The options of `probe`, or of `probe-udp`, in a campaign: all but those for reports and journals. */
export function entryOptions(transport: Transport): readonly Option[] {
  return optionsOf(transport).filter(({ long }) => !ELSEWHERE.has((long ?? '').slice(2)));
}

function optionsOf(transport: Transport): readonly Option[] {
  return transport === 'udp' ? datagramOptions() : probeOptions();
}

const ELSEWHERE: ReadonlySet<string> = new Set(['json', 'junit', 'html', 'resume', 'shard']);

/**
 * Parses a campaign file: the options of `probe`, or of `probe-udp` for `"transport": "udp"`, `--plan` as `"plan"`, with a name, and the
 * expected outcome.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` saying which campaign is wrong and why.
 */
export function parseCampaignFile(text: string, path: string): readonly CampaignEntry[] {
  const parsed = safeParse(FileSchema, parseText(text, path));
  if (!parsed.success)
    throw wrong(path, `${parsed.issues[0].path?.map(({ key }) => String(key)).join('.') ?? 'it'}: ${parsed.issues[0].message}`);
  const { campaigns } = parsed.output;
  if (campaigns.length > MAX_ENTRIES) throw wrong(path, `${campaigns.length} campaigns, limit ${MAX_ENTRIES}`);
  return campaigns.map((each, index) => readEntry(each, { path, index }));
}

interface Place {
  readonly path: string;
  readonly index: number;
}

function readEntry(entry: Readonly<Record<string, Value>>, { path, index }: Place): CampaignEntry {
  const own = safeParse(OwnSchema, entry);
  const where = `campaigns[${index}]`;
  if (!own.success) throw wrong(path, `${where}.${String(own.issues[0].path?.[0]?.key)}: ${own.issues[0].message}`);
  const { name, transport, expected, reason } = own.output;
  if (expected === 'fail' && reason === undefined) throw wrong(path, `${where} (${name}) is expected to fail, and has no "reason"`);
  const elsewhere = Object.keys(entry).find((key) => ELSEWHERE.has(key));
  if (elsewhere !== undefined) throw wrong(path, `${where} (${name}): "${elsewhere}" is for one run of sticky-lab probe`);
  const words = Object.entries(entry).flatMap(([key, each]) => (OWN_KEYS.includes(key) ? [] : wordsOf(key, each, dirname(path))));
  const flags = flagsOf(words, transport, `${path}: ${where} (${name})`);
  return { name, expected, ...(reason === undefined ? {} : { reason }), ...flags };
}

function wordsOf(key: string, given: Value, folder: string): readonly string[] {
  if (typeof given === 'boolean') return given ? [`--${key}`] : [];
  const values = typeof given === 'object' ? given : [given];
  return values.map((each) => `--${key}=${FILE_KEYS.has(key) ? besideFile(key, String(each), folder) : String(each)}`);
}

function besideFile(key: string, text: string, folder: string): string {
  if (key === 'request') {
    const source = parseRequest(text);
    return source.kind === 'file' && !isAbsolute(source.path) ? `file:${join(folder, source.path)}` : text;
  }
  return isAbsolute(text) ? text : join(folder, text);
}

function flagsOf(words: readonly string[], transport: Transport, where: string): EntryFlags {
  const command = createProgram({ name: 'campaign', version: VERSION, description: '' });
  for (const each of optionsOf(transport)) command.addOption(each);
  try {
    command.parse(words, { from: 'user' });
    return transport === 'udp' ? { transport, flags: command.opts<DatagramFlags>() } : { transport, flags: command.opts<ProbeFlags>() };
  } catch (error) {
    throw new ServiceError(
      'SERVICE_ERR_USAGE',
      `${where}: ${error instanceof Error ? error.message.replace(/^error: /, '') : String(error)}`,
      { cause: error },
    );
  }
}

/** YAML where the file is called so, else JSON. */
function parseText(text: string, path: string): unknown {
  const isYaml = /\.ya?ml$/i.test(path);
  try {
    return isYaml ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    // Too many aliases are a ReferenceError.
    if (!(error instanceof SyntaxError || error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    throw new ServiceError('SERVICE_ERR_USAGE', `${path} is not ${isYaml ? 'YAML' : 'JSON'}: ${error.message}`, { cause: error });
  }
}

function wrong(path: string, what: string): ServiceError {
  return new ServiceError('SERVICE_ERR_USAGE', `${path}: ${what}`);
}
