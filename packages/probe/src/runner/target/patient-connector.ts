import { delay } from '../../delay.ts';
import { ProbeError } from '../../errors.ts';
import { optional } from '../../optional.ts';
import type { Connector } from '../../transports/connector.ts';

const RETRY_MS = 50;

/** Retries for a while when there is no connection: a supervisor may restart a server that crashed. */
export function patientConnector({ connect, tls }: Connector, patienceMs: number): Connector {
  const patient =
    (connectOnce: Connector['connect']): Connector['connect'] =>
    async (signal) => {
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        try {
          return await connectOnce(signal);
        } catch (error) {
          if (!isNoConnection(error) || performance.now() >= giveUpAt) throw error;
        }
        await delay(RETRY_MS, signal);
      }
    };
  return { connect: patient(connect), ...optional('tls', tls === undefined ? undefined : { ...tls, connect: patient(tls.connect) }) };
}

/** Whether an error means that the target accepts no connection. */
export function isNoConnection(error: unknown): error is ProbeError {
  return error instanceof ProbeError && error.code === 'PROBE_ERR_CONNECT';
}
