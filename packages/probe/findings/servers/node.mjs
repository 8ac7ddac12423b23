// The servers of Node.js itself: node.mjs http|http2 PORT.
import { createServer } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';

const [which, port] = process.argv.slice(2);
const create = which === 'http2' ? createHttp2 : createServer;
create((request, response) => {
  request.resume().on('end', () => response.end('seen\n'));
}).listen(Number(port), '127.0.0.1');
