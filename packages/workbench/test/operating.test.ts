import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { hasKustomize } from './deploy/manifests.ts';
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

/** What the commands for the cluster would apply: the document's own, with `docker` left out, and `kubectl apply` that builds only. */
async function appliedBy(text: string): Promise<readonly { readonly folder: string; readonly images: readonly string[] }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'socklab-cluster-'));
  try {
    for (const app of apps) {
      mkdirSync(join(folder, 'apps', app), { recursive: true });
      cpSync(join(repoRoot, 'apps', app, 'k8s'), join(folder, 'apps', app, 'k8s'), { recursive: true });
    }
    const blocks = [...text.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block!).filter((block) => block.includes('kubectl apply'));
    const stubs =
      'set -eu\ndocker() { :; }\nkubectl() { case $1 in apply) echo "# folder: $3"; command kubectl kustomize "$3"; echo ---;; esac; }\n';
    const built = execFileSync('bash', ['-c', `${stubs}${blocks.join('\n')}`], { cwd: folder, encoding: 'utf8' });
    return built.split(/^# folder: /m).flatMap((part) => {
      const [name, ...lines] = part.split('\n');
      return name === '' ? [] : [{ folder: name!, images: imagesOf(lines.join('\n')) }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The images that objects of a cluster name. */
function imagesOf(manifests: string): readonly string[] {
  for (const { errors } of parseAllDocuments(manifests)) expect(errors).toEqual([]);
  return [...manifests.matchAll(/^\s*(?:- )?image: (.*)$/gm)].map(([, image]) => image!);
}

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
  });

  test('writes overlays that kubectl builds of what is there', () => {
    const commands = commandsOf(text).join('\n');
    for (const [, folder] of commands.matchAll(/^resources: \[(.*)\]$/gm)) {
      const paths = folder!.includes('$app') ? apps.map((app) => folder!.replace('$app', app)) : [folder!];
      for (const path of paths) expect(existsSync(join(repoRoot, 'cluster/app', path, 'kustomization.yaml')), path).toBe(true);
    }
    expect(commands).not.toMatch(/\bkustomize (?:edit|build)\b/);
  });

  test.skipIf(!hasKustomize)('takes each image of the cluster from the registry that its commands name', async () => {
    const applied = await appliedBy(text);
    expect(applied.map(({ folder }) => folder)).toEqual([...apps.map((app) => `cluster/${app}`), 'cluster/campaign']);
    for (const { folder, images } of applied) {
      const own = images.filter((image) => /\b(?:tcp-echo|udp-multi|sticky-lab)\b/.test(image));
      expect(own, folder).not.toEqual([]);
      for (const image of own) expect(image, folder).toMatch(/^registry\.company\.example\/socklab\/[a-z-]+:1\.0\.0$/);
    }
  });
});
