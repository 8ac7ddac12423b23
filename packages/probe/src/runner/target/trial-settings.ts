import { DEFAULT_DRAIN_TIMEOUT_MS, isSeeing } from '../../delivery/pace.ts';
import { optional } from '../../optional.ts';
import { createConnector } from '../../transports/connector.ts';
import { patientConnector } from './patient-connector.ts';
import type { ProbeSettings } from '../../options.ts';
import type { ConnectorOptions } from '../../transports/connector.ts';
import type { TrialSetting } from '../../trial/trial.ts';

/** How long a crashed target is awaited before the campaign is given up, in milliseconds. */
const PATIENCE_MS = 3_000;
const SHORTEST_HANG_MS = 1_000;
const HANDSHAKE_MS = 5_000;
const HANG_PER_CONTROL = 20;
const READ_PER_CONTROL = 3;

/** Trials wait as long as the control shows that answers take, and for a target that crashed. */
export function patient(settings: ProbeSettings, setting: TrialSetting, slowestAnswerMs: number): TrialSetting {
  const { connector, limits } = setting;
  const hangMs = settings.hangMs ?? Math.max(settings.cut === 'wire' ? HANDSHAKE_MS : SHORTEST_HANG_MS, HANG_PER_CONTROL * slowestAnswerMs);
  // A server that reads slowly does so in the control, too. The arithmetic of TLS comes before the first answer.
  const { pace, cut } = settings;
  const leastMs = cut === 'wire' ? HANDSHAKE_MS : DEFAULT_DRAIN_TIMEOUT_MS;
  const isWaiting = isSeeing(pace) && pace.timeoutMs === undefined;
  return {
    ...setting,
    connector: patientConnector(connector, PATIENCE_MS),
    limits: { ...limits, hangMs },
    pace: isWaiting ? { ...pace, timeoutMs: Math.max(leastMs, READ_PER_CONTROL * slowestAnswerMs) } : pace,
  };
}

/** A payload has no line ending, which the pattern may require. */
function framePattern({ source }: RegExp): RegExp {
  return new RegExp(source.replace(/(?:\\r)?\??\\n$/, ''), 'm');
}

/** How to reach the server whose answers are right. */
export async function modelSetting({ against, connectTimeoutMs, iOwnTheTarget }: ProbeSettings, own: TrialSetting): Promise<TrialSetting> {
  if (against === undefined) return own;
  const connector = await createConnector(against, {
    ...optional('connectTimeoutMs', connectTimeoutMs),
    ...optional('iOwnTheTarget', iOwnTheTarget),
  });
  return { ...own, connector };
}

/** How the exchange is done before anything is known of the target. `onTcp` gets each connection before anything is written to it. */
export async function trialSetting(settings: ProbeSettings, onTcp?: ConnectorOptions['onTcp']): Promise<TrialSetting> {
  const { connectTimeoutMs, iOwnTheTarget, peerPid } = settings;
  const connector = await createConnector(settings.target, {
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(iOwnTheTarget === undefined ? {} : { iOwnTheTarget }),
    ...optional('onTcp', onTcp),
  });
  return {
    exchange: settings.exchange,
    connector,
    pace: settings.pace,
    limits: {
      hangMs: settings.controlTimeoutMs,
      quietMs: settings.quietMs,
      trialMs: settings.trialTimeoutMs,
      maxAnswerBytes: settings.maxAnswerBytes,
    },
    ...(peerPid === undefined ? {} : { peerPid }),
    ignored: settings.masks.filter(({ isIgnored }) => isIgnored).map(({ pattern }) => framePattern(pattern)),
  };
}
