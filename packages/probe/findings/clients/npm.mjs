// A client of an npm package that asks for one thing and prints the answer: npm.mjs FOLDER WHICH PORT.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, which, portText] = process.argv.slice(2);
const port = Number(portText);
const host = '127.0.0.1';
const load = createRequire(join(folder, 'package.json'));

const pass = (value) => value;

const ask = {
  async ioredis() {
    const { Redis } = load('ioredis');
    const client = new Redis({ port, host, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    const answers = [await client.set('findings', 'grüße'), await client.get('findings'), await client.lrange('none', 0, -1)];
    await client.quit();
    return answers;
  },
  async redis() {
    const client = load('redis').createClient({ url: `redis://${host}:${port}`, socket: { reconnectStrategy: false } });
    await client.connect();
    const answers = [await client.set('findings', 'grüße'), await client.get('findings')];
    await client.quit();
    return answers;
  },
  async pg() {
    const client = new (load('pg').Client)({ host, port, user: 'postgres', database: 'postgres' });
    await client.connect();
    const { rows } = await client.query('SELECT $1::text AS text, generate_series(1, 3) AS number', ['grüße']);
    await client.end();
    return rows;
  },
  async mysql2() {
    const client = await load('mysql2/promise').createConnection({ host, port, user: 'root' });
    const [rows] = await client.query("SELECT 'grüße' AS text, 1 AS number UNION SELECT 'b', 2");
    await client.end();
    return rows;
  },
  async mysql() {
    const client = load('mysql').createConnection({ host, port, user: 'root' });
    const rows = await new Promise((resolve, reject) => {
      client.query("SELECT 'grüße' AS text, 1 AS number UNION SELECT 'b', 2", (error, found) => (error ? reject(error) : resolve(found)));
    });
    await new Promise((resolve) => client.end(resolve));
    return rows;
  },
  async mqtt() {
    const client = await load('mqtt').connectAsync({ host, port, protocol: 'mqtt', clientId: 'findings', reconnectPeriod: 0 });
    const message = new Promise((resolve) => client.once('message', (topic, payload) => resolve([topic, String(payload)])));
    const granted = await client.subscribeAsync('findings/a', { qos: 1 });
    await client.publishAsync('findings/a', 'grüße', { qos: 1 });
    const answers = [granted, await message];
    await client.endAsync();
    return answers;
  },
  async amqplib() {
    const connection = await load('amqplib').connect({ hostname: host, port });
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('findings', { exclusive: true });
    channel.sendToQueue(queue, Buffer.from('grüße'));
    const { content } = await channel.get(queue, { noAck: true });
    await connection.close();
    return [queue, String(content)];
  },
  async 'amqp-client'() {
    const { AMQPClient } = await import(join(folder, 'node_modules/@cloudamqp/amqp-client/lib/cjs/index.js')).catch(() =>
      load('@cloudamqp/amqp-client'),
    );
    const connection = await new AMQPClient(`amqp://guest:guest@${host}:${port}`).connect();
    const channel = await connection.channel();
    const queue = await channel.queue('findings', { exclusive: true });
    await channel.basicPublish('', 'findings', 'grüße');
    const message = await queue.get({ noAck: true });
    await connection.close();
    return [queue.name, message.bodyString()];
  },
  async nats() {
    const { connect, StringCodec } = load('nats');
    const client = await connect({ servers: `${host}:${port}`, reconnect: false });
    const subscription = client.subscribe('findings', { max: 1 });
    client.publish('findings', StringCodec().encode('grüße'));
    let text;
    for await (const { data } of subscription) text = StringCodec().decode(data);
    await client.close();
    return text;
  },
  async memjs() {
    const client = load('memjs').Client.create(`${host}:${port}`, { retries: 0 });
    const isSet = await client.set('findings', 'grüße', { expires: 60 });
    const { value } = await client.get('findings');
    client.close();
    return [isSet, String(value)];
  },
  async ldapts() {
    const client = new (load('ldapts').Client)({ url: `ldap://${host}:${port}` });
    await client.bind('', '');
    const { searchEntries } = await client.search('', { scope: 'base', attributes: ['supportedLDAPVersion', 'supportedFeatures'] });
    await client.unbind();
    return searchEntries;
  },
  async nodemailer() {
    const transport = load('nodemailer').createTransport({ host, port, name: 'client.example', ignoreTLS: true });
    const date = new Date(0);
    const { response, accepted } = await transport.sendMail({
      from: 'a@example.com',
      to: 'b@example.com',
      text: 'grüße',
      messageId: '<1@a>',
      date,
    });
    transport.close();
    return [response.replace(/[\da-f]{8,}|id .*/, ''), accepted];
  },
  async imapflow() {
    const client = new (load('imapflow').ImapFlow)({
      host,
      port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: 'testuser', pass: 'testpass' },
      logger: false,
    });
    await client.connect();
    const { exists, path } = await client.mailboxOpen('INBOX');
    await client.logout();
    return [path, exists];
  },
  async socks() {
    const { SocksClient } = load('socks');
    const options = { proxy: { host, port, type: 5 }, command: 'connect', destination: { host: '127.0.0.1', port: 9 } };
    return SocksClient.createConnection(options).then(
      () => 'connected',
      (error) => error.message,
    );
  },
  async undici() {
    const { request } = load('undici');
    const { statusCode, headers, body } = await request(`http://${host}:${port}/`);
    return [statusCode, headers['content-type'], await body.text()];
  },
  async 'grpc-js'() {
    const { Client, credentials } = load('@grpc/grpc-js');
    const client = new Client(`${host}:${port}`, credentials.createInsecure());
    const asked = new Promise((resolve) => {
      client.makeUnaryRequest('/none/none', pass, pass, Buffer.from('x'), (error) => resolve([error.code, error.details]));
    });
    const answer = await asked;
    client.close();
    return answer;
  },
  async 'modbus-serial'() {
    const Modbus = load('modbus-serial');
    const client = new Modbus();
    await client.connectTCP(host, { port });
    client.setID(1);
    client.setTimeout(3000);
    const { data } = await client.readHoldingRegisters(0, 4);
    await new Promise((resolve) => client.close(resolve));
    return data;
  },
}[which];

process.stdout.write(`${JSON.stringify(await ask())}\n`);
