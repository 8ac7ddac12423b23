import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import type { Manifest } from './manifests.ts';

const kinds = [Deployment, HorizontalPodAutoscaler, Job, NetworkPolicy, PodDisruptionBudget, Namespace, Service];

/**
 * Checks an object against the schema that Kubernetes publishes for its kind.
 * @throws Error naming the field, or the kind when it is none of those that we have.
 */
export function validate(manifest: Manifest): void {
  const kind = kinds.find(({ apiVersion, kind: name }) => apiVersion === manifest.apiVersion && name === manifest.kind);
  if (kind === undefined) throw new Error(`${manifest.apiVersion} ${manifest.kind} is no kind that we have`);
  // Each class takes what its own kind has, and says what is wrong with it.
  const model = new (kind as new (given: unknown) => Model)(manifest);
  const unread = new Set<string>();
  model.validate.call(watched(model, '', unread));
  if (unread.size > 0)
    throw new Error(`${manifest.kind} ${manifest.metadata.name} has fields that its kind has not: ${[...unread].join(', ')}`);
}

interface Model {
  validate(): void;
}

/**
 * Sees which fields are looked at. The schemas let unknown fields pass, so that a name with a typing error would do
 * nothing, unseen: what a schema knows it reads, what it takes as a map it enumerates, and the rest stays in `unread`.
 */
function watched<T extends object>(value: T, path: string, unread: Set<string>): T {
  const fields = Object.keys(value).map((key) => `${path}.${key}`);
  if (!Array.isArray(value)) for (const field of fields) unread.add(field);
  const inside = new Map<string | symbol, unknown>();
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${path}.${String(key)}`);
      const field: unknown = Reflect.get(target, key);
      if (typeof field !== 'object' || field === null) return field;
      if (!inside.has(key)) inside.set(key, watched(field, `${path}.${String(key)}`, unread));
      return inside.get(key);
    },
    ownKeys(target) {
      for (const field of fields) unread.delete(field);
      return Reflect.ownKeys(target);
    },
  });
}
