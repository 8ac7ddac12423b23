// A server of an npm package, as its README starts one: npm.mjs FOLDER WHICH PORT; the package is installed in the folder.
import { createServer as createHttp } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';

const [folder, which, portText] = process.argv.slice(2);
const port = Number(portText);
const HOST = '127.0.0.1';
const load = createRequire(join(folder, 'package.json'));
const listen = (server) => server.listen(port, HOST);

const start = {
  express() {
    const app = load('express')();
    app.use((request, response) => request.resume().on('end', () => response.end('seen\n')));
    listen(app);
  },
  async fastify() {
    const app = load('fastify')();
    app.all('/', async () => 'seen\n');
    await app.listen({ port, host: HOST });
  },
  async hapi() {
    const app = load('@hapi/hapi').server({ port, host: HOST });
    app.route({ method: ['GET', 'POST'], path: '/', handler: () => 'seen\n' });
    await app.start();
  },
  koa() {
    const Koa = load('koa').default ?? load('koa');
    const app = new Koa();
    app.use((context) => (context.body = 'seen\n'));
    listen(app);
  },
  ws() {
    const { WebSocketServer } = load('ws');
    return new WebSocketServer({ port, host: HOST });
  },
  websocket() {
    const { server: WebSocketServer } = load('websocket');
    const server = createHttp();
    listen(server);
    return new WebSocketServer({ httpServer: server, autoAcceptConnections: true });
  },
  'faye-websocket'() {
    const WebSocket = load('faye-websocket');
    const server = createHttp();
    server.on('upgrade', (request, socket, head) => new WebSocket(request, socket, head));
    listen(server);
  },
  'grpc-js'() {
    const { Server, ServerCredentials } = load('@grpc/grpc-js');
    const server = new Server();
    server.bindAsync(`${HOST}:${port}`, ServerCredentials.createInsecure(), () => undefined);
  },
  socksv5() {
    const { auth, createServer: createSocks } = load('socksv5');
    const server = createSocks((info, accept) => accept());
    server.useAuth(auth.None());
    listen(server);
  },
  'simple-socks'() {
    const socks = load('simple-socks');
    listen((socks.default ?? socks).createServer());
  },
  'socks5-server'() {
    listen(load('@pondwader/socks5-server').createServer());
  },
  ldapjs() {
    const server = load('ldapjs').createServer();
    server.bind('', (_request, response, next) => {
      response.end();
      return next();
    });
    server.search('', (_request, response, next) => {
      response.send({ dn: '', attributes: { objectclass: ['top'], supportedLDAPVersion: ['3'] } });
      response.end();
      return next();
    });
    server.listen(port, HOST);
  },
  async aedes() {
    const { Aedes } = load('aedes');
    const broker = await Aedes.createBroker();
    listen(createServer(broker.handle));
  },
  'smtp-server'() {
    const { SMTPServer } = load('smtp-server');
    listen(new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, name: 'mail.example' }));
  },
  hoodiecrow() {
    load('hoodiecrow-imap')().listen(port, HOST);
  },
  async 'ftp-srv'() {
    const { FtpSrv } = load('ftp-srv');
    const quiet = load('bunyan').createLogger({ name: 'findings', level: 'fatal' });
    const server = new FtpSrv({ url: `ftp://${HOST}:${port}`, anonymous: true, log: quiet });
    server.on('login', (_login, resolve) => resolve({ root: '.' }));
    await server.listen();
  },
  dns2() {
    const { createServer: createDns, Packet } = load('dns2');
    const answer = (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      response.answers.push({ name: 'localhost', type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl: 60, address: HOST });
      send(response);
    };
    const server = createDns({ tcp: true, handle: answer });
    server.listen({ tcp: { port, address: HOST } });
  },
  jsmodbus() {
    const { server } = load('jsmodbus');
    const socket = createServer();
    listen(socket);
    return new server.TCP(socket);
  },
  'modbus-serial'() {
    const { ServerTCP } = load('modbus-serial');
    const vector = { getHoldingRegister: () => 0, setRegister: () => undefined };
    const server = new ServerTCP(vector, { host: HOST, port, unitID: 1 });
    server.on('socketError', () => undefined);
  },
  'node-hl7-server'() {
    const { Server } = load('node-hl7-server');
    new Server({ bindAddress: HOST }).createInbound({ port }, async (_request, response) => response.sendResponse('AA'));
  },
  'vscode-jsonrpc'() {
    const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = load('vscode-jsonrpc/node');
    const server = createServer((socket) => {
      const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
      connection.onRequest('initialize', () => ({ capabilities: {} }));
      connection.onRequest('shutdown', () => null);
      connection.onNotification('initialized', () => undefined);
      connection.onNotification('exit', () => socket.end());
      connection.onError(() => undefined);
      socket.on('error', () => undefined);
      connection.listen();
    });
    listen(server);
  },
  jayson() {
    const { Server } = load('jayson');
    const methods = { add: ([a, b], done) => done(null, a + b), echo: ([text], done) => done(null, text) };
    listen(new Server(methods).tcp());
  },
  'json-rpc2'() {
    const { Server } = load('json-rpc2');
    const server = Server.$create({});
    server.expose('add', ([a, b], _options, done) => done(null, a + b));
    server.expose('echo', ([text], _options, done) => done(null, text));
    server.listenRaw(port, HOST);
  },
  thrift() {
    const thrift = load('thrift');
    // Without generated code: every method is unknown, which the server says.
    const processor = {
      Processor: class {
        process(input, output) {
          const { fname, rseqid } = input.readMessageBegin();
          input.skip(thrift.Thrift.Type.STRUCT);
          input.readMessageEnd();
          output.writeMessageBegin(fname, thrift.Thrift.MessageType.EXCEPTION, rseqid);
          new thrift.Thrift.TApplicationException(1, `there is no ${fname}`).write(output);
          output.writeMessageEnd();
          output.flush();
        }
      },
    };
    listen(thrift.createServer(processor, {}, { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol }));
  },
}[which];

await start();
