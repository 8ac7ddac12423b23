import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A relay between the browser and the service, whose connections can be cut. */
export interface CuttableRelay extends AsyncDisposable {
  /** Where it takes connections, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The requests so far that begin with this, each as the browser sent it. */
  requests(start: string): readonly string[];
  /** Resets every connection, and each new one, until it is mended. */
  cut(): void;
  mend(): void;
}

/** Starts a relay to a service of this machine. */
export async function startRelay(target: string): Promise<CuttableRelay> {
  const port = Number(new URL(target).port);
  const sockets = new Set<Socket>();
  let isCut = false;
  const said: string[] = [];
  const server = createServer((browser) => {
    if (isCut) {
      browser.resetAndDestroy();
      return;
    }
    const service = connect(port, '127.0.0.1');
    browser.on('data', (chunk) => {
      said.push(chunk.toString('latin1'));
    });
    for (const [from, to] of [
      [browser, service],
      [service, browser],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      // A reset of one side is what this is for.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: (start) => said.filter((chunk) => chunk.startsWith(start)),
    cut,
    mend: () => {
      isCut = false;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
