import { ProbeError } from '@socklab/probe';
import { Refusal } from '../../http/refusal.ts';

/** The Chinese names of a request's fields that the engine parses. */
const FIELDS = {
  target: '目标',
  request: '请求',
  framing: '分帧方式',
  until: '响应的结束',
  plans: '切法',
  pace: '发送节奏',
} as const;

type CampaignField = keyof typeof FIELDS;

/** Runs the parser of a field; its errors become a refusal that names the field. */
export async function inField<Value>(field: CampaignField, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw refused(error.code === 'PROBE_ERR_FRAMING' ? 'framing' : field, error.message);
  }
}

/** A refusal of a field, in the engine's words. */
function refused(field: CampaignField, message: string): Refusal {
  // The page offers no such declaration: owners of such a server use the command line.
  const en = message.replace('(iOwnTheTarget)', 'on the command line, with --i-own-the-target');
  return new Refusal(422, { en, zh: `${FIELDS[field]}不能用：${en}` }, field);
}

/** The refusal of a field that exceeds the page's limit. */
export function tooMuch(field: CampaignField, seen: string, limit: string): Refusal {
  return new Refusal(
    422,
    { en: `${seen}, limit ${limit}: the command line takes more`, zh: `${FIELDS[field]}过大：${seen}，上限 ${limit}；命令行没有这个上限` },
    field,
  );
}
