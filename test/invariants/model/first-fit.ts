import { CAPACITY_TYPE_LABEL, type CapacityBuffer, type DaemonSet, hasResourceClaims, HOSTNAME_LABEL, isActive, isCurrentlyReschedulable, isOwnedByDaemonSet, isOwnedByNode, isPreempting, isProvisionable, isScheduled, isTerminal, type Namespace, type Node, type NodeOverlay, type NodePool, type Pod, type PodDisruptionBudget, type ResourceList, type Taint, timeMs } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { type AllocatableGroup, allocatableGroups, applyOverlays, flexibility, type InstanceType, launchPrice, offeringLabel, orderByPrice } from "@groupless/catalog";
import { compareQuantities, daemonSetPod, fits, mergeResources, minResources, parseQuantity, podRequests, podsRequests, subtractResources } from "@groupless/quantity";
import { CORE_LABELS, hostPortConflict, type HostPort, hostPortsOf, tolerates, withLabels } from "@groupless/requirements";
import { fromNodePool, fromPod, fromPodStrict, fromSelectorRequirements, hasMinValues, intersect, intersects, isCompatible, labelRequirement, labelsOfNodePool, type Requirements, toSelectorRequirementList, withRequirement } from "@groupless/requirements/karpenter";
import { type Place, placesOf } from "./nodes.ts";
import { relaxed } from "./relaxed.ts";
import { NaiveTopology } from "./topology.ts";
import { attachments, volumeAlternatives } from "./volumes.ts";

/** What the model says, in the words of a packing. */
export interface NaivePlan {
  readonly newNodeClaims: readonly { readonly nodePool: string; readonly pods: readonly string[]; readonly instanceTypes: readonly string[]; readonly cheapestPrice: number; readonly requests: ResourceList; readonly plannedRequirements: readonly object[] }[];
  readonly existingNodes: readonly { readonly node: string; readonly pods: readonly string[] }[];
  readonly refused: readonly string[];
}

export interface NaiveOptions {
  /** To see what would become of pods if nodes went away. */
  readonly disruption?: boolean;
  /** Nodes with recent pod events take no pods of nodes that are taken away. */
  readonly guarded?: boolean;
  /** Names of nodes that are taken away. */
  readonly removed?: readonly string[];
}

interface DaemonGroup {
  readonly types: readonly InstanceType[];
  readonly overhead: ResourceList;
  readonly ports: readonly HostPort[];
}

interface Template {
  readonly pool: NodePool;
  readonly requirements: Requirements;
  readonly types: readonly InstanceType[];
  readonly groups: readonly DaemonGroup[];
  readonly taints: readonly Taint[];
}

interface Claim {
  readonly template: Template;
  requirements: Requirements;
  types: readonly InstanceType[];
  requests: ResourceList;
  ports: readonly HostPort[];
  held: ReadonlySet<string>;
  readonly pods: Pod[];
}

type Fit = Pick<Claim, "requirements" | "types" | "held">;
type Refusal = "no" | "reserved";

const nameOf = ({ metadata: { namespace, name } }: Pod): string => (namespace === undefined ? name : `${namespace}/${name}`);
const more = (a: string, b: string): boolean => compareQuantities(parseQuantity(a), parseQuantity(b)) > 0;

/**
 * Karpenter's scheduling loop read plainly: every pod is tried on every node, every claim and every pool, every rule is asked anew each time.
 *
 * It shares nothing with the packer but the algebra of labels, quantities and instance types. `ignored`: pods that validation turns away.
 */
export function naiveFirstFit(cluster: Cluster, nowMs: number, ignored: readonly string[], options: NaiveOptions = {}): NaivePlan {
  return new NaiveSolve(cluster, nowMs, new Set(ignored), options).run();
}

class NaiveSolve {
  readonly #cluster: Cluster;
  readonly #tables;
  readonly #wellKnown: ReadonlySet<string>;
  readonly #templates: readonly Template[];
  readonly #places: readonly Place[];
  readonly #placed = new Map<Place, Pod[]>();
  readonly #claims: Claim[] = [];
  readonly #topology: NaiveTopology;
  readonly #pods: readonly Pod[];
  readonly #moving: ReadonlySet<Pod>;
  readonly #gone: ReadonlySet<Place>;
  readonly #guards: (place: Place, pod: Pod) => boolean;
  readonly #remaining = new Map<string, ResourceList>();
  readonly #reservations = new Map<string, number>();
  readonly #soft: boolean;
  readonly #pools: readonly NodePool[];
  readonly #strictReservations: boolean;

  constructor(cluster: Cluster, nowMs: number, ignored: ReadonlySet<string>, { disruption = false, guarded = disruption, removed = [] }: NaiveOptions) {
    this.#cluster = cluster;
    this.#strictReservations = !disruption;
    const of = <T>(kind: string): readonly T[] => cluster.objects.filter((object) => object.kind === kind) as readonly unknown[] as readonly T[];
    const given = (pool: NodePool): readonly InstanceType[] => cluster.instanceTypes[pool.metadata.name] ?? cluster.instanceTypes["*"] ?? [];
    const spoken = Object.values(cluster.instanceTypes).flat().flatMap(({ requirements, offerings }) => [requirements, ...offerings.map((offering) => offering.requirements)].flat().map(({ key }) => key));
    this.#tables = withLabels(CORE_LABELS, { wellKnown: cluster.wellKnownLabels ?? spoken });
    this.#wellKnown = new Set(this.#tables.wellKnown);
    const pools = cluster.nodePools.filter(makesNodes).sort((a, b) => (b.spec.weight ?? 0) - (a.spec.weight ?? 0) || (a.metadata.name > b.metadata.name ? -1 : 1));
    this.#pools = pools;
    const overlays = cluster.options?.featureGates?.["NodeOverlay"] === true ? of<NodeOverlay>("NodeOverlay") : [];
    const overlaid = applyOverlays(pools.map((pool) => ({ name: pool.metadata.name, labels: labelsOfNodePool(pool), instanceTypes: given(pool) })), overlays, { labels: this.#tables }).instanceTypes;
    const typesOf = (pool: NodePool): readonly InstanceType[] => (overlays.length === 0 ? undefined : overlaid[pool.metadata.name]) ?? given(pool);
    this.#soft = pools.some(({ spec }) => spec.template.spec.taints?.some(({ effect }) => effect === "PreferNoSchedule"));
    const daemons = of<DaemonSet>("DaemonSet").map((set) => daemonOf(set, of<Pod>("Pod"))).filter((pod) => !hasResourceClaims(pod));
    const softened = daemons.map((daemon): Pod => ({ ...daemon, spec: { ...daemon.spec, tolerations: [...(daemon.spec.tolerations ?? []), { operator: "Exists", effect: "PreferNoSchedule" }] } }));
    this.#templates = pools.flatMap((pool) => this.#template(pool, typesOf(pool), softened));
    this.#places = placesOf(cluster, this.#templates.length === 0 ? daemons : softened, this.#tables);
    const waiting = of<Pod>("Pod").filter((pod) => isWaiting(pod) && !ignored.has(nameOf(pod))).sort(byName);
    const budgets = of<PodDisruptionBudget>("PodDisruptionBudget");
    const leaving = this.#places.filter((place) => place.leaving);
    const movingFrom = ({ pods }: Place): readonly Pod[] => pods.filter((pod) => isCurrentlyReschedulable(pod, budgets, nowMs)).sort(byName);
    const moving = leaving.flatMap(movingFrom);
    this.#gone = new Set([...leaving, ...this.#places.filter(({ name }) => removed.includes(name))]);
    this.#pods = [...waiting, ...[...this.#gone].filter((place) => !place.leaving).flatMap(movingFrom), ...moving];
    this.#moving = new Set(moving);
    this.#guards = (place, pod) => guarded && nowMs < place.quietUntilMs && !this.#moving.has(pod) && !(pod.status?.phase === "Pending" || (pod.status?.phase === undefined && (pod.spec.nodeName ?? "") === ""));
    for (const { metadata, spec } of pools) {
      let left = spec.limits;
      if (left === undefined) continue;
      for (const place of this.#places) if (!this.#gone.has(place) && place.pool === metadata.name) left = subtractResources(left, place.capacity);
      this.#remaining.set(metadata.name, left);
    }
    for (const pool of pools) for (const { offerings } of typesOf(pool)) for (const offering of offerings) {
      const id = this.#reservationOf(offering);
      if (id !== undefined) this.#reservations.set(id, Math.min(this.#reservations.get(id) ?? Infinity, offering.reservationCapacity ?? 0));
    }
    const batch = new Set(this.#pods);
    const nodes = of<Node>("Node");
    const on = (node: Node): readonly Pod[] => of<Pod>("Pod").filter((pod) => pod.spec.nodeName === node.metadata.name && !batch.has(pod));
    this.#topology = new NaiveTopology({
      tables: this.#tables,
      wellKnown: this.#wellKnown,
      namespaces: of<Namespace>("Namespace"),
      pools: pools.map((pool) => [pool, typesOf(pool)]),
      nodes: this.#places.flatMap((place) => (place.node === undefined || this.#gone.has(place) ? [] : [{ node: place.node, labels: place.labels }])),
      running: nodes.map((node) => ({ node, known: this.#places.some((place) => place.node === node), pods: on(node).filter((pod) => isActive(pod)), antiAffine: on(node).filter((pod) => !isTerminal(pod)) })),
      ignorePreferences: cluster.options?.preferencePolicy === "Ignore",
    });
  }

  run(): NaivePlan {
    if (this.#pools.length === 0) return { newNodeClaims: [], existingNodes: [], refused: this.#pods.map(nameOf).sort() };
    for (const pod of this.#pods) this.#topology.bring(pod);
    const queue = this.#pods.toSorted(byRequest);
    const lengthAtPush = new Map<Pod, number>();
    const refused = new Set<Pod>();
    for (let pod = queue[0]; pod !== undefined && lengthAtPush.get(pod) !== queue.length; pod = queue[0]) {
      queue.shift();
      if (this.#place(pod)) refused.delete(pod);
      else {
        refused.add(pod);
        queue.push(pod);
        lengthAtPush.set(pod, queue.length);
      }
    }
    // Nodes still coming up are no ground to take others away.
    if (!this.#strictReservations) for (const [place, pods] of this.#placed) if (!place.initialized) for (const pod of pods) if (!this.#moving.has(pod)) refused.add(pod);
    const { kept, dropped } = this.#finished();
    return {
      newNodeClaims: kept,
      existingNodes: [...this.#placed].map(([{ name }, pods]) => ({ node: name, pods: pods.map(nameOf).sort() })).sort((a, b) => (a.node < b.node ? -1 : 1)),
      refused: [...[...refused].map(nameOf), ...dropped].sort(),
    };
  }

  #template(pool: NodePool, all: readonly InstanceType[], daemons: readonly Pod[]): readonly Template[] {
    const requirements = fromNodePool(pool, this.#tables);
    const taints = pool.spec.template.spec.taints ?? [];
    const types = all.filter((type) => this.#suits(type, requirements, {}));
    if (types.length === 0 || (this.#cluster.options?.minValuesPolicy !== "BestEffort" && !this.#isVaried(types, requirements))) return [];
    const groups = new Map<string, { readonly types: InstanceType[]; readonly daemons: readonly Pod[] }>();
    for (const type of types) {
      const running = daemons.filter((daemon) => {
        const wanted = fromPodStrict(daemon, this.#tables);
        return tolerates(taints, daemon.spec.tolerations ?? []) && isCompatible(requirements, wanted, this.#wellKnown) && intersects(fromSelectorRequirements(type.requirements, this.#tables), wanted);
      });
      const key = running.map(nameOf).join();
      const group = groups.get(key) ?? { types: [], daemons: running };
      group.types.push(type);
      groups.set(key, group);
    }
    return [{ pool, requirements, types, taints, groups: [...groups.values()].map((group) => ({ types: group.types, overhead: group.daemons.length === 0 ? {} : podsRequests(group.daemons), ports: group.daemons.flatMap((daemon) => hostPortsOf(daemon)) })) }];
  }

  /** Has the type room for so much, on an offering to be had, under the requirements? */
  #suits(type: InstanceType, requirements: Requirements, requests: ResourceList): boolean {
    return intersects(fromSelectorRequirements(type.requirements, this.#tables), requirements) && allocatableGroups(type).some((group) => this.#isOffered(group, requirements) && fits(requests, group.allocatable));
  }

  #isOffered({ offerings }: AllocatableGroup, requirements: Requirements): boolean {
    return offerings.some((offering) => isCompatible(requirements, fromSelectorRequirements(offering.requirements, this.#tables), this.#wellKnown));
  }

  #isVaried(types: readonly InstanceType[], requirements: Requirements): boolean {
    return flexibility(types, toSelectorRequirementList(requirements), this.#tables).satisfied;
  }

  #reservationOf(offering: InstanceType["offerings"][number]): string | undefined {
    const label = this.#cluster.options?.reservationIDLabel;
    if (label === undefined || this.#cluster.options?.reservedCapacity === false || offeringLabel(offering, CAPACITY_TYPE_LABEL) !== "reserved") return undefined;
    return offeringLabel(offering, label);
  }

  #place(pod: Pod): boolean {
    for (let softer: Pod | undefined = pod; softer !== undefined; softer = relaxed(softer, this.#soft)) {
      this.#topology.bring(softer);
      const outcome = this.#try(softer, pod);
      if (outcome === "placed") return true;
      if (outcome === "reserved") return false;
    }
    return false;
  }

  #wanted(pod: Pod): Requirements {
    return this.#cluster.options?.preferencePolicy === "Ignore" ? fromPodStrict(pod, this.#tables) : fromPod(pod, this.#tables);
  }

  #try(pod: Pod, original: Pod): "placed" | Refusal {
    if (hasResourceClaims(pod)) return "reserved";
    for (const place of this.#places) if (!this.#gone.has(place) && !this.#guards(place, original) && this.#ontoNode(pod, original, place)) return "placed";
    this.#claims.sort((a, b) => a.pods.length - b.pods.length);
    for (const claim of this.#claims) {
      const fit = this.#fit(claim, pod, false);
      if (typeof fit === "string") continue;
      this.#add(claim, pod, original, fit);
      return "placed";
    }
    for (const template of this.#templates) {
      const outcome = this.#launch(template, pod, original);
      if (outcome !== "no") return outcome;
    }
    return "no";
  }

  #ontoNode(pod: Pod, original: Pod, place: Place): boolean {
    const wanted = this.#wanted(pod);
    if (!tolerates(place.taints, pod.spec.tolerations ?? [])) return false;
    const volumes = attachments(pod, this.#cluster.objects);
    if (volumes === undefined) return false;
    const attached = new Set([...place.attached, ...volumes]);
    if (Object.entries(place.limits).some(([driver, most]) => [...attached].filter((volume) => volume.startsWith(`${driver} `)).length > most)) return false;
    if (hostPortConflict(hostPortsOf(pod), place.ports) !== undefined || !fits(podRequests(pod), place.remaining) || !isCompatible(place.requirements, wanted)) return false;
    const base = intersect(place.requirements, wanted);
    for (const alternative of volumeAlternatives(pod, this.#cluster.objects, this.#tables)) {
      if (!isCompatible(base, alternative)) continue;
      const narrowed = this.#topology.narrowed(pod, intersect(base, alternative), true);
      if (narrowed === undefined) continue;
      place.requirements = narrowed;
      place.remaining = subtractResources(place.remaining, podRequests(pod));
      place.ports = [...place.ports, ...hostPortsOf(pod)];
      place.attached = attached;
      this.#placed.set(place, [...(this.#placed.get(place) ?? []), original]);
      this.#topology.record(pod, narrowed, place.taints);
      return true;
    }
    return false;
  }

  #launch(template: Template, pod: Pod, original: Pod): "placed" | Refusal {
    const { name } = template.pool.metadata;
    const left = this.#remaining.get(name);
    if (left?.["nodes"] !== undefined && !more(left["nodes"], "0") && !more("0", left["nodes"])) return "no";
    const types = template.types.filter(({ capacity }) => Object.entries(left ?? {}).every(([resource, amount]) => !more(capacity[resource] ?? "0", amount)));
    if (types.length === 0) return "no";
    const hostname = `hostname-placeholder-${String(this.#claims.length + 1).padStart(4, "0")}`;
    const claim: Claim = { template, requirements: withRequirement(template.requirements, labelRequirement(HOSTNAME_LABEL, hostname)), types, requests: {}, ports: [], held: new Set(), pods: [] };
    const fit = this.#fit(claim, pod, this.#cluster.options?.minValuesPolicy === "BestEffort");
    if (typeof fit === "string") return fit;
    this.#claims.push(claim);
    this.#add(claim, pod, original, fit);
    if (left !== undefined) this.#remaining.set(name, Object.fromEntries(Object.entries(left).map(([resource, amount]) => [resource, subtractResources({ [resource]: amount }, { [resource]: largest(fit.types, resource) })[resource] as string])));
    return "placed";
  }

  #add(claim: Claim, pod: Pod, original: Pod, fit: Fit): void {
    for (const id of fit.held) if (!claim.held.has(id)) this.#reservations.set(id, (this.#reservations.get(id) ?? 0) - 1);
    for (const id of claim.held) if (!fit.held.has(id)) this.#reservations.set(id, (this.#reservations.get(id) ?? 0) + 1);
    Object.assign(claim, fit);
    claim.requests = mergeResources(claim.requests, podRequests(pod));
    claim.ports = [...claim.ports, ...hostPortsOf(pod)];
    claim.pods.push(original);
    this.#topology.record(pod, claim.requirements, claim.template.taints);
  }

  /** What the claim would be with the pod. */
  #fit(claim: Claim, pod: Pod, relaxMinValues: boolean): Fit | Refusal {
    const { template } = claim;
    const wanted = this.#wanted(pod);
    if (!tolerates(template.taints, pod.spec.tolerations ?? []) || !isCompatible(claim.requirements, wanted, this.#wellKnown)) return "no";
    const base = intersect(claim.requirements, wanted);
    let refusal: Refusal = "no";
    for (const alternative of volumeAlternatives(pod, this.#cluster.objects, this.#tables)) {
      if (!isCompatible(base, alternative, this.#wellKnown)) continue;
      const narrowed = this.#topology.narrowed(pod, intersect(base, alternative), false);
      if (narrowed === undefined) continue;
      const fit = this.#typed(claim, pod, narrowed, relaxMinValues);
      if (typeof fit !== "string") return fit;
      refusal = fit;
    }
    return refusal;
  }

  #typed(claim: Claim, pod: Pod, narrowed: Requirements, relaxMinValues: boolean): Fit | Refusal {
    if (hostPortConflict(hostPortsOf(pod), claim.ports) !== undefined) return "no";
    const requests = mergeResources(claim.requests, podRequests(pod));
    const groups = claim.template.groups.filter(({ ports }) => hostPortConflict(hostPortsOf(pod), ports) === undefined);
    const types = claim.types.filter((type) => groups.some((group) => group.types.includes(type) && this.#suits(type, narrowed, mergeResources(requests, group.overhead))));
    if (types.length === 0) return "no";
    let requirements = narrowed;
    if (hasMinValues(narrowed)) {
      const { satisfied, unsatisfied } = flexibility(types, toSelectorRequirementList(narrowed), this.#tables);
      if (!satisfied && !relaxMinValues) return "no";
      requirements = Object.assign(Object.create(null) as object, narrowed, Object.fromEntries(Object.entries(unsatisfied).flatMap(([key, reached]) => (narrowed[key] === undefined ? [] : [[key, { ...narrowed[key], minValues: reached }]])))) as Requirements;
    }
    const offered = types.flatMap(({ offerings }) => offerings).filter((offering) => offering.available && this.#reservationOf(offering) !== undefined && isCompatible(requirements, fromSelectorRequirements(offering.requirements, this.#tables), this.#wellKnown));
    const ids = new Set(offered.map((offering) => this.#reservationOf(offering) as string).filter((id) => claim.held.has(id) || (this.#reservations.get(id) ?? 0) > 0));
    if (this.#strictReservations && ids.size === 0 && (offered.length > 0 || claim.held.size > 0)) return "reserved";
    return { requirements, types, held: ids };
  }

  #finished(): { readonly kept: NaivePlan["newNodeClaims"]; readonly dropped: readonly string[] } {
    const { maxInstanceTypes = 600, minValuesPolicy, reservationIDLabel } = this.#cluster.options ?? {};
    const dropped: string[] = [];
    const kept = this.#claims.flatMap(({ template, requirements, types, requests, held, pods }) => {
      const { [HOSTNAME_LABEL]: _, ...rest } = requirements;
      const listed = toSelectorRequirementList(rest);
      const reserved = held.size === 0 || reservationIDLabel === undefined ? [] : [{ key: CAPACITY_TYPE_LABEL, operator: "In" as const, values: ["reserved"] }, { key: reservationIDLabel, operator: "In" as const, values: [...held].sort() }];
      const settled = reserved.length === 0 ? listed : toSelectorRequirementList(intersect(rest, fromSelectorRequirements(reserved, this.#tables)));
      const cheapest = orderByPrice(types, settled, this.#tables).slice(0, maxInstanceTypes);
      if (minValuesPolicy !== "BestEffort" && !this.#isVaried(cheapest, requirements)) {
        dropped.push(...pods.map(nameOf));
        return [];
      }
      const price = cheapest[0] === undefined ? Number.MAX_VALUE : launchPrice(cheapest[0], settled, this.#tables);
      return [{ nodePool: template.pool.metadata.name, pods: pods.map(nameOf).sort(), instanceTypes: cheapest.map(({ name }) => name), cheapestPrice: price === Number.MAX_VALUE ? -1 : price, requests: withDaemons(template, types, requests), plannedRequirements: settled }];
    });
    return { kept: kept.sort((a, b) => ((a.pods[0] ?? "") < (b.pods[0] ?? "") ? -1 : 1)), dropped };
  }
}

/** A pool that nobody has said anything about is ready. */
function makesNodes({ metadata, spec, status }: NodePool): boolean {
  const conditions = status?.conditions ?? [];
  return spec.replicas === undefined && metadata.deletionTimestamp === undefined && (conditions.length === 0 || conditions.some((condition) => condition.type === "Ready" && condition.status === "True"));
}

/** What the naive model leaves out: clusters with buffers. */
export function isInModel({ objects }: Cluster): boolean {
  return !objects.some((object) => (object.kind as string) === ("CapacityBuffer" satisfies CapacityBuffer["kind"]));
}

/** The requests, and of each resource the least that daemons take on any of the types; nothing if on some there are none. */
function withDaemons({ groups }: Template, types: readonly InstanceType[], requests: ResourceList): ResourceList {
  const left = groups.filter((group) => group.types.some((type) => types.includes(type)));
  const least = left.some(({ overhead }) => Object.keys(overhead).length === 0) ? {} : minResources(...left.map(({ overhead }) => overhead));
  return mergeResources(requests, least);
}

function largest(types: readonly InstanceType[], resource: string): string {
  return types.map(({ capacity }) => capacity[resource] ?? "0").reduce((a, b) => (more(b, a) ? b : a), "0");
}

/** The newest of its pods, else one made from its template. */
function daemonOf(set: DaemonSet, pods: readonly Pod[]): Pod {
  const own = pods.filter(({ metadata }) => metadata.namespace === set.metadata.namespace && metadata.ownerReferences?.some(({ controller, kind, uid }) => controller === true && kind === "DaemonSet" && uid === set.metadata.uid));
  const newest = own.toSorted((a, b) => (a.metadata.creationTimestamp ?? "") > (b.metadata.creationTimestamp ?? "") ? -1 : 1)[0];
  return newest ?? daemonSetPod(set);
}

/** A pod that nobody has looked at yet waits too. */
function isWaiting(pod: Pod): boolean {
  if ((pod.status?.conditions ?? []).length > 0) return isProvisionable(pod);
  return !isScheduled(pod) && (pod.spec.schedulingGates ?? []).length === 0 && !isPreempting(pod) && !isOwnedByDaemonSet(pod) && !isOwnedByNode(pod);
}

const byName = (a: Pod, b: Pod): number => {
  const [x, y] = [`${a.metadata.namespace ?? ""}\n${a.metadata.name}`, `${b.metadata.namespace ?? ""}\n${b.metadata.name}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

/** Most cpu, most memory, oldest, uid. */
function byRequest(a: Pod, b: Pod): number {
  const [x, y] = [podRequests(a), podRequests(b)];
  for (const resource of ["cpu", "memory"]) {
    const difference = compareQuantities(parseQuantity(y[resource] ?? "0"), parseQuantity(x[resource] ?? "0"));
    if (difference !== 0) return difference;
  }
  const at = ({ metadata }: Pod): number => (metadata.creationTimestamp === undefined ? 0 : timeMs(metadata.creationTimestamp));
  const uid = ({ metadata }: Pod): string => metadata.uid ?? `${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
  return at(a) - at(b) || (uid(a) < uid(b) ? -1 : 1);
}
