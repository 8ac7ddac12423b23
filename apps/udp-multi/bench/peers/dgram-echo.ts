// Bare Node: what its documentation shows.
import { createSocket } from 'node:dgram';
import { announce, options } from './announce.ts';

const socket = createSocket(options);
socket.on('message', (payload, peer) => socket.send(payload, peer.port, peer.address));
socket.bind(0, '127.0.0.1', () => announce(socket));
