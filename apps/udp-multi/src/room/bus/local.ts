import { freshCounts } from './bus.ts';
import type { Bus, MutableBusCounts, OnBusMessage } from './bus.ts';

/** A room whose replicas are all in this process. */
export interface LocalBus {
  /** Adds a replica. */
  connect(onMessage: OnBusMessage): Bus;
}

/** Makes a {@link LocalBus}: delivery is a function call, and nothing is ever lost. */
export function createLocalBus(): LocalBus {
  const replicas = new Map<Bus, { readonly counts: MutableBusCounts; readonly onMessage: OnBusMessage }>();
  return {
    connect(onMessage) {
      const counts = freshCounts(true);
      const bus: Bus = {
        counts,
        publish(message) {
          counts.published += 1;
          for (const [other, replica] of replicas) {
            if (other === bus) continue;
            replica.counts.received += 1;
            if (!replica.onMessage(message)) replica.counts.dropped += 1;
          }
        },
        close: async () => {
          counts.isConnected = false;
          replicas.delete(bus);
        },
      };
      replicas.set(bus, { counts, onMessage });
      return bus;
    },
  };
}
