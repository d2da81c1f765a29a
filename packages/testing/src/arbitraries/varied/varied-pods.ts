import type { Affinity, Container, LabelSelector, NodeSelectorRequirement, Pod, PodSpec, ResourceList, Toleration, TopologySpreadConstraint } from "@groupless/api";
import * as fc from "fast-check";
import { pod } from "../../build/objects.ts";
import { APPS, ARCHITECTURES, CAPACITY_TYPES, TEAMS, ZONES } from "../vocabulary.ts";
import { field, oneIn } from "./sometimes.ts";
import { SIZE } from "./varied-catalog.ts";

const ZONE = "topology.kubernetes.io/zone";
const VALUES: readonly (readonly [key: string, values: readonly string[]])[] = [
  [ZONE, ZONES],
  ["karpenter.sh/capacity-type", [...CAPACITY_TYPES, "reserved"]],
  ["kubernetes.io/arch", ARCHITECTURES],
  ["team", TEAMS],
  [SIZE, ["1", "2", "4", "8"]],
  ["failure-domain.beta.kubernetes.io/zone", ZONES],
  ["topologi.kubernetes.io/zone", ZONES],
];

const expressions: fc.Arbitrary<NodeSelectorRequirement> = fc.constantFrom(...VALUES).chain(([key, values]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom("In" as const, "In" as const, "NotIn" as const), fc.subarray([...values], { minLength: 1 })).map(([operator, chosen]): NodeSelectorRequirement => ({ key, operator, values: chosen.toSorted() })) },
    { weight: 1, arbitrary: fc.constantFrom("Exists" as const, "DoesNotExist" as const).map((operator): NodeSelectorRequirement => ({ key, operator })) },
    { weight: key === SIZE ? 4 : 0, arbitrary: fc.tuple(fc.constantFrom("Gt" as const, "Lt" as const), fc.constantFrom("1", "2", "4")).map(([operator, bound]): NodeSelectorRequirement => ({ key, operator, values: [bound] })) },
  ),
);

const selectors: fc.Arbitrary<LabelSelector> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...APPS).map((app): LabelSelector => ({ matchLabels: { app } })) },
  { weight: 1, arbitrary: fc.constantFrom<LabelSelector>({ matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] }, { matchExpressions: [{ key: "app", operator: "NotIn", values: ["job"] }] }, { matchExpressions: [{ key: "version", operator: "Exists" }] }, { matchExpressions: [{ key: "version", operator: "DoesNotExist" }] }) },
);
const topologyKeys = fc.constantFrom(ZONE, ZONE, "kubernetes.io/hostname", "karpenter.sh/capacity-type");

const spreads = fc.record({ maxSkew: fc.constantFrom(1, 1, 2), topologyKey: topologyKeys, soft: oneIn(4, fc.constant("ScheduleAnyway" as const)), labelSelector: selectors, minDomains: oneIn(5, fc.constantFrom(2, 3)), affinity: oneIn(4, fc.constantFrom("Honor" as const, "Ignore" as const)), taints: oneIn(4, fc.constantFrom("Honor" as const, "Ignore" as const)), keys: oneIn(5, fc.constant(["version"])) }).map(
  ({ soft, minDomains, affinity, taints, keys, ...rest }): TopologySpreadConstraint => ({ ...rest, whenUnsatisfiable: soft ?? "DoNotSchedule", ...(soft === undefined ? field("minDomains", minDomains) : {}), ...field("nodeAffinityPolicy", affinity), ...field("nodeTaintsPolicy", taints), ...field("matchLabelKeys", keys) }),
);
const podTerms = fc.record({ topologyKey: topologyKeys, labelSelector: selectors, namespaces: oneIn(4, fc.constantFrom(["other"], ["default", "other"])), keys: oneIn(6, fc.constant(["version"])) }).map(({ namespaces, keys, ...term }) => ({ ...term, ...field("namespaces", namespaces), ...field("matchLabelKeys", keys) }));

const tolerations = fc.constantFrom<readonly Toleration[]>([{ key: "dedicated", operator: "Exists" }], [{ key: "dedicated", operator: "Equal", value: "red", effect: "NoSchedule" }], [{ operator: "Exists" }], [{ key: "soft", operator: "Exists" }]);
const requests: fc.Arbitrary<ResourceList> = fc.record({ cpu: fc.constantFrom("100m", "400m", "900m", "1", "1900m", "3", "7"), memory: fc.constantFrom("64Mi", "500Mi", "1Gi", "3Gi"), gpu: oneIn(9, fc.constantFrom("1", "2")), disk: oneIn(12, fc.constantFrom("5Gi", "30Gi")), odd: oneIn(12, fc.constantFrom("100n", "1.5", "0.1")) }).map(({ gpu, disk, odd, cpu, memory }) => ({ cpu: odd ?? cpu, memory, ...(gpu === undefined ? {} : { "nvidia.com/gpu": gpu }), ...(disk === undefined ? {} : { "ephemeral-storage": disk }) }));

const more = fc.constantFrom<Partial<PodSpec>>(
  { initContainers: [{ name: "first", resources: { requests: { cpu: "2", memory: "1Gi" } } }] },
  { initContainers: [{ name: "beside", restartPolicy: "Always", resources: { requests: { cpu: "300m" } } }, { name: "then", resources: { requests: { cpu: "1" } } }] },
  { overhead: { cpu: "250m", memory: "120Mi" } },
  { priority: 1000 },
  { terminationGracePeriodSeconds: 600 },
);

/** A kind of waiting pod. Most have one or two wishes: many at once are mostly refused. */
export function variedTemplates({ alone }: { readonly alone: boolean }): fc.Arbitrary<(name: string) => Pod> {
  const seldom = <T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => (alone ? fc.constant(undefined) : oneIn(times, arbitrary));
  return fc
    .record({
      app: fc.constantFrom(...APPS),
      version: oneIn(2, fc.constantFrom("1", "2")),
      namespace: seldom(8, fc.constant("other")),
      requests,
      selected: oneIn(6, fc.constantFrom(...VALUES.slice(0, 5)).chain(([key, values]) => fc.constantFrom(...values).map((value) => ({ [key]: value })))),
      required: seldom(6, fc.array(fc.array(expressions, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })),
      preferred: seldom(8, fc.array(expressions, { minLength: 1, maxLength: 2 })),
      spread: seldom(4, fc.array(spreads, { minLength: 1, maxLength: 2 })),
      near: seldom(8, fc.array(podTerms, { minLength: 1, maxLength: 2 })),
      away: seldom(6, podTerms),
      nearby: seldom(10, podTerms),
      apart: seldom(10, podTerms),
      tolerates: oneIn(4, tolerations),
      port: oneIn(8, fc.constantFrom({ containerPort: 80, hostPort: 80, protocol: "TCP" as const }, { containerPort: 80, hostPort: 80, hostIP: "10.0.0.1", protocol: "TCP" as const }, { containerPort: 53, hostPort: 53, protocol: "UDP" as const })),
      more: oneIn(6, more),
      created: oneIn(3, fc.constantFrom("2026-09-01T11:00:00Z", "2026-09-01T12:30:00Z")),
    })
    .map(({ app, version, namespace, requests: asked, selected, required, preferred, spread, near, away, nearby, apart, tolerates, port, more: rest, created }) => {
      const nodeAffinity = { ...field("requiredDuringSchedulingIgnoredDuringExecution", required && { nodeSelectorTerms: required.map((matchExpressions) => ({ matchExpressions })) }), ...field("preferredDuringSchedulingIgnoredDuringExecution", preferred?.map((one, index) => ({ weight: 5 + index, preference: { matchExpressions: [one] } }))) };
      const podAffinity = { ...field("requiredDuringSchedulingIgnoredDuringExecution", near), ...field("preferredDuringSchedulingIgnoredDuringExecution", nearby && [{ weight: 3, podAffinityTerm: nearby }]) };
      const podAntiAffinity = { ...field("requiredDuringSchedulingIgnoredDuringExecution", away && [away]), ...field("preferredDuringSchedulingIgnoredDuringExecution", apart && [{ weight: 4, podAffinityTerm: apart }]) };
      const parts = Object.entries({ nodeAffinity, podAffinity, podAntiAffinity }).filter(([, part]) => Object.keys(part).length > 0);
      const container: Container = { name: "main", resources: { requests: asked }, ...(port === undefined ? {} : { ports: [port] }) };
      return (name: string): Pod =>
        pod(name, asked, {
          metadata: { namespace: namespace ?? "default", labels: { app, ...field("version", version) }, ...field("creationTimestamp", created) },
          spec: { ...rest, containers: [container], ...field("nodeSelector", selected), ...(parts.length === 0 ? {} : { affinity: Object.fromEntries(parts) as Affinity }), ...field("topologySpreadConstraints", spread), ...field("tolerations", tolerates) },
        });
    });
}

/** Between one and `max` pods: replicas of one to three kinds. */
export function variedPods(max: number, options: { readonly alone: boolean; readonly prefix: string }): fc.Arbitrary<readonly Pod[]> {
  const kinds = fc.array(fc.tuple(variedTemplates(options), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 });
  return kinds.map((chosen) => chosen.flatMap(([make, replicas], kind) => Array.from({ length: replicas }, (_, index) => make(`${options.prefix}${kind}-${index}`))).slice(0, max));
}
