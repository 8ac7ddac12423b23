import { ProbeError } from '@socklab/probe';
import { changedSettings, PASS, PLAN_USAGES, requireFraming, checkTarget } from '@socklab/proxy';
import { InvalidArgumentError, parseEndpoint, parseHostPort, ServiceError } from '@socklab/service';
import { BOUNDED_FRAMINGS } from '../../framing-lists.ts';
import { isLoopbackName } from '../../http/loopback.ts';
import { Refusal } from '../../http/refusal.ts';
import type { SentProxy, SentSettings } from './contract.ts';
import type { PageProxyOptions } from './page-proxy.ts';
import type { WrittenSettings } from './proxy-events.ts';
import type { ProxySettings, CheckedTarget } from '@socklab/proxy';
import type { ConnectTarget, Endpoint } from '@socklab/service';

const DEFAULTS: WrittenSettings = { plan: 'pass', pace: 'none', seed: '1', direction: 'both', latency: '0ms', rate: 'off' };

const DEFAULT_SETTINGS: ProxySettings = {
  plan: PASS,
  pace: { kind: 'none' },
  seed: 1,
  direction: 'both',
  latency: { delayMs: 0, jitterMs: 0 },
  bytesPerSecond: Number.POSITIVE_INFINITY,
};

/** The allowed values of each, in Chinese; the parsers have the English texts. */
const ALLOWED_ZH: Readonly<Record<keyof WrittenSettings, string>> = {
  plan: `${PLAN_USAGES.join('、')}，可用 + 连接`,
  pace: 'none、gap:5ms（最长 60s）、drain 或 auto',
  seed: '0 到 4294967295 的整数',
  direction: 'up、down 或 both',
  latency: '一个时长，或时长与其抖动：20ms、20ms±5ms',
  rate: '每秒字节数，如 10KiB/s、1MiB/s，或 off',
};

const MAX_TEXT_CHARS = 16_384;
const NAMES = Object.keys(DEFAULTS) as readonly (keyof WrittenSettings)[];

/**
 * Validates a request to start a proxy.
 *
 * @throws Refusal 422 naming the field, what was seen and what is allowed.
 */
export async function readProxy(sent: SentProxy): Promise<Omit<PageProxyOptions, 'log'>> {
  const listen = readListen(sent.listen ?? '127.0.0.1:0');
  const where = readTarget(sent.target);
  const framing = readFraming(sent.framing);
  const { settings, written } = readSettings(DEFAULT_SETTINGS, sent);
  checkPlan(settings, framing, 'framing');
  const target = await ownTarget(where, sent.target);
  return { listen, target, targetText: sent.target, framing, settings, written: { ...DEFAULTS, ...written } };
}

/**
 * The settings after a change of the page, and the changed part as text.
 *
 * @throws Refusal 422 naming the field, what was seen and what is allowed.
 */
export function readSettings(before: ProxySettings, sent: SentSettings): { settings: ProxySettings; written: Partial<WrittenSettings> } {
  let settings = before;
  const written: Partial<Record<keyof WrittenSettings, string>> = {};
  for (const name of NAMES) {
    const value = sent[name];
    if (value === undefined) continue;
    const text = String(value);
    written[name] = text;
    settings = refusing(
      () => changedSettings(settings, { [name]: text }),
      () => `看到 ${quoted(text)}；允许：${ALLOWED_ZH[name]}`,
      name,
    );
  }
  return { settings, written };
}

/** @throws Refusal 422 when the plan needs frames and the proxy has no framing. */
export function checkPlan({ plan }: ProxySettings, framing: string | undefined, field: 'framing' | 'plan'): void {
  refusing(
    () => requireFraming(plan, framing),
    () => `切法 ${quoted(plan.text)} 需要知道帧的边界：请选择一种分帧方式`,
    field,
  );
}

function readListen(text: string): Endpoint {
  const endpoint = refusing(
    () => parseEndpoint(`tcp://${text.slice(0, MAX_TEXT_CHARS).replace(/^tcp:\/\//, '')}`, 'tcp'),
    () => `看到 ${quoted(text)}；允许本机地址与端口：127.0.0.1:0`,
    'listen',
  );
  if (endpoint.kind === 'ip' && isLoopbackName(endpoint.host)) return endpoint;
  throw new Refusal(
    422,
    {
      en: `${quoted(text)} is not this machine alone: a proxy of the page listens on 127.0.0.1, [::1] or localhost`,
      zh: `${quoted(text)} 不限于本机：页面上的代理只监听 127.0.0.1、[::1] 或 localhost`,
    },
    'listen',
  );
}

function readTarget(text: string): ConnectTarget {
  const zh = (): string => `看到 ${quoted(text)}；允许：主机:端口，如 127.0.0.1:9000`;
  const where = refusing(() => parseHostPort(text.slice(0, MAX_TEXT_CHARS)), zh, 'target');
  if ('host' in where) return where;
  // Files of the machine are for its users; a user of the page may have fewer rights.
  const en = `${quoted(text)} is a unix socket, which the command line proxies: give HOST:PORT`;
  throw new Refusal(422, { en, zh: `${quoted(text)} 是 unix 套接字，只能在命令行中代理；请给出 主机:端口` }, 'target');
}

function readFraming(name: string | undefined): string | undefined {
  if (name === undefined || BOUNDED_FRAMINGS.includes(name)) return name;
  const allowed = BOUNDED_FRAMINGS.join(', ');
  const seen = quoted(name);
  throw new Refusal(
    422,
    { en: `unknown framing ${seen}: give ${allowed}`, zh: `没有名为 ${seen} 的 framing；可用：${allowed}` },
    'framing',
  );
}

async function ownTarget(where: ConnectTarget, text: string): Promise<CheckedTarget> {
  try {
    return await checkTarget(where, false);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Refusal(422, { en: error.message, zh: `${quoted(text)} 无法解析，或既不是本机也不是私有网络的地址` }, 'target');
  }
}

/** Runs a parser whose errors become a refusal of the field. */
function refusing<Value>(read: () => Value, zh: () => string, field: string): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError || error instanceof ProbeError || error instanceof ServiceError)) throw error;
    throw new Refusal(422, { en: error.message, zh: zh() }, field);
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
