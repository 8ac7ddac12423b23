import { readFileSync, statSync } from 'node:fs';
import { layoutOfKaitai } from '@socklab/framing/translate';
import { codeOf, ServiceError } from '@socklab/service';
import { parse, YAMLParseError } from 'yaml';
import type { Layout } from '@socklab/framing';

const MAX_FILE_BYTES = 1_048_576;

/**
 * The layout that a .ksy file describes.
 *
 * @throws ServiceError `SERVICE_ERR_USAGE` for a file that cannot be read, or is not YAML. RangeError that names what in it is no framing.
 */
export function readKaitai(path: string): Layout {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) throw new ServiceError('SERVICE_ERR_USAGE', `${path} has ${size} bytes, limit ${MAX_FILE_BYTES}`);
    // No alias may stand for more than it says: a few of them could be gigabytes.
    return layoutOfKaitai(parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 }));
  } catch (cause) {
    if (cause instanceof YAMLParseError || cause instanceof ReferenceError)
      throw new ServiceError('SERVICE_ERR_USAGE', `${path} is not YAML: ${cause.message.split('\n')[0]}`, { cause });
    if (codeOf(cause) === undefined || cause instanceof ServiceError) throw cause;
    throw new ServiceError('SERVICE_ERR_USAGE', `${path} cannot be read: ${codeOf(cause)}`, { cause });
  }
}
