import { delay } from '../../delay.ts';
import { ProbeError } from '../../errors.ts';
import type { Connector } from '../../transports/connector.ts';

const RETRY_MS = 50;

/** Tries again for a while when there is no connection: a server that crashed may be started again by whoever watches over it. */
export function patientConnector(connector: Connector, patienceMs: number): Connector {
  return {
    async connect(signal) {
      const giveUpAt = performance.now() + patienceMs;
      for (;;) {
        try {
          return await connector.connect(signal);
        } catch (error) {
          if (!isNoConnection(error) || performance.now() >= giveUpAt) throw error;
        }
        await delay(RETRY_MS, signal);
      }
    },
  };
}

/** Whether an error says that the target takes no connection. */
export function isNoConnection(error: unknown): error is ProbeError {
  return error instanceof ProbeError && error.code === 'PROBE_ERR_CONNECT';
}
