import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
const MORE_PORTS = 20;

/** The default port of each service, and the variables that change it. */
const PLACES = [
  { app: 'sticky-lab', transport: 'tcp', port: 8080, variable: 'STICKY_LAB_HTTP', address: (port) => `${HOST}:${port}` },
  { app: 'tcp-echo', transport: 'tcp', port: 9000, variable: 'TCP_ECHO_LISTEN', address: (port) => `tcp://${HOST}:${port}` },
  { app: 'udp-multi', transport: 'udp', port: 9000, variable: 'UDP_MULTI_LISTEN', address: (port) => `udp://${HOST}:${port}` },
];

/** A port that was explicitly asked for is taken. */
export class PortTakenError extends Error {}

/**
 * Finds a free port for each service first. A default port that is taken is replaced by the next free one.
 *
 * @param places as in PLACES
 * @returns the variables to set, and a line for each service with another port
 * @throws PortTakenError for one that the environment chose
 */
export async function findPorts({ env, words, places = PLACES }) {
  const variables = {};
  const lines = [];
  for (const { app, transport, port, variable, address } of places) {
    const chosen = env[variable];
    if (chosen !== undefined) {
      await checkChosen(chosen, transport, variable, words);
      continue;
    }
    const free = await nextFree(transport, port);
    if (free === port || free === undefined) continue;
    variables[variable] = address(free);
    lines.push(words.moved(app, `${port}/${transport}`, free));
  }
  return { variables, lines };
}

async function checkChosen(chosen, transport, variable, words) {
  const match = /^(?:\w+:\/\/)?([\d.]+|localhost):(\d+)$/.exec(chosen);
  if (match === null || match[2] === '0' || (await isFree(transport, Number(match[2]), match[1]))) return;
  throw new PortTakenError(words.taken(`${match[1]}:${match[2]}/${transport}`, variable));
}

async function nextFree(transport, first) {
  for (let port = first; port <= first + MORE_PORTS; port += 1) if (await isFree(transport, port, HOST)) return port;
  return undefined;
}

/** Whether the address is free. Any other error is reported by the service. */
function isFree(transport, port, host) {
  return new Promise((resolve) => {
    const socket = transport === 'tcp' ? createServer() : createSocket('udp4');
    socket.once('error', (error) => resolve(error.code !== 'EADDRINUSE'));
    socket.once('listening', () => socket.close(() => resolve(true)));
    if (transport === 'tcp') socket.listen({ port, host, exclusive: true });
    else socket.bind({ port, address: host, exclusive: true });
  });
}
