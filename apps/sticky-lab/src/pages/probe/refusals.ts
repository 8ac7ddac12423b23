import { ProbeError } from '@socklab/probe';
import { Refusal } from '../../http/refusal.ts';

/** A field of a request that the engine parses, in Chinese. */
interface ChineseField {
  readonly name: string;
  /** What may be in it. */
  readonly allowed: string;
}

const FIELDS = {
  target: {
    name: '目标',
    allowed: '应为本机或私有网络里能解析的地址：host:port、tls://host:port 或 unix:/path；自己的其他服务器请用命令行的 --i-own-the-target',
  },
  request: { name: '请求', allowed: String.raw`应为文本（转义 \n \r \t \0 \\ \xHH \u{H}）、成对的十六进制数字，或录制文件的全部内容` },
  framing: { name: '分帧方式', allowed: '应为能确定帧边界、且与请求相符的分帧方式' },
  until: { name: '响应的结束', allowed: '应为 bytes:N、frames:N、idle:200ms 或 close；frames 需要分帧方式' },
  plans: { name: '切法', allowed: '应为“有哪些切法？”里的写法，用 + 连接，且适合这个请求；按帧切分的切法需要分帧方式' },
  pace: { name: '发送节奏', allowed: '应为 drain、gap:5ms、none 或 auto' },
} as const satisfies Readonly<Record<string, ChineseField>>;

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

/** A refusal of a field: in English the engine's words, in Chinese what is allowed. */
function refused(field: CampaignField, message: string): Refusal {
  // The page offers no such declaration: owners of such a server use the command line.
  const en = message.replace('(iOwnTheTarget)', 'on the command line, with --i-own-the-target');
  return new Refusal(422, { en, zh: `${FIELDS[field].name}不能用：${FIELDS[field].allowed}` }, field);
}

/** The refusal of a field that exceeds the page's limit. */
export function tooMuch(field: CampaignField, seen: string, limit: string): Refusal {
  return new Refusal(
    422,
    {
      en: `${seen}, limit ${limit}: the command line takes more`,
      zh: `${FIELDS[field].name}过大：${seen}，上限 ${limit}；命令行没有这个上限`,
    },
    field,
  );
}
