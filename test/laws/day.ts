import { budgetStatus, canEvict, isKind, isOwnedByDaemonSet, isReschedulable, type KubeObject, nameOf, type Node, type NodeClaim, type Pod, type PodDisruptionBudget, timeText } from "@groupless/api";
import { type Cluster, prepare, type Prepared, type Profile, solve } from "@groupless/bin-packer";
import { advanceQueue, type Command, disruptionLoop, type DisruptionAction, EMPTY_QUEUE, type Queue, queuedProviderIDs } from "@groupless/disruption";
import { drifted, node as nodeObjects } from "../../packages/disruption/test/cluster-fixture.ts";

/** Something that happens to a cluster by itself. */
export type Incident = { readonly what: "pod-leaves" | "pod-comes" | "node-drifts" | "nothing"; readonly which: number };

/** A cluster that does what the loop says: nodes come up by the next turn, drained nodes lose the pods their budgets let go, evicted pods come again. */
export class Day {
  cluster: Cluster;
  nowMs: number;
  readonly #profile: Profile;
  #queue: Queue = EMPTY_QUEUE;
  #serial = 0;

  constructor(cluster: Cluster, nowMs: number, profile: Profile) {
    this.cluster = { ...cluster, nominated: [] };
    this.nowMs = nowMs;
    this.#profile = profile;
    this.#settle();
  }

  /** The cluster as the loop sees it, commands under way marked. */
  get prepared(): Prepared {
    return prepare(this.cluster, { nowMs: this.nowMs, profile: this.#profile });
  }

  /** A turn some time later: what happened meanwhile, then the scheduler, then the loop. Returns what it started, and the cluster that it saw. */
  turn(afterMs: number, { what, which }: Incident): { readonly before: Cluster; readonly started: readonly Command[] } {
    this.nowMs += afterMs;
    const pick = <T>(list: readonly T[]): T | undefined => list[which % Math.max(1, list.length)];
    if (what === "pod-leaves") this.#remove(pick(this.pods.filter(isReschedulable)));
    if (what === "pod-comes") this.#put(this.#reborn(pick(this.pods.filter(isReschedulable))));
    if (what === "node-drifts") this.#drift(pick(this.#all("NodeClaim")));
    this.#launch();
    this.#drain();
    this.#schedule();
    this.#settle();
    const before = this.cluster;
    const { queue, actions, started } = disruptionLoop(this.#queue, this.prepared);
    this.#queue = queue;
    this.#take(actions);
    this.#launch();
    const progress = advanceQueue(this.#queue, this.prepared);
    this.#queue = progress.queue;
    this.#take(progress.actions);
    this.#settle();
    return { before, started };
  }

  get pods(): readonly Pod[] {
    return this.#all("Pod");
  }

  #all<K extends "Pod" | "Node" | "NodeClaim" | "PodDisruptionBudget">(kind: K): readonly Extract<KubeObject, { kind: K }>[] {
    return this.cluster.objects.filter((object): object is Extract<KubeObject, { kind: K }> => isKind(object, kind));
  }

  #put(object: KubeObject | undefined): void {
    if (object === undefined) return;
    const others = this.cluster.objects.filter((other) => other.kind !== object.kind || nameOf(other) !== nameOf(object));
    this.cluster = { ...this.cluster, objects: [...others, object] };
  }

  #remove(gone: KubeObject | undefined): void {
    if (gone === undefined) return;
    this.cluster = { ...this.cluster, objects: this.cluster.objects.filter((object) => object !== gone) };
    if (isKind(gone, "Pod")) this.#stir(gone.spec.nodeName);
  }

  // A pod came or went.
  #stir(nodeName: string | undefined): void {
    const claim = this.#all("NodeClaim").find(({ status }) => status?.nodeName === nodeName);
    if (claim !== undefined && nodeName !== undefined) this.#put({ ...claim, status: { ...claim.status, lastPodEventTime: timeText(this.nowMs) } });
  }

  #drift(claim: NodeClaim | undefined): void {
    if (claim !== undefined) this.#put({ ...claim, status: { ...claim.status, conditions: [...(claim.status?.conditions ?? []).filter(({ type }) => type !== "Drifted"), ...drifted()] } });
  }

  /** Its workload makes a pod like it. */
  #reborn(pod: Pod | undefined): Pod | undefined {
    if (pod === undefined) return undefined;
    const name = `again-${this.#serial++}`;
    return { ...pod, metadata: { ...pod.metadata, name, uid: name }, spec: unbound(pod.spec), status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] } };
  }

  #bind(pod: Pod, nodeName: string): void {
    this.#put({ ...pod, spec: { ...pod.spec, nodeName }, status: { phase: "Running", startTime: timeText(this.nowMs), conditions: [{ type: "Ready", status: "True" }] } });
    this.#stir(nodeName);
  }

  /** A ready node for a claim that has none, of the cheapest type it allows. */
  #launch(): void {
    for (const claim of this.#all("NodeClaim")) {
      if (claim.status?.providerID !== undefined) continue;
      const values = (key: string): readonly string[] => claim.spec.requirements?.find((requirement) => requirement.key === key)?.values ?? [];
      const sizes = Object.values(this.cluster.instanceTypes).flat().map(({ name }) => name);
      const size = sizes.find((each) => values("node.kubernetes.io/instance-type").includes(each)) ?? "2xlarge";
      const capacityType = values("karpenter.sh/capacity-type").includes("spot") ? "spot" : "on-demand";
      const [node, { status }] = nodeObjects(claim.metadata.name, { size, capacityType });
      this.#put(node);
      this.#put({ ...claim, metadata: { ...claim.metadata, labels: { ...node.metadata.labels } }, status: { ...status, lastPodEventTime: timeText(this.nowMs) } } as NodeClaim);
    }
  }

  /** As the termination controller does: what budgets let go is evicted, and the last pod out turns off the light. */
  #drain(): void {
    for (const claim of this.#all("NodeClaim").filter(({ metadata }) => metadata.deletionTimestamp !== undefined)) {
      const nodeName = claim.status?.nodeName;
      const stay = (pod: Pod): boolean => pod.spec.nodeName === nodeName && !isOwnedByDaemonSet(pod);
      for (const pod of this.pods.filter(stay)) {
        if (pod.metadata.annotations?.["karpenter.sh/do-not-disrupt"] === "true" || !canEvict(pod, this.#all("PodDisruptionBudget"), this.nowMs).evictable) continue;
        this.#remove(pod);
        this.#put(this.#reborn(pod));
        this.#count();
      }
      if (this.pods.some(stay)) continue;
      for (const daemon of this.pods.filter(({ spec }) => spec.nodeName === nodeName)) this.#remove(daemon);
      this.#remove(this.#all("Node").find(({ metadata }) => metadata.name === nodeName));
      this.#remove(this.#all("NodeClaim").find(({ metadata }) => metadata.name === claim.metadata.name));
    }
  }

  #schedule(): void {
    this.#mark();
    const packing = solve(this.prepared);
    const podOf = new Map(this.pods.map((pod) => [nameOf(pod), pod]));
    const waits = (pod: Pod | undefined): pod is Pod => pod !== undefined && pod.spec.nodeName === undefined;
    for (const { node, pods } of packing.existingNodes) for (const pod of pods.map((name) => podOf.get(name)).filter(waits)) this.#bind(pod, node);
    for (const { instanceTypes, requirements, pods } of packing.newNodeClaims) {
      const waiting = pods.map((name) => podOf.get(name)).filter(waits);
      if (waiting.length === 0) continue;
      const name = `new-${this.#serial++}`;
      const spot = requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values?.includes("spot") === true;
      for (const object of nodeObjects(name, { size: instanceTypes[0] ?? "2xlarge", capacityType: spot ? "spot" : "on-demand" })) this.#put(object);
      for (const pod of waiting) this.#bind(pod, name);
    }
  }

  #take(actions: readonly DisruptionAction[]): void {
    for (const action of actions) {
      if (action.type === "create" || action.type === "update") this.#put(action.object);
      const claim = action.type === "delete" ? this.#all("NodeClaim").find(({ metadata }) => metadata.name === action.name) : undefined;
      if (claim !== undefined) this.#put({ ...claim, metadata: { ...claim.metadata, deletionTimestamp: timeText(this.nowMs) } });
    }
  }

  /** What controllers write: budgets' status, who is consolidatable, who is leaving. */
  #settle(): void {
    this.#count();
    this.#mark();
    for (const claim of this.#all("NodeClaim")) {
      const quietMs = this.cluster.nodePools[0]?.spec.disruption.consolidateAfter === "30m" ? 30 * 60_000 : 0;
      const since = Date.parse(claim.status?.lastPodEventTime ?? "2026-01-01T00:00:00Z");
      const others = (claim.status?.conditions ?? []).filter(({ type }) => type !== "Consolidatable");
      const isQuiet = this.nowMs - since >= quietMs && others.some(({ type, status }) => type === "Initialized" && status === "True");
      this.#put({ ...claim, status: { ...claim.status, conditions: [...others, ...(isQuiet ? [{ type: "Consolidatable", status: "True" as const, lastTransitionTime: timeText(since) }] : [])] } });
    }
  }

  #count(): void {
    for (const budget of this.#all("PodDisruptionBudget")) this.#put({ ...budget, status: budgetStatus(budget, this.pods) } as PodDisruptionBudget);
  }

  #mark(): void {
    this.cluster = { ...this.cluster, markedForDeletion: queuedProviderIDs(this.#queue) };
  }

  /** Nodes of a pool that are on their way out or about to be. */
  get leaving(): readonly Node[] {
    const claims = new Set(this.#all("NodeClaim").filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ status }) => status?.nodeName));
    const queued = new Set(queuedProviderIDs(this.#queue));
    return this.#all("Node").filter(({ metadata, spec }) => claims.has(metadata.name) || queued.has(spec?.providerID ?? ""));
  }
}

function unbound({ nodeName: _nodeName, ...spec }: Pod["spec"]): Pod["spec"] {
  return spec;
}
