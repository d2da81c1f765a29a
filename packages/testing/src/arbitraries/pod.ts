import type { Affinity, LabelSelector, Pod, PodSpec, Toleration, TopologySpreadConstraint } from "@groupless/api";
import * as fc from "fast-check";
import { pod } from "../build/objects.ts";
import { requests } from "./quantity.ts";
import { requirements } from "./requirement.ts";
import { app, team, zone } from "./vocabulary.ts";

export interface PodOptions {
  /** Constraints between pods: spread, affinity, anti-affinity. Default true. */
  readonly topology?: boolean;
  /** Preferred constraints. Default true. */
  readonly preferences?: boolean;
}

/** A kind of pod: replicas of it share everything but their name. */
export function podTemplates(options: PodOptions = {}): fc.Arbitrary<{ readonly labels: Readonly<Record<string, string>>; readonly requests: Readonly<Record<string, string>>; readonly spec: Partial<PodSpec> }> {
  const rarely = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight, arbitrary });
  return fc
    .record({
      app: app(),
      requests: requests(),
      nodeSelector: rarely(fc.oneof(zone().map((value) => ({ "topology.kubernetes.io/zone": value })), fc.constantFrom("amd64", "arm64").map((value) => ({ "kubernetes.io/arch": value })), team().map((value) => ({ team: value })))),
      required: rarely(fc.array(fc.array(requirements(), { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 })),
      preferred: options.preferences === false ? fc.constant(undefined) : rarely(requirements()),
      tolerations: rarely(tolerations()),
      spread: options.topology === false ? fc.constant(undefined) : rarely(spreads()),
      near: options.topology === false ? fc.constant(undefined) : rarely(podAffinities()),
      hostPort: rarely(fc.constantFrom(80, 443)),
    })
    .map(({ app: name, requests: asked, nodeSelector, required, preferred, tolerations: tolerated, spread, near, hostPort }) => {
      const nodeAffinity =
        required === undefined && preferred === undefined
          ? undefined
          : {
              ...(required === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: required.map((matchExpressions) => ({ matchExpressions })) } }),
              ...(preferred === undefined ? {} : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, preference: { matchExpressions: [preferred] } }] }),
            };
      const affinity: Affinity = { ...(nodeAffinity === undefined ? {} : { nodeAffinity }), ...near?.(selectorOf(name)) };
      return {
        labels: { app: name },
        requests: asked,
        spec: {
          ...(nodeSelector === undefined ? {} : { nodeSelector }),
          ...(Object.keys(affinity).length === 0 ? {} : { affinity }),
          ...(tolerated === undefined ? {} : { tolerations: tolerated }),
          ...(spread === undefined ? {} : { topologySpreadConstraints: [{ ...spread, labelSelector: selectorOf(name) }] }),
          ...(hostPort === undefined ? {} : { containers: [{ name: "main", resources: { requests: asked }, ports: [{ containerPort: hostPort, hostPort, protocol: "TCP" }] }] }),
        },
      };
    });
}

/** Between one and `max` pods, as replicas of a few templates. */
export function pods(max: number, options: PodOptions = {}): fc.Arbitrary<readonly Pod[]> {
  const groups = fc.array(fc.tuple(podTemplates(options), fc.integer({ min: 1, max: Math.max(1, Math.ceil(max / 2)) })), { minLength: 1, maxLength: 4 });
  return groups.map((chosen) => chosen.flatMap(([{ labels, requests: asked, spec }, replicas], group) => Array.from({ length: replicas }, (_, index) => pod(`p${group}-${index}`, asked, { metadata: { labels }, spec }))).slice(0, max));
}

const selectorOf = (name: string): LabelSelector => ({ matchLabels: { app: name } });

function tolerations(): fc.Arbitrary<readonly Toleration[]> {
  return fc.constantFrom<readonly Toleration[]>([{ key: "dedicated", operator: "Exists" }], [{ key: "dedicated", operator: "Equal", value: "red", effect: "NoSchedule" }], [{ operator: "Exists" }]);
}

function spreads(): fc.Arbitrary<TopologySpreadConstraint> {
  return fc.record({
    maxSkew: fc.integer({ min: 1, max: 2 }),
    topologyKey: fc.constantFrom("topology.kubernetes.io/zone", "kubernetes.io/hostname", "karpenter.sh/capacity-type"),
    whenUnsatisfiable: fc.constantFrom("DoNotSchedule" as const, "DoNotSchedule" as const, "ScheduleAnyway" as const),
  });
}

/** Affinity to, or anti-affinity against, the pod's own kind. */
function podAffinities(): fc.Arbitrary<(selector: LabelSelector) => Affinity> {
  return fc.tuple(fc.constantFrom("podAffinity" as const, "podAntiAffinity" as const), fc.constantFrom("topology.kubernetes.io/zone", "kubernetes.io/hostname")).map(
    ([kind, topologyKey]) =>
      (labelSelector: LabelSelector): Affinity => ({ [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector }] } }),
  );
}
