import { startProgram } from '@socklab/testkit';
import { expect, test } from 'vitest';

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['--nonsense'], /unknown option '--nonsense'/],
  [['--listen', 'udp://127.0.0.1:70000'], /70000.*65535/],
  [['--listen', 'udp://'], /udp:\/\//],
  [['--listen', 'banana'], /banana.*udp:\/\/127\.0\.0\.1:9000/],
  [['--listen', 'tcp://127.0.0.1:9000'], /tcp:\/\/127\.0\.0\.1:9000.*udp:\/\//],
  [['--listen', 'fd:0'], /fd:0.*fd:3/],
  [['--listen'], /--listen.*argument missing/],
  [['--session', 'sing'], /sing.*echo, ack, greet, operator, discard/],
  [['--drain-timeout', 'soon'], /soon.*500ms/],
  [['--admin', 'here'], /here/],
  [['--log-level', 'loud'], /loud.*info/],
  [['--reply', 'x'.repeat(65_508)], /--reply: .*65,508.*65,507/],
  [['--reply', 'a\nb', '--session', 'greet', '--framing', 'line'], /--reply: --framing line cannot carry it/],
  [['--quit', 'a\nb', '--session', 'operator', '--framing', 'line'], /--quit: --framing line cannot carry it/],
  [['--topology', 'star'], /star.*one-to-one, one-to-many, many-to-many, multicast/],
  [['--topology', 'many-to-many', '--session', 'ack'], /many-to-many.*--session ack/],
  [['--topology', 'many-to-many', '--framing', 'line'], /many-to-many.*--framing line/],
  [['--topology', 'many-to-many', '--once'], /many-to-many.*--once/],
  [['--topology', 'multicast'], /--multicast 239\.255\.7\.7/],
  [['--multicast', '239.255.7.7'], /--topology multicast, not one-to-one/],
  [['--multicast', '192.0.2.1'], /192\.0\.2\.1.*not a multicast group/],
  [['--multicast-ttl', '256'], /256.*0 to 255/],
  [['--broadcast', 'everybody'], /everybody.*IPv4/],
  [['--framing', 'morse'], /morse.*u16be/],
  [['--max-datagram', '64KiB'], /65536.*65527/],
  [['--truncate-at', 'short'], /short.*64KiB/],
  [['--recv-buffer', '0'], /0 bytes.*1 to/],
  [['--trust', 'friends'], /friends.*none, loopback, any/],
  [['--min-source-port', '0'], /0.*1 to 65535/],
  [['--rate-ip', 'fast'], /fast.*200\/s/],
  [['--loop-max', '-1'], /-1.*whole number/],
  [['--peers-max', '0'], /0.*1 to 1000000/],
  [['--allow', '10.0.0.1/8'], /10\.0\.0\.0\/8/],
  [['--cookie-key', 'c0ffee'], /32 or more hexadecimal digits/],
  [['--bus', 'http://127.0.0.1'], /nats:\/\/HOST:PORT/],
  [['--bus', 'nats://127.0.0.1:4222'], /--bus needs --topology many-to-many/],
  [['--room', 'a.b'], /1 to 64 letters/],
  [['--loss', '5'], /5.*0% to 100%/],
  [['--delay', '5ms±9ms'], /5ms±9ms.*no longer than the delay/],
  [['--workers', '0'], /0.*whole number from 1/],
  [['surprise'], /surprise/],
  [['send'], /missing required argument 'target'/],
  [['send', '127.0.0.1'], /127\.0\.0\.1/],
  [['send', '127.0.0.1:70000'], /70000.*65535/],
  [['send', '127.0.0.1:0'], /port 0/],
  [['send', 'fd:3'], /fd:3.*HOST:PORT/],
  [['send', '127.0.0.1:9000', '--timeout', 'soon'], /soon.*500ms/],
  [['send', '127.0.0.1:9000', '--say'], /--say.*argument missing/],
];

test.each(MISTAKES.map(([args, message]) => [args.join(' ').slice(0, 60), args, message] as const))(
  'udp-multi %s is one clear line and exit 2',
  async (_, args, message) => {
    await using program = startProgram('udp-multi', args);
    const { code, stdout, stderr } = await program.exit();
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr.length).toBeLessThan(400);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  },
);

test.each([
  ['unix:/tmp/x.sock', /AF_UNIX datagram/],
  ['unix:@name', /AF_UNIX datagram/],
  ['can://can0', /AF_CAN/],
  ['rds://127.0.0.1:9000', /AF_RDS/],
  ['raw://127.0.0.1', /SOCK_RAW/],
])('%s is a family that Node does not have: says so, names what to use, exits 2', async (endpoint, family) => {
  await using program = startProgram('udp-multi', ['--listen', endpoint]);
  const { code, stderr } = await program.exit();
  expect(stderr).toMatch(family);
  expect(stderr).toMatch(/Node.*use /);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

test('a bad environment variable is named', async () => {
  await using program = startProgram('udp-multi', [], { env: { UDP_MULTI_LISTEN: 'udp://127.0.0.1:70000' } });
  const { code, stderr } = await program.exit();
  expect(stderr).toContain('UDP_MULTI_LISTEN');
  expect(code).toBe(2);
});
