import type { Affinity, KubeObject, LabelSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod, TopologySpreadConstraint } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { bound, instanceType, node, nodePool, pod } from "@groupless/testing";
import * as fc from "fast-check";

const ZONES = ["zone-a", "zone-b", "zone-c"] as const;
const APPS = ["web", "api", "job"] as const;
const ZONE = "topology.kubernetes.io/zone";
const CAPACITY_TYPE = "karpenter.sh/capacity-type";
const ARCH = "kubernetes.io/arch";
/** One label that pools and nodes may have or not, one that types have, one nobody has ever heard of. */
const TEAM = "team";
const SIZE = "example.com/size";
const KEYS = [TEAM, TEAM, SIZE, ZONE, ARCH, CAPACITY_TYPE, "stranger"] as const;
const VALUES: Readonly<Record<string, readonly string[]>> = { [TEAM]: ["red", "blue", "7"], [SIZE]: ["2", "4", "8", "16"], [ZONE]: [...ZONES, "zone-x"], [ARCH]: ["amd64", "arm64"], [CAPACITY_TYPE]: ["on-demand", "spot"], stranger: ["1", "2"] };

function expressions(keys: readonly string[] = KEYS): fc.Arbitrary<NodeSelectorRequirement> {
  return fc.constantFrom(...keys).chain((key) => {
    const values = VALUES[key] as readonly string[];
    return fc.oneof(
      fc.tuple(fc.constantFrom("In" as const, "In" as const, "NotIn" as const), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })).map(([operator, chosen]): NodeSelectorRequirement => ({ key, operator, values: chosen.toSorted() })),
      fc.constantFrom("Exists" as const, "DoesNotExist" as const).map((operator): NodeSelectorRequirement => ({ key, operator })),
      ...(key === SIZE || key === TEAM ? [fc.tuple(fc.constantFrom("Gt" as const, "Lt" as const), fc.constantFrom("1", "4", "7", "9223372036854775807")).map(([operator, bound_]): NodeSelectorRequirement => ({ key, operator, values: [bound_] }))] : []),
    );
  });
}

const terms = fc.array(fc.oneof({ weight: 15, arbitrary: fc.array(expressions(), { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: fc.constant([]) }).map((matchExpressions): NodeSelectorTerm => ({ matchExpressions })), { minLength: 1, maxLength: 3 });
const selectors = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...APPS).map((app): LabelSelector | undefined => ({ matchLabels: { app } })) }, { weight: 1, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant(undefined) });
const topologyKeys = fc.constantFrom(ZONE, ZONE, "kubernetes.io/hostname", CAPACITY_TYPE, TEAM);
const rarely = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight, arbitrary });

const spreads = fc.record({ maxSkew: fc.integer({ min: 1, max: 2 }), topologyKey: topologyKeys, selector: selectors, soft: fc.boolean(), minDomains: rarely(fc.integer({ min: 1, max: 4 })), affinityPolicy: rarely(fc.constantFrom("Honor" as const, "Ignore" as const)), taintsPolicy: rarely(fc.constantFrom("Honor" as const, "Ignore" as const)), keys: rarely(fc.constant(["version"])) }).map(
  ({ maxSkew, topologyKey, selector, soft, minDomains, affinityPolicy, taintsPolicy, keys }): TopologySpreadConstraint => ({
    maxSkew,
    topologyKey,
    whenUnsatisfiable: soft ? "ScheduleAnyway" : "DoNotSchedule",
    ...(selector === undefined ? {} : { labelSelector: selector }),
    ...(minDomains === undefined || soft ? {} : { minDomains }),
    ...(affinityPolicy === undefined ? {} : { nodeAffinityPolicy: affinityPolicy }),
    ...(taintsPolicy === undefined ? {} : { nodeTaintsPolicy: taintsPolicy }),
    ...(keys === undefined || selector === undefined ? {} : { matchLabelKeys: keys }),
  }),
);

const podTerms = fc.record({ topologyKey: topologyKeys, selector: selectors, everywhere: rarely(fc.constant(true)) }).map(({ topologyKey, selector, everywhere }) => ({ topologyKey, ...(selector === undefined ? {} : { labelSelector: selector }), ...(everywhere === undefined ? {} : { namespaceSelector: {} }) }));

const kinds = fc.record({
  app: fc.constantFrom(...APPS),
  version: fc.constantFrom("1", "2"),
  namespace: fc.constantFrom("default", "default", "other"),
  cpu: fc.constantFrom("100m", "500m", "1", "1900m", "3", "7"),
  selected: rarely(expressions().filter(({ operator }) => operator === "In").map(({ key, values = [] }) => ({ [key]: values[0] as string }))),
  required: rarely(terms),
  preferred: rarely(expressions()),
  spreads: rarely(fc.array(spreads, { minLength: 1, maxLength: 2 }), 2),
  near: rarely(fc.array(podTerms, { minLength: 1, maxLength: 2 })),
  away: rarely(fc.array(podTerms, { minLength: 1, maxLength: 2 })),
  preferredAway: rarely(podTerms),
  tolerates: fc.constantFrom("nothing", "nothing", "dedicated", "everything"),
  hostPort: rarely(fc.constantFrom(80, 443)),
  replicas: fc.integer({ min: 1, max: 4 }),
});

type Kind = typeof kinds extends fc.Arbitrary<infer T> ? T : never;

function replicas(kind: Kind, name: string): Pod[] {
  const { app, version, namespace, cpu, selected, required, preferred, spreads: rules, near, away, preferredAway, tolerates, hostPort } = kind;
  const affinity: Affinity = {
    ...(required === undefined && preferred === undefined
      ? {}
      : {
          nodeAffinity: {
            ...(required === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: required } }),
            ...(preferred === undefined ? {} : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference: { matchExpressions: [preferred] } }] }),
          },
        }),
    ...(near === undefined ? {} : { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: near } }),
    ...(away === undefined && preferredAway === undefined
      ? {}
      : {
          podAntiAffinity: {
            ...(away === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: away }),
            ...(preferredAway === undefined ? {} : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 3, podAffinityTerm: preferredAway }] }),
          },
        }),
  };
  const tolerations = tolerates === "nothing" ? {} : { tolerations: [tolerates === "everything" ? { operator: "Exists" as const } : { key: "dedicated", operator: "Exists" as const }] };
  return Array.from({ length: kind.replicas }, (_, index) =>
    pod(`${name}-${index}`, { cpu, memory: "256Mi" }, {
      metadata: { namespace, labels: { app, version } },
      spec: {
        ...(selected === undefined ? {} : { nodeSelector: selected }),
        ...(Object.keys(affinity).length === 0 ? {} : { affinity }),
        ...(rules === undefined ? {} : { topologySpreadConstraints: rules }),
        ...tolerations,
        ...(hostPort === undefined ? {} : { containers: [{ name: "main", resources: { requests: { cpu, memory: "256Mi" } }, ports: [{ containerPort: hostPort, hostPort, ...(index % 2 === 0 ? { protocol: "TCP" as const } : {}) }] }] }),
      },
    }),
  );
}

const pools = (name: string) =>
  fc.record({ requirements: fc.uniqueArray(expressions([TEAM, SIZE, ZONE, ARCH, CAPACITY_TYPE]).filter(({ operator }) => operator !== "DoesNotExist"), { maxLength: 2, selector: ({ key }) => key }), team: rarely(fc.constantFrom("red", "blue")), taint: rarely(fc.constantFrom("NoSchedule" as const, "PreferNoSchedule" as const)), weight: rarely(fc.constantFrom(1, 10)), cpu: rarely(fc.constantFrom("4", "20")), minValues: rarely(fc.constantFrom(1, 2)) }).map(({ requirements, team, taint, weight, cpu, minValues }) =>
    nodePool(name, {
      ...(team === undefined ? {} : { labels: { [TEAM]: team } }),
      template: {
        requirements: [...requirements.filter(({ key }) => key !== TEAM || team === undefined), ...(minValues === undefined ? [] : [{ key: "node.kubernetes.io/instance-type", operator: "Exists" as const, minValues }])],
        ...(taint === undefined ? {} : { taints: [{ key: "dedicated", value: "x", effect: taint }] }),
      },
      spec: { ...(weight === undefined ? {} : { weight }), ...(cpu === undefined ? {} : { limits: { cpu } }) },
    }),
  );

const catalogs = fc.uniqueArray(fc.record({ cpu: fc.constantFrom(4, 8, 16, 32), arch: fc.constantFrom("amd64", "arm64"), zones: fc.subarray([...ZONES], { minLength: 1 }), price: fc.constantFrom(0.1, 0.2, 0.4), gone: fc.constantFrom(...ZONES, "none") }), { minLength: 1, maxLength: 4, selector: ({ cpu, arch }) => `${arch}${cpu}` }).map((shapes) =>
  shapes.map(({ cpu, arch, zones, price, gone }): InstanceType => {
    const made = instanceType(`${arch}.${cpu}`, { cpu, memoryGiB: cpu * 4, price, arch, zones, labels: { [SIZE]: String(cpu) } });
    return { ...made, offerings: made.offerings.map((offering) => ({ ...offering, available: !offering.requirements.some(({ values }) => values?.[0] === gone) })) };
  }),
);

const nodes = fc.record({ zone: fc.constantFrom(...ZONES), team: rarely(fc.constantFrom("red", "blue", "7")), cpu: fc.constantFrom("2", "4", "8"), taint: rarely(fc.constantFrom("NoSchedule" as const, "PreferNoSchedule" as const)), managed: fc.boolean(), kind: kinds, zoneless: fc.integer({ min: 0, max: 7 }).map((n) => n === 0) });

/** Clusters whose constraints contradict one another, overlap, name labels nobody has, and look at each other's pods. */
export const hostileClusters: fc.Arbitrary<Cluster> = fc
  .record({ catalog: catalogs, first: pools("default"), second: fc.option(pools("other"), { freq: 2 }), pending: fc.array(kinds, { minLength: 1, maxLength: 4 }), there: fc.array(nodes, { maxLength: 3 }) })
  .map(({ catalog, first, second, pending, there }): Cluster => {
    const objects: KubeObject[] = pending.flatMap((kind, index) => replicas(kind, `p${index}`));
    there.forEach(({ zone, team, cpu, taint, managed, kind, zoneless }, index) => {
      const name = `n${index}`;
      const labels = { [ARCH]: "amd64", [CAPACITY_TYPE]: "on-demand", [SIZE]: cpu, ...(zoneless ? {} : { [ZONE]: zone }), ...(team === undefined ? {} : { [TEAM]: team }) };
      const taints = taint === undefined ? {} : { taints: [{ key: "dedicated", value: "x", effect: taint }] };
      objects.push(...node(name, { ...(managed ? { nodePool: "default" } : {}), labels, allocatable: { cpu, memory: "16Gi", pods: "20" }, ...taints }).objects);
      const small: Kind = { ...kind, cpu: "100m", replicas: Math.min(2, kind.replicas) };
      objects.push(...replicas(small, `old${index}`).map((one) => bound(one, name)));
    });
    return { nodePools: second === null ? [first] : [first, second], objects, instanceTypes: { "*": catalog } };
  });
