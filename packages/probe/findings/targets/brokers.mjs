import { ofDebian, ofNpm } from './target.mjs';

/** A name server of its own, which outlives the node. */
const EPMD_PORT = '43690';

/** RabbitMQ listens for one protocol on the port that is asked, for AMQP elsewhere. */
const rabbit = (id, name, protocol, plugins, listeners) =>
  ofDebian(id, name, 'rabbitmq-server', protocol, ['/usr/lib/rabbitmq/bin/rabbitmq-server'], {
    files: { 'rabbitmq.conf': `${listeners}loopback_users = none\n`, enabled_plugins: `[${plugins}].\n` },
    env: {
      RABBITMQ_CONFIG_FILE: '{place}/rabbitmq.conf',
      RABBITMQ_ENABLED_PLUGINS_FILE: '{place}/enabled_plugins',
      RABBITMQ_MNESIA_BASE: '{place}/mnesia',
      RABBITMQ_LOG_BASE: '{place}/log',
      RABBITMQ_NODENAME: 'findings@localhost',
      RABBITMQ_PID_FILE: '{place}/pid',
      RABBITMQ_DIST_PORT: '{spare}',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: EPMD_PORT,
    },
    afterwards: [['epmd', '-port', EPMD_PORT, '-kill']],
    options: { concurrency: 16 },
  });

const irc = (registered) => ({
  name: 'IRC: log-in, two pings in one write, quit',
  framing: 'line:crlf',
  steps: [
    { send: { text: 'NICK n{{trial}}\r\nUSER n 0 * :grüße\r\n', glue: false } },
    { expect: registered },
    { send: { text: 'PING :one\r\nPING :two\r\n' } },
    { expect: 'frames:2' },
    { send: { text: 'QUIT :bye\r\n' } },
    { expect: 'close' },
  ],
});

export const brokers = [
  ofDebian('mosquitto', 'Mosquitto', 'mosquitto', 'mqtt', ['mosquitto', '-c', '{place}/mosquitto.conf'], {
    files: { 'mosquitto.conf': 'listener {port} 127.0.0.1\nallow_anonymous true\n' },
  }),
  ofNpm('aedes', 'aedes@1.2.0', 'mqtt'),
  rabbit('rabbitmq', 'RabbitMQ, AMQP', 'amqp', '', 'listeners.tcp.default = 127.0.0.1:{port}\n'),
  rabbit(
    'rabbitmq-stomp',
    'RabbitMQ, STOMP',
    'stomp',
    'rabbitmq_stomp',
    'listeners.tcp = none\nstomp.listeners.tcp.1 = 127.0.0.1:{port}\n',
  ),
  rabbit('rabbitmq-mqtt', 'RabbitMQ, MQTT', 'mqtt', 'rabbitmq_mqtt', 'listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{port}\n'),
  ofDebian('nats', 'NATS', 'nats-server', 'nats', ['nats-server', '-a', '127.0.0.1', '-p', '{port}']),
  ofDebian('ngircd', 'ngIRCd', 'ngircd', undefined, ['ngircd', '-n', '-f', '{place}/ngircd.conf'], {
    conversation: irc('control'),
    files: {
      'ngircd.conf':
        '[Global]\nName = irc.example.net\nInfo = findings\nListen = 127.0.0.1\nPorts = {port}\nServerUID = nobody\nServerGID = nogroup\n[Limits]\nMaxConnections = 500\nMaxConnectionsIP = 0\n[Options]\nDNS = no\nIdent = no\nPAM = no\n',
    },
    masks: ['\\d+ (?:users?|clients?|servers?|connections?)', 'created [^\\r\\n]*'],
  }),
  ofDebian('beanstalkd', 'beanstalkd', 'beanstalkd', undefined, ['beanstalkd', '-l', '127.0.0.1', '-p', '{port}'], {
    conversation: {
      name: 'beanstalk: a tube, a job put and reserved in one write, deleted',
      steps: [
        { send: { text: 'use t{{trial}}\r\nwatch t{{trial}}\r\n' } },
        { expect: 'control' },
        { send: { text: 'put 0 0 60 7\r\ngrüße\r\nreserve-with-timeout 5\r\n' } },
        { expect: 'control' },
        { send: { text: 'quit\r\n' } },
        { expect: 'close' },
      ],
      masks: ['(?<keep>(?:INSERTED|RESERVED) )\\d+'],
    },
  }),
  ofDebian('gearmand', 'Gearman', 'gearman-job-server', undefined, ['gearmand', '-L', '127.0.0.1', '-p', '{port}', '-l', 'stderr'], {
    conversation: {
      name: 'Gearman: two echoes in one write',
      framing: JSON.stringify({
        kind: 'frame',
        name: 'gearman',
        header: [
          { name: 'magic', field: 'u32be' },
          { name: 'type', field: 'u32be' },
          { name: 'length', field: 'u32be' },
        ],
      }),
      steps: [
        { send: { hex: '00524551 00000010 00000005 68656c6c6f  00524551 00000010 00000007 6772c3bcc39f65' } },
        { expect: 'frames:2' },
      ],
    },
  }),
];
