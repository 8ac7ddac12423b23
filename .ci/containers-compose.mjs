// Runs services of compose.yaml with podman alone, as `docker compose` would, where there is no such command.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { createPodman } from './containers-podman.mjs';
import { LIMITS, wordsOf } from './containers-words.mjs';

const BUILD_LIMIT_MS = 900_000;
const ASK_AGAIN_MS = 250;

/** Compose files, and what can be done with their services. `environment` is what `${NAME:-default}` and `${NAME:?why}` in the file stand for. */
export class Compose {
  #services;
  #project;
  #podman;

  constructor(files, podman, environment) {
    const parsed = files.map((file) => parse(this.#read(file, environment), { merge: true }));
    this.#project = parsed[0].name;
    this.#services = Object.assign({}, ...parsed.map(({ services }) => services));
    this.#podman = createPodman(podman);
  }

  #read(file, environment) {
    return readFileSync(file, 'utf8').replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name, kind, otherwise) => {
      if (environment[name] === undefined && kind === '?') throw new Error(`${file} needs ${name}: ${otherwise}`);
      return environment[name] ?? otherwise;
    });
  }

  call(words, limits) {
    return this.#podman.call(words, limits);
  }

  attempt(words, limits) {
    return this.#podman.attempt(words, limits);
  }

  container(service) {
    return `${this.#project}-${service}`;
  }

  createNetwork() {
    return this.call(['network', 'create', this.#network]);
  }

  /** Builds the images that the services are made from, each once. */
  async build(log) {
    const apps = new Set(Object.values(this.#services).flatMap(({ build }) => (build === undefined ? [] : [build.args.APP])));
    for (const app of apps) {
      const began = Date.now();
      const words = [
        'build',
        '--network',
        'host',
        '--format',
        'docker',
        ...LIMITS,
        '--build-arg',
        `APP=${app}`,
        '--tag',
        `socklab/${app}`,
        '.',
      ];
      await this.call(words, { timeoutMs: BUILD_LIMIT_MS });
      log(`image of ${app}: built in ${Math.round((Date.now() - began) / 1000)} s`);
    }
  }

  /** Starts a service in the background. */
  up(service) {
    const spec = this.#services[service];
    return this.call([
      'run',
      '--detach',
      ...this.#nameWords(service),
      ...wordsOf(spec, (name) => this.container(name)),
      spec.image,
      ...(spec.command ?? []),
    ]);
  }

  /** Runs a service, or another command in its place, to its end: without its ports and its check, which are the service's own. */
  run(service, { as = `${service}-run`, entrypoint, command } = {}) {
    const { ports, healthcheck, ...spec } = this.#services[service];
    void [ports, healthcheck];
    const words = ['--rm', '--no-healthcheck', ...this.#nameWords(as), ...wordsOf(spec, (name) => this.container(name))];
    if (entrypoint !== undefined) words.push('--entrypoint', entrypoint);
    return this.attempt(['run', ...words, spec.image, ...(command ?? spec.command ?? [])]);
  }

  /** Runs a command in a service's container. */
  exec(service, words) {
    return this.attempt(['exec', this.container(service), ...words]);
  }

  /** Asks a service's health check until it says yes. */
  async healthy(service, withinMs = 60_000) {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const { code } = await this.attempt(['healthcheck', 'run', this.container(service)]);
      if (code === 0) return;
      if (Date.now() > deadline) throw new Error(`${service} is not healthy within ${withinMs} ms:\n${await this.logs(service)}`);
      await delay(ASK_AGAIN_MS);
    }
  }

  async logs(service) {
    const { stdout, stderr } = await this.attempt(['logs', this.container(service)]);
    return stdout + stderr;
  }

  get #network() {
    return `${this.#project}_default`;
  }

  #nameWords(name) {
    return ['--name', this.container(name), '--network', this.#network, '--network-alias', name];
  }
}
