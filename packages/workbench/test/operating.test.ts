import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { apps, prefixOf, variablesOf } from './deploy/program-options.ts';
import type { App } from '@socklab/testkit';

const files = ['OPERATING.md', 'OPERATING.zh-CN.md'];
const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');

/** Commands without the comments behind them. */
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) =>
    block!
      .trim()
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '')),
  );

/** The row of the table of ports. */
const portsOf = (text: string, app: App): readonly string[] => {
  const row = new RegExp(`^\\| ${app} +\\| \`.*$`, 'm').exec(text)?.[0] ?? '';
  return [...row.matchAll(/`([^`]+)`/g)].map(([, cell]) => cell!);
};

test('both languages give the same commands', () => {
  const [english, chinese] = files.map((file) => commandsOf(read(file)));
  expect(english!.length).toBeGreaterThan(10);
  expect(chinese).toEqual(english);
});

describe.each(files)('%s', (file) => {
  const text = read(file);

  test.each(apps)('has every variable of %s, and no other', async (app) => {
    const named = [...text.matchAll(/`([A-Z][A-Z\d]*_[A-Z\d_]+)`/g)].map(([, name]) => name!);
    const own = [...new Set(named.filter((name) => name.startsWith(prefixOf(app))))];
    expect(own.toSorted()).toEqual([...(await variablesOf(app))].toSorted());
  });

  test.each(apps)('has the ports of %s as image and compose have them', (app) => {
    const stage = read('Dockerfile').split(`AS app-${app}\n`)[1]!.split('\nFROM')[0]!;
    const exposed = /^EXPOSE (.*)$/m.exec(stage)![1]!.split(' ');
    const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, { ports: string[] }> };
    const published = services[app]!.ports.map((port) => port.replace(/^.*\}:(\d+):\d+(\/\w+)$/, '$1$2'));
    const [, inside, admin, byCompose] = portsOf(text, app);
    expect([inside, admin]).toEqual(exposed);
    expect([byCompose]).toEqual(published);
  });

  test('says where each serves when nothing is set', async () => {
    for (const app of apps) {
      const readme = read(`apps/${app}/README.md`);
      const [where] = portsOf(text, app);
      expect(readme, app).toContain(where!.replace(/\/\w+$/, ''));
    }
  });

  test('links to files that are there, and names compose files, services and folders that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
    expect(targets.filter((target) => !existsSync(join(repoRoot, target)))).toEqual([]);
    const composed = new Set([...text.matchAll(/-f (compose\S*\.yaml)/g)].map(([, named]) => named!));
    expect(composed.size).toBe(3);
    const services = [...composed].flatMap((named) => Object.keys((parse(read(named), { merge: true }) as { services: object }).services));
    for (const [, named] of text.matchAll(/(?:run --rm|extras\.yaml up --build) ([\w -]+?) *(?:#|$)/gm))
      for (const service of named!.split(' ').filter((word) => word !== '')) expect(services).toContain(service);
    for (const [, folder] of text.matchAll(/apply -k (\S+)/g)) expect(existsSync(join(repoRoot, folder!, 'kustomization.yaml'))).toBe(true);
  });
});
