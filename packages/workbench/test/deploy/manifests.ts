import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@socklab/testkit';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object, as far as the tests look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Spec;
}

/** Of the specs of all kinds, what the tests look into. */
export interface Spec {
  readonly template: { readonly metadata: { readonly labels: Labels; readonly annotations: Labels }; readonly spec: PodSpec };
  readonly selector: Labels & { readonly matchLabels: Labels };
  readonly podSelector: { readonly matchLabels: Labels };
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string; readonly protocol: string }[];
  readonly scaleTargetRef: { readonly kind: string; readonly name: string };
  readonly minReplicas: number;
  readonly replicas?: number;
  readonly completions: number;
  readonly type?: string;
  readonly ingress: readonly { readonly ports: readonly { readonly port: number; readonly protocol: string }[] }[];
}

type Labels = Readonly<Record<string, string>>;

/** What runs in a pod. */
export interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly enableServiceLinks: boolean;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** One container of a pod. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: string }[];
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly securityContext: Readonly<Record<string, unknown>>;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** The folders under `apps/` that Kustomize builds, each by its path from the root. */
export function kustomizations(): readonly string[] {
  const files = readdirSync(join(repoRoot, 'apps'), { recursive: true, encoding: 'utf8' });
  const pattern = /^[^/]+\/k8s\/[^/]+\/kustomization\.yaml$/;
  return files
    .filter((file) => pattern.test(file))
    .map((file) => join('apps', file.replace('/kustomization.yaml', '')))
    .toSorted();
}

/** The objects in one file. */
export function readManifests(file: string): readonly Manifest[] {
  return parse(readFileSync(join(repoRoot, file), 'utf8'));
}

/** The objects of a folder with no patches of its own, each in a file that its kustomization lists. */
export function plainManifests(folder: string): readonly Manifest[] {
  const [{ resources }] = parse(readFileSync(join(repoRoot, folder, 'kustomization.yaml'), 'utf8')) as unknown as [{ resources: string[] }];
  return resources.flatMap((file) => readManifests(join(folder, file)));
}

/** Whether this machine has `kubectl kustomize`. */
export const hasKustomize: boolean = spawnSync('kubectl', ['kustomize', '--help']).status === 0;

/** The objects that Kustomize makes of a folder. */
export function builtManifests(folder: string): readonly Manifest[] {
  return parse(execFileSync('kubectl', ['kustomize', join(repoRoot, folder)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** The one object of a kind. */
export function only(kind: string, manifests: readonly Manifest[]): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} objects are a ${kind}, expected one`);
  return first;
}

/** The variables of a container that have a value in the manifest itself. */
export function environmentOf({ env }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}

function parse(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Manifest;
  });
}
