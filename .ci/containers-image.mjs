// What each image must be, whatever it was built on.
import { LIMITS } from './containers-words.mjs';

const MAX_ABOVE_BASE_BYTES = 40 * 1024 * 1024;
const BASE = 'docker.io/library/node:26-slim';
const LABELS = ['title', 'description', 'version', 'revision', 'source', 'licenses', 'base.name'].map(
  (name) => `org.opencontainers.image.${name}`,
);
const INSTALLERS = ['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg', 'corepack'];

/** Looks at an app's image: its size, its settings, and what is not in it. */
export async function checkImage(engine, app, { equal, log }) {
  const image = `socklab/${app}`;
  const [{ Config: config, Size: size, Labels: labels, Healthcheck: health }] = await inspect(engine, image);
  const [{ Size: baseSize }] = await inspect(engine, BASE);
  equal(`${app}: user`, config.User, '65532:65532');
  equal(`${app}: stop signal`, config.StopSignal, 'SIGTERM');
  equal(`${app}: entry point`, JSON.stringify(config.Entrypoint), '["node","/app/dist/main.js"]');
  equal(`${app}: health check`, JSON.stringify(health?.Test), '["CMD","node","/app/dist/healthcheck.js"]');
  equal(`${app}: labels missing`, LABELS.filter((name) => !labels?.[name]).join(' '), '');
  equal(`${app}: at most 40 MB above its base`, size - baseSize <= MAX_ABOVE_BASE_BYTES, true);
  log(`image of ${app}: ${((size - baseSize) / 1e6).toFixed(1)} MB above its base of ${(baseSize / 1e6).toFixed(0)} MB`);

  const names = INSTALLERS.flatMap((name) => ['-o', '-name', name]).slice(1);
  const run = ['run', '--rm', '--network', 'none', ...LIMITS];
  const found = await engine.attempt([...run, '--user', '0', '--entrypoint', 'find', image, '/', '-xdev', '(', ...names, ')', '-print']);
  equal(`${app}: installers left`, found.stdout.trim(), '');
  const version = await engine.attempt([...run, '--entrypoint', app, image, '--version']);
  equal(`${app}: is a command too`, version.code, 0);
  const sick = await engine.attempt([...run, '--entrypoint', 'node', image, '/app/dist/healthcheck.js']);
  equal(`${app}: health check where nothing listens`, sick.code, 1, sick);
}

async function inspect(engine, image) {
  return JSON.parse((await engine.call(['image', 'inspect', image])).stdout);
}
