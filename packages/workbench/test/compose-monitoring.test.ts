import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { apps, portOf, prefixOf } from './deploy/program-options.ts';

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
}

const read = (file: string): unknown => parse(readFileSync(join(repoRoot, file), 'utf8'), { merge: true });
const { services } = read('compose.monitoring.yaml') as { services: Readonly<Record<'grafana' | 'prometheus', Service>> };
const scraped = read('monitoring/prometheus.yaml') as {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly static_configs: readonly { readonly targets: readonly string[] }[];
  }[];
};

/** Files of this repository, each with where a container has it. */
const mountsOf = ({ volumes = [] }: Service): readonly (readonly [string, string])[] =>
  volumes.flatMap((volume) => {
    const [, from, to] = /^\.\/([^:]+):([^:]+):ro$/.exec(volume) ?? [];
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });

test('Prometheus scrapes each app by its name in compose, on its admin port', () => {
  const composed = (read('compose.yaml') as { services: Readonly<Record<string, Service>> }).services;
  const wanted = apps.map((app) => [app, `${app}:${portOf(composed[app]?.environment?.[`${prefixOf(app)}ADMIN`])}`]);
  const targets = scraped.scrape_configs.map(({ job_name, static_configs }) => [
    job_name,
    ...static_configs.flatMap((each) => each.targets),
  ]);
  expect(targets).toEqual(wanted);
});

test('each file that is mounted is there, the alerts and the dashboard of each app among them', () => {
  const mounts = Object.values(services).flatMap(mountsOf);
  expect(mounts.map(([from]) => from).filter((from) => !existsSync(join(repoRoot, from)))).toEqual([]);
  for (const app of apps) {
    expect(mounts).toContainEqual([`apps/${app}/monitoring/alerts.yaml`, `/etc/prometheus/rules/${app}.yaml`]);
    expect(mounts).toContainEqual([`apps/${app}/monitoring/dashboard.json`, `/etc/grafana/dashboards/${app}.json`]);
  }
});

test('Prometheus starts with the file that is mounted, and Grafana finds it, and the dashboards, where they are', () => {
  const config = services.prometheus.command?.[0]?.replace('--config.file=', '');
  expect(mountsOf(services.prometheus)).toContainEqual(['monitoring/prometheus.yaml', config]);
  const { datasources } = read('monitoring/grafana/datasources.yaml') as { datasources: readonly { url: string }[] };
  expect(datasources.map(({ url }) => url)).toEqual(['http://prometheus:9090']);
  const { providers } = read('monitoring/grafana/dashboards.yaml') as { providers: readonly { options: { path: string } }[] };
  expect(providers.map(({ options }) => options.path)).toEqual(['/etc/grafana/dashboards']);
});

test('Grafana has no password that everybody knows, and lets nobody change anything', () => {
  expect(services.grafana.environment).toMatchObject({
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_AUTH_DISABLE_LOGIN_FORM: 'true',
    GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
  });
});

test.runIf(hasPromtool())('promtool takes the configuration and the rules as the container has them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-prometheus-'));
  try {
    for (const [from, to] of mountsOf(services.prometheus)) {
      mkdirSync(join(folder, dirname(to)), { recursive: true });
      cpSync(join(repoRoot, from), join(folder, to));
    }
    const output = execFileSync('promtool', ['check', 'config', join(folder, '/etc/prometheus/prometheus.yaml')], { encoding: 'utf8' });
    expect(output).toContain(`SUCCESS: ${apps.length} rule files found`);
    for (const app of apps) expect(output).toContain(basename(`${app}.yaml`));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.runIf(hasPromtool())('promtool takes each expression of the dashboards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-panels-'));
  try {
    const expressions = apps.flatMap((app) => {
      const { panels } = read(`apps/${app}/monitoring/dashboard.json`) as { panels: readonly { targets: readonly { expr: string }[] }[] };
      return panels.flatMap(({ targets }) => targets.map(({ expr }) => filledIn(expr)));
    });
    // As rules, of which promtool reads a whole file at once.
    const rules = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    writeFileSync(join(folder, 'panels.yaml'), stringify({ groups: [{ name: 'panels', rules }] }));
    const output = execFileSync('promtool', ['check', 'rules', join(folder, 'panels.yaml')], { encoding: 'utf8', stdio: 'pipe' });
    expect(output).toContain(`SUCCESS: ${expressions.length} rules found`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** An expression as Grafana sends it: with values for its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', 'tcp-echo:9090');
}

/** Debian's package prometheus has it; in CI it must be there. */
function hasPromtool(): boolean {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env['SOCKLAB_REQUIRE_PEERS'] === '1') throw error;
    return false;
  }
}
