import { parsePace, ProbeError } from '@socklab/probe';
import { InvalidArgumentError, parseJitter, parseSeed } from '@socklab/service';
import { DIRECTIONS } from './direction.ts';
import { parseStreamPlan } from './plan/stream-plan.ts';
import { parseByteRate } from './triggers/trigger.ts';
import type { Directions } from './direction.ts';
import type { Proxies, Proxy } from './proxy.ts';
import type { ProxySettings } from './settings.ts';
import type { ControlAnswer, ControlRoute } from '@socklab/service';

/** Most connections in one response; the newest are listed. */
const MAX_LISTED = 1000;

/** HTTP routes that show and change running proxies. */
export function controlRoutes(proxies: Proxies): readonly ControlRoute[] {
  const withProxy =
    (answer: (proxy: Proxy, body: unknown) => ControlAnswer): ControlRoute['answer'] =>
    ({ params: { id = '' }, body }) => {
      const proxy = proxies.get(id);
      return proxy === undefined ? { status: 404, body: { error: `there is no proxy ${JSON.stringify(id)}` } } : answer(proxy, body);
    };
  return [
    { method: 'GET', path: '/proxies', answer: () => ({ status: 200, body: proxies.summaries }) },
    { method: 'GET', path: '/proxies/:id', answer: withProxy(({ summary }) => ({ status: 200, body: summary })) },
    {
      method: 'GET',
      path: '/proxies/:id/connections',
      answer: withProxy((proxy) => ({ status: 200, body: proxy.connections(MAX_LISTED) })),
    },
    { method: 'PATCH', path: '/proxies/:id', answer: withProxy(change) },
  ];
}

function change(proxy: Proxy, body: unknown): ControlAnswer {
  try {
    const keptConnections = proxy.configure(changedSettings(proxy.settings, body));
    return { status: 200, body: { ...proxy.summary, keptConnections } };
  } catch (error) {
    if (!(error instanceof InvalidArgumentError || error instanceof ProbeError)) throw error;
    return { status: 400, body: { error: error.message } };
  }
}

type Change = (value: string) => Partial<ProxySettings>;

/** Settings that can be changed, written as on the command line. */
const CHANGES: Readonly<Record<string, Change>> = {
  plan: (text) => ({ plan: parseStreamPlan(text) }),
  pace: (text) => ({ pace: parsePace(text) }),
  seed: (text) => ({ seed: parseSeed(text) }),
  direction: (text) => ({ direction: parseDirection(text) }),
  latency: (text) => ({ latency: parseJitter(text) }),
  rate: (text) => ({ bytesPerSecond: parseByteRate(text) }),
};

/**
 * Applies a change such as `{ "plan": "bytes:3", "seed": 7 }` to settings: either all of it or nothing.
 *
 * @throws InvalidArgumentError or ProbeError saying what was seen and what is allowed.
 */
export function changedSettings(settings: ProxySettings, body: unknown): ProxySettings {
  const names = Object.keys(CHANGES).join(', ');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InvalidArgumentError(`a change is an object with some of ${names}, as on the command line.`);
  }
  const changes = Object.entries(body).map(([name, value]: [string, unknown]) => {
    const read = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
    if (read === undefined)
      throw new InvalidArgumentError(`${JSON.stringify(name.slice(0, 60))} cannot be changed: give some of ${names}.`);
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new InvalidArgumentError(`${name} is written as on the command line, received ${JSON.stringify(value).slice(0, 60)}.`);
    }
    return read(String(value));
  });
  return Object.assign({}, settings, ...changes) as ProxySettings;
}

function parseDirection(text: string): Directions {
  const direction = DIRECTIONS.find((each) => each === text);
  if (direction !== undefined) return direction;
  throw new InvalidArgumentError(`${JSON.stringify(text.slice(0, 60))} is not a direction: give ${DIRECTIONS.join(', ')}.`);
}
