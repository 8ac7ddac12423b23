import { expect, test } from 'vitest';
import { refuseUnknownVariable } from '../../src/options/unknown-variable.ts';
import { startFixture } from '../process.ts';
import type { Exit } from '../process.ts';

const KNOWN = new Set(['TCP_ECHO_ALLOW', 'TCP_ECHO_LISTEN', 'TCP_ECHO_MAX_FRAME', 'TCP_ECHO_PORT_BUSY']);
const refuse = (environment: Readonly<Record<string, string>>) => (): void => refuseUnknownVariable('tcp-echo', KNOWN, environment);

test.each([
  ['TCP_ECHO_ALOW', 'TCP_ECHO_ALLOW'],
  ['TCP_ECHO_ALLWO', 'TCP_ECHO_ALLOW'],
  ['TCP_ECHO_MAXFRAME', 'TCP_ECHO_MAX_FRAME'],
  ['TCP_ECHO_MAX_FRAMES', 'TCP_ECHO_MAX_FRAME'],
])('%s is refused, and %s is named', (name, nearest) => {
  expect(refuse({ [name]: 'a secret' })).toThrow(`the environment variable ${name} is not an option of tcp-echo: did you mean ${nearest}?`);
});

test('a name that is like none is refused without one', () => {
  expect(refuse({ TCP_ECHO_PORT: '9000' })).toThrow('TCP_ECHO_PORT is not an option of tcp-echo: --help lists them');
  expect(refuse({ TCP_ECHO_: '' })).toThrow('TCP_ECHO_ is not an option of tcp-echo');
});

test('variables that are known, or of somebody else, are nobody’s mistake', () => {
  expect(refuse({ TCP_ECHO_ALLOW: '::1', TCP_ECHOES: 'x', UDP_MULTI_ALOW: 'x', PATH: '/bin' })).not.toThrow();
});

// What kubelet sets for services called tcp-echo and tcp-echo-admin; kubernetes/pkg/kubelet/envvars.
const LINKS = {
  TCP_ECHO_SERVICE_HOST: '10.96.0.7',
  TCP_ECHO_SERVICE_PORT: '9000',
  TCP_ECHO_SERVICE_PORT_ECHO: '9000',
  TCP_ECHO_PORT: 'tcp://10.96.0.7:9000',
  TCP_ECHO_PORT_9000_TCP: 'tcp://10.96.0.7:9000',
  TCP_ECHO_PORT_9000_TCP_PROTO: 'tcp',
  TCP_ECHO_PORT_9000_TCP_PORT: '9000',
  TCP_ECHO_PORT_9000_TCP_ADDR: '10.96.0.7',
  TCP_ECHO_PORT_9000_UDP: 'udp://[fd00::7]:9000',
  TCP_ECHO_PORT_9000_UDP_ADDR: 'fd00::7',
  TCP_ECHO_ADMIN_SERVICE_HOST: '10.96.0.8',
  TCP_ECHO_ADMIN_SERVICE_PORT: '9090',
  TCP_ECHO_ADMIN_PORT: 'tcp://10.96.0.8:9090',
  TCP_ECHO_ADMIN_PORT_9090_TCP_ADDR: '10.96.0.8',
};

test('the links of Kubernetes to a service of the same name are let through', () => {
  expect(refuse(LINKS)).not.toThrow();
});

test.each([
  ['TCP_ECHO_SERVICE_PORT', 'tcp://10.96.0.7:9000'],
  ['TCP_ECHO_PORT_9000_TCP', '9000'],
  ['TCP_ECHO_PORT_9000_TCP_OTHER', 'x'],
  ['TCP_ECHO_SERVICE_NAME', 'x'],
])('%s=%s is no such link', (name, value) => {
  expect(refuse({ [name]: value })).toThrow(`${name} is not an option of tcp-echo`);
});

async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Exit> {
  await using program = startFixture('program', args, { env });
  return await program.exit();
}

test('a program ends with one line and exit 2, shows its help all the same, and knows the variables of all its commands', async () => {
  const { code, stdout, stderr } = await run([], { DEMO_APP_SESION: 'greet' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('demo-app: the environment variable DEMO_APP_SESION is not an option of demo-app: did you mean DEMO_APP_SESSION?\n');
  expect((await run(['--help'], { DEMO_APP_SESION: 'greet' })).code).toBe(0);
  expect((await run(['connect', '127.0.0.1:1'], { DEMO_APP_SESION: 'greet' })).stderr).toContain(
    'DEMO_APP_SESION is not an option of demo-app',
  );
  expect((await run([], { DEMO_APP_PORT: 'tcp://10.0.0.1:80', DEMO_APP_MAX_FRAME: '1KiB' })).code).toBe(0);
});
