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
  new (kind as new (given: unknown) => { validate(): void })(manifest).validate();
}
