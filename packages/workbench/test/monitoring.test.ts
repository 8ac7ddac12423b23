import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, startProgram } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { apps, prefixOf, variablesOf } from './deploy/program-options.ts';
import type { App } from '@socklab/testkit';

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly description: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

interface AlertRules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly { readonly alert: string; readonly expr: string; readonly annotations: Readonly<Record<string, string>> }[];
  }[];
}

const read = (app: App, file: string): string => readFileSync(join(repoRoot, 'apps', app, 'monitoring', file), 'utf8');

/** The metrics that a service which has just started tells of. */
async function metricsOf(app: App): Promise<ReadonlySet<string>> {
  const listen = app === 'sticky-lab' ? '--http' : '--listen';
  await using program = startProgram(app, [listen, '127.0.0.1:0', '--admin', '127.0.0.1:0']);
  const { endpoint } = await program.log('admin listening');
  await program.log('listening');
  const text = await (await fetch(`${String(endpoint).replace('tcp:', 'http:')}/metrics`)).text();
  return new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!));
}

/** The labels of each metric, from the table of the README, which is tested against the code: a service has no sample before something happened. */
function labelsOf(app: App): ReadonlyMap<string, readonly string[]> {
  const readme = readFileSync(join(repoRoot, 'apps', app, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `(socklab_\w+)` *\|([^|]*)\|/gm)];
  return new Map(rows.map(([, name, labels]) => [name!, labels!.match(/\w+/g) ?? []]));
}

/** The labels that an expression selects or sums by, but for those that Prometheus adds, and the bounds of histograms. */
function labelsNamedIn(expression: string): readonly string[] {
  const selected = [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, selectors]) => [...selectors!.matchAll(/(\w+)[!=]=?~?"/g)]);
  const summed = [...expression.matchAll(/\b(?:by|without) \(([^)]*)\)/g)].flatMap(([, list]) => [...list!.matchAll(/(\w+)/g)]);
  return [...selected, ...summed].map(([, label]) => label!).filter((label) => !['instance', 'job', 'le'].includes(label));
}

/** The metrics that an expression names. */
function namedIn(expression: string): readonly string[] {
  return [...expression.matchAll(/\b((?:socklab|process|nodejs)_\w+)/g)].map(([, name]) => name!);
}

describe.each(apps)('the monitoring of %s', (app) => {
  const dashboard = JSON.parse(read(app, 'dashboard.json')) as Dashboard;
  const { groups } = parse(read(app, 'alerts.yaml')) as AlertRules;
  const rules = groups.flatMap((group) => group.rules);
  const expressions = [...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...rules.map(({ expr }) => expr)];

  test('names only metrics that the service has, each expression at least one', async () => {
    const known = await metricsOf(app);
    expect(expressions.length).toBeGreaterThan(7);
    for (const expression of expressions) expect(namedIn(expression).length, expression).toBeGreaterThan(0);
    const queries = dashboard.templating.list.map(({ query }) => query);
    const named = [...expressions, ...queries].flatMap(namedIn);
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
  });

  test('names only labels that the metrics have', () => {
    const labels = labelsOf(app);
    const wrong = expressions.flatMap((expression) => {
      const known = namedIn(expression).flatMap((name) => labels.get(name) ?? []);
      return labelsNamedIn(expression).filter((label) => !known.includes(label));
    });
    expect(expressions.flatMap(labelsNamedIn)).toContain(app === 'sticky-lab' ? 'outcome' : 'reason');
    expect(wrong).toEqual([]);
  });

  test('says in a sentence what each panel shows, under titles of their own', () => {
    const titles = dashboard.panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const { title, description } of dashboard.panels) expect(description, title).toMatch(/^[A-Z].{30,}\.$/);
  });

  test('shows each expression for the instances that are chosen', () => {
    for (const { title, targets } of dashboard.panels) {
      for (const { expr } of targets) expect(expr, title).toContain('{instance=~"$instance"}');
    }
  });

  test('has no two alerts of one name, and tells of options that there are', async () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    const taken = await variablesOf(app);
    const flags = rules.flatMap(({ annotations }) =>
      [
        ...Object.values(annotations)
          .join(' ')
          .matchAll(/--([a-z-]+)/g),
      ].map(([, flag]) => flag!),
    );
    const variables = flags.map((flag) => `${prefixOf(app)}${flag.replaceAll('-', '_').toUpperCase()}`);
    expect(variables.filter((variable) => !taken.has(variable))).toEqual([]);
  });
});
