import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { validate } from './deploy/kubernetes-kinds.ts';
import { builtManifests, environmentOf, hasKustomize, kustomizations, only, plainManifests, readManifests } from './deploy/manifests.ts';
import { answersOf, apps, millisecondsOf, portOf, prefixOf, variablesOf } from './deploy/program-options.ts';
import type { Container, Manifest, PodSpec } from './deploy/manifests.ts';

const campaign = 'apps/sticky-lab/k8s/campaign';
const identity = { POD_NAME: 'metadata.name', POD_NAMESPACE: 'metadata.namespace', POD_IP: 'status.podIP', NODE_NAME: 'spec.nodeName' };
/** What outlasts the drain: the answer to the signal, the last lines of the log. */
const MARGIN_MS = 5000;

/** `256Mi` or `256m`, in bytes. */
const memoryOf = (text: string): number => Number(/^(\d+)(?:Mi|m)$/.exec(text)?.[1]) * 2 ** 20;

test('tcp-echo has the same memory in the cluster and in compose: enough for itself and for what its clients may hold', () => {
  const { services } = parse(readFileSync(join(repoRoot, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, { mem_limit: string; environment: Record<string, string> }>;
  };
  const container = onlyOf(only('Deployment', plainManifests('apps/tcp-echo/k8s/base')).spec.template.spec.containers);
  const composed = services['tcp-echo']!;
  const memoryBytes = memoryOf(container.resources.limits.memory);
  expect(memoryOf(composed.mem_limit)).toBe(memoryBytes);
  // Clients may hold a quarter, unless somebody says otherwise.
  for (const environment of [environmentOf(container), composed.environment]) {
    expect(Object.keys(environment)).not.toContain('TCP_ECHO_MAX_BUFFERED');
    expect(Object.keys(environment)).not.toContain('TCP_ECHO_WORKERS');
  }
  const operating = readFileSync(join(repoRoot, 'OPERATING.md'), 'utf8');
  const usedMiB = Number(/memory without clients +\| \d+ to (\d+) MiB/.exec(operating)?.[1]);
  expect((memoryBytes * 3) / 4).toBeGreaterThan(usedMiB * 2 ** 20 * 1.25);
  expect(operating).toContain(`${memoryBytes / 4 / 2 ** 20} MiB of the ${memoryBytes / 2 ** 20} MiB`);
});

describe.each(apps)('the manifests of %s', (app) => {
  const manifests = plainManifests(`apps/${app}/k8s/base`);
  const deployment = only('Deployment', manifests);
  const pod = deployment.spec.template.spec;
  const container = onlyOf(pod.containers);
  const environment = environmentOf(container);
  const listen = app === 'sticky-lab' ? 'STICKY_LAB_HTTP' : `${prefixOf(app)}LISTEN`;

  test('are what Kubernetes takes, one of each kind', () => {
    for (const manifest of manifests) validate(manifest);
    const kinds = ['Deployment', 'HorizontalPodAutoscaler', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'];
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(kinds);
  });

  test('set only variables that the program takes, or that name the pod', async () => {
    const taken = await variablesOf(app);
    const names = container.env.map(({ name }) => name);
    expect(names.filter((name) => !taken.has(name) && !(name in identity))).toEqual([]);
    const paths = container.env.flatMap(({ name, valueFrom }) =>
      valueFrom?.fieldRef === undefined ? [] : [[name, valueFrom.fieldRef.fieldPath]],
    );
    expect(Object.fromEntries(paths)).toEqual(identity);
  });

  test('start the program, which answers on the paths of the probes', async () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const probes = [startupProbe, readinessProbe, livenessProbe];
    expect(probes.map(({ httpGet }) => httpGet.port)).toEqual(['admin', 'admin', 'admin']);
    expect(
      await answersOf(
        app,
        environment,
        probes.map(({ httpGet }) => httpGet.path),
      ),
    ).toEqual([200, 200, 200]);
  });

  test('name the ports that the program listens on, in all of them', () => {
    const [served, admin] = [portOf(environment[listen]), portOf(environment[`${prefixOf(app)}ADMIN`])];
    const protocol = app === 'udp-multi' ? 'UDP' : 'TCP';
    const [main] = container.ports;
    expect(container.ports).toEqual([
      { name: main?.name, containerPort: served, protocol },
      { name: 'admin', containerPort: admin, protocol: 'TCP' },
    ]);
    expect(only('Service', manifests).spec.ports).toEqual([{ name: main?.name, port: served, targetPort: main?.name, protocol }]);
    const allowed = only('NetworkPolicy', manifests).spec.ingress.flatMap(({ ports }) => ports);
    expect(allowed).toEqual([
      { port: served, protocol },
      { port: admin, protocol: 'TCP' },
    ]);
    expect(deployment.spec.template.metadata.annotations['prometheus.io/port']).toBe(String(admin));
  });

  test('give the drain the time that it may take', () => {
    const delayMs = millisecondsOf(environment[`${prefixOf(app)}DRAIN_DELAY`] ?? '');
    const drainMs = millisecondsOf(environment[`${prefixOf(app)}DRAIN_TIMEOUT`] ?? '');
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(delayMs + drainMs + MARGIN_MS);
  });

  test('mean each other by the labels of the pods', () => {
    const { labels } = deployment.spec.template.metadata;
    const meant = [
      deployment.spec.selector.matchLabels,
      only('Service', manifests).spec.selector,
      only('PodDisruptionBudget', manifests).spec.selector.matchLabels,
      only('NetworkPolicy', manifests).spec.podSelector.matchLabels,
    ];
    for (const selector of meant) {
      expect(selector).not.toEqual({});
      expect(labels).toMatchObject(selector);
    }
    const { scaleTargetRef } = only('HorizontalPodAutoscaler', manifests).spec;
    expect(scaleTargetRef).toMatchObject({ kind: 'Deployment', name: deployment.metadata.name });
    expect(deployment.spec.replicas, 'the autoscaler says how many').toBeUndefined();
  });

  test('confine the program', () => expectConfined(pod));
});

describe('the probe campaign', () => {
  const job = only('Job', readManifests(join(campaign, 'job.yaml')));
  const pod = job.spec.template.spec;
  const probe = onlyOf(pod.containers);
  const target = onlyOf(pod.initContainers ?? []);

  test('is what Kubernetes takes', () => {
    for (const manifest of plainManifests(campaign)) validate(manifest);
  });

  test('sets only variables that the probe takes, one shard for each completion', async () => {
    const taken = await variablesOf('sticky-lab', ['probe']);
    const names = probe.env.map(({ name }) => name);
    expect(names.filter((name) => !taken.has(name))).toEqual(['JOB_COMPLETION_INDEX']);
    expect(environmentOf(probe)['STICKY_LAB_SHARD']).toBe(`$(JOB_COMPLETION_INDEX)/${job.spec.completions}`);
    expect(names.indexOf('JOB_COMPLETION_INDEX')).toBeLessThan(names.indexOf('STICKY_LAB_SHARD'));
  });

  test('probes the port of the target beside it', async () => {
    const environment = environmentOf(target);
    expect(portOf(environmentOf(probe)['STICKY_LAB_TARGET'])).toBe(portOf(environment['TCP_ECHO_LISTEN']));
    expect(await answersOf('tcp-echo', environment, [target.startupProbe.httpGet.path])).toEqual([200]);
  });

  test('is confined, and so is its target', () => expectConfined(pod));
});

describe.skipIf(!hasKustomize).each(kustomizations())('kubectl kustomize %s', (folder) => {
  const manifests = hasKustomize ? builtManifests(folder) : [];
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

  test('makes what Kubernetes takes', () => {
    expect(manifests).not.toEqual([]);
    for (const manifest of manifests) validate(manifest);
  });

  test('starts the programs with variables that they take', async () => {
    for (const app of apps) {
      const own = deployments.find(({ metadata }) => metadata.name === app);
      if (own === undefined) continue;
      const container = onlyOf(own.spec.template.spec.containers);
      const taken = await variablesOf(app);
      expect(container.env.map(({ name }) => name).filter((name) => !taken.has(name) && !(name in identity))).toEqual([]);
      expect(await answersOf(app, environmentOf(container), ['/readyz'])).toEqual([200]);
    }
  });

  test('confines every program', () => {
    for (const { spec } of deployments) expectConfined(spec.template.spec);
  });

  test('names a broker that is there', () => {
    for (const url of brokersOf(deployments)) {
      const { hostname, port } = new URL(url);
      const service = manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === hostname);
      expect(service?.spec.ports.map((each) => each.port)).toEqual([Number(port)]);
    }
  });
});

function brokersOf(deployments: readonly Manifest[]): readonly string[] {
  const containers = deployments.flatMap(({ spec }) => spec.template.spec.containers);
  return containers.flatMap((container) => environmentOf({ ...container, env: container.env ?? [] })['UDP_MULTI_BUS'] ?? []);
}

function expectConfined({
  securityContext,
  automountServiceAccountToken,
  enableServiceLinks,
  containers,
  initContainers = [],
}: PodSpec): void {
  expect({ securityContext, automountServiceAccountToken, enableServiceLinks }).toEqual({
    securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
  });
  for (const container of [...containers, ...initContainers]) {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
}

function onlyOf(containers: readonly Container[]): Container {
  const [first] = containers;
  if (first === undefined || containers.length > 1) throw new Error(`${containers.length} containers, expected one`);
  return first;
}
