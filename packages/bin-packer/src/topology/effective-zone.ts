import { ZONE_LABEL } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import { admits, operatorOf, type Requirement } from "../intern/requirement.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { fewest, nextDomain } from "./next-domain.ts";
import { Topology } from "./topology.ts";
import type { TopologyGroup } from "./topology-group.ts";

/**
 * How many pending pods could go to one zone only, by zone; to several (`flexible`); to none (`none`). Node constraints, volumes and
 * the pod's own topology rules are looked at, before anything is placed. Karpenter pkg/controllers/provisioning/scheduling/scheduler.go computeEffectiveZoneFromPod.
 */
export function effectiveZones(snapshot: Snapshot): Record<string, number> {
  const topology = new Topology(snapshot, new Set(), [], [], []);
  for (const pod of snapshot.pending) topology.stance(pod.class, pod.class.constraints);
  const counts = new Map<string, number>();
  for (const pod of snapshot.pending) {
    const zone = effectiveZone(pod, topology, snapshot);
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function effectiveZone(pod: PodEntry, topology: Topology, snapshot: Snapshot): string {
  const { constraints, volumes } = pod.class;
  const wanted = constraints.strict.byKey.get(ZONE_LABEL);
  const within = wanted ?? snapshot.sets.table.exists(ZONE_LABEL);
  let byRules: Set<string> | undefined;
  for (const group of topology.stance(pod.class, constraints).owned) {
    if (group.spec.key !== ZONE_LABEL) continue;
    const open = openDomains(group, group.selects(pod.class.labels), constraints.requirements.byKey.get(ZONE_LABEL), snapshot);
    if (open.length === 0) return "none";
    byRules = new Set(byRules === undefined ? open : open.filter((domain) => byRules?.has(domain)));
  }
  const byVolumes = zonesOfVolumes(volumes);
  const listed = wanted !== undefined && operatorOf(wanted) === "In" ? wanted.values : (byVolumes ?? (byRules !== undefined && byRules.size > 0 ? [...byRules] : undefined));
  if (listed === undefined) return "flexible";
  const rules = byRules;
  const left = listed.filter((zone) => admits(within, zone) && (byVolumes === undefined || byVolumes.includes(zone)) && (rules === undefined || rules.size === 0 || rules.has(zone)));
  return left.length === 1 ? (left[0] as string) : left.length === 0 ? "none" : "flexible";
}

/** Every domain the rule allows now, for a spread all within its skew. */
function openDomains(group: TopologyGroup, self: boolean, podDomains: Requirement | undefined, snapshot: Snapshot): readonly string[] {
  if (group.spec.type !== "spread") return nextDomain(group, self, podDomains, undefined, snapshot.sets.table)?.values ?? [];
  const most = fewest(group, podDomains) + group.spec.maxSkew - (self ? 1 : 0);
  return group.domains.filter((_domain, index) => (group.counts[index] as number) <= most);
}

/** Zones that some alternative reaches; undefined where one of them does not say. */
function zonesOfVolumes(volumes: PodEntry["class"]["volumes"]): readonly string[] | undefined {
  if (volumes === undefined) return undefined;
  const zones = new Set<string>();
  for (const set of volumes) {
    const requirement = set.byKey.get(ZONE_LABEL);
    if (requirement === undefined || operatorOf(requirement) !== "In") return undefined;
    for (const zone of requirement.values) zones.add(zone);
  }
  return [...zones];
}
