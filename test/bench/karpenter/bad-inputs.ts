import type { KubeObject, Pod } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";

const ZONE = "topology.kubernetes.io/zone";

/** An ordinary cluster made a bad one: pod by pod, or as a whole. */
export interface BadInput {
  readonly pod?: (pod: Pod, index: number) => Pod;
  readonly cluster?: (cluster: Cluster) => Cluster;
}

/** By what is wrong with it. */
export const BAD_INPUTS: Readonly<Record<string, BadInput>> = {
  "a tenth asks for up to 10,000 Ei": { pod: (pod, index) => (index % 10 === 0 ? asking(pod, { memory: `${(index % 9999) + 1}Ei` }) : pod) },
  "too large, all alike": { pod: (pod) => asking(pod, { cpu: "10000" }) },
  "too large, each by its own amount": { pod: (pod, index) => asking(pod, { cpu: `${1_000_000 + index}m`, memory: "1Gi" }) },
  "too large by two amounts each": { pod: (pod, index) => asking(pod, { cpu: `${1_000_000 + index}m`, memory: `${100_000 + index}Gi` }) },
  "each wants a zone of its own": { pod: (pod, index) => ({ ...pod, spec: { ...pod.spec, nodeSelector: { [ZONE]: `zone-${index}` } } }) },
  "each wants a label of its own": { pod: (pod, index) => ({ ...pod, spec: { ...pod.spec, nodeSelector: { [`example.com/label-${index}`]: "here" } } }) },
  "each spreads over a label of its own": { pod: (pod, index) => spreading(pod, `example.com/label-${index}`, index) },
  "half spread over 5,000 labels": { pod: (pod, index) => (index % 2 === 0 ? spreading(pod, `example.com/label-${index}`, index) : pod) },
  "all spread over a label no node has": { pod: (pod) => spreading(pod, "example.com/rack", 0) },
  "spread over zones, one out of reach": { pod: (pod, index) => ({ ...spreading(pod, ZONE, index % 7), spec: { ...spreading(pod, ZONE, index % 7).spec, nodeSelector: { [ZONE]: "us-east-1e" } } }) },
  "affinity in a circle": { pod: (pod, index) => near(pod, `ring-${index % 100}`, `ring-${(index + 1) % 100}`) },
  "no instance types": { cluster: (cluster) => ({ ...cluster, instanceTypes: { "*": [] } }) },
  "pools that contradict themselves": { cluster: contradicting },
  "pools at their limits": { cluster: (cluster) => ({ ...cluster, nodePools: cluster.nodePools.map((pool) => ({ ...pool, spec: { ...pool.spec, limits: { cpu: "0" } } })) }) },
  // Not bad, but as unlike each other: for comparison.
  "in order, each its own amount": { pod: (pod, index) => asking(pod, { cpu: `${100 + index}m`, memory: "256Mi" }) },
};

/** The cluster as this input has it. */
export function made(cluster: Cluster, { pod, cluster: change }: BadInput): Cluster {
  if (change !== undefined) return change(cluster);
  let index = 0;
  return { ...cluster, objects: cluster.objects.map((object): KubeObject => (object.kind === "Pod" && pod !== undefined ? pod(object as Pod, index++) : object)) };
}

function asking(pod: Pod, requests: Readonly<Record<string, string>>): Pod {
  return { ...pod, spec: { ...pod.spec, containers: [{ name: "main", resources: { requests } }] } };
}

function spreading(pod: Pod, topologyKey: string, index: number): Pod {
  const labels = { app: `app-${index}` };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...pod.spec, topologySpreadConstraints: [{ topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: labels } }] } };
}

function near(pod: Pod, own: string, other: string): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { app: own } }, spec: { ...pod.spec, affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: { matchLabels: { app: other } } }] } } } };
}

function contradicting(cluster: Cluster): Cluster {
  const requirements = [{ key: ZONE, operator: "In", values: ["us-east-1a"] }, { key: ZONE, operator: "NotIn", values: ["us-east-1a"] }] as const;
  return { ...cluster, nodePools: cluster.nodePools.map((pool) => ({ ...pool, spec: { ...pool.spec, template: { ...pool.spec.template, spec: { ...pool.spec.template.spec, requirements } } } })) };
}
