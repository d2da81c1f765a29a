import type { Pod, PodSpec, ResourceList } from "@groupless/api";
import { int64Value, parseQuantity, podRequests } from "@groupless/quantity";

/** Whole amounts by resource, as kube-scheduler computes with them: millicores of cpu, units of everything else, rounded up. */
export type Amounts = Readonly<Record<string, number>>;

/** The amounts of a resource list. */
export function amountsOf(list: ResourceList): Amounts {
  return Object.fromEntries(Object.entries(list).map(([resource, text]) => [resource, Number(int64Value(parseQuantity(text), resource === "cpu" ? -3 : 0))]));
}

// Replicas share their template's spec until they are bound: what a spec asks for is worked out once.
const known = new WeakMap<PodSpec["containers"], Amounts>();

/** What the pod asks of a node, the pod itself included. */
export function requestedBy(pod: Pod): Amounts {
  const { containers, overhead, resources, initContainers } = pod.spec;
  const plain = overhead === undefined && resources === undefined && initContainers === undefined;
  const found = plain ? known.get(containers) : undefined;
  if (found !== undefined) return found;
  const amounts = amountsOf(podRequests({ spec: pod.spec }));
  if (plain) known.set(containers, amounts);
  return amounts;
}
