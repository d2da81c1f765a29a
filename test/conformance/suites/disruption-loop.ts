import { type Condition, durationMs, type KubeObject, nameOf, type Node, type NodeClaim, type NodePool, timeText } from "@groupless/api";
import { type Cluster, prepare, type Prepared } from "@groupless/bin-packer";
import { allocatable } from "@groupless/catalog";
import { advanceQueue, commandTimeoutMs, type DisruptionAction, type DisruptionEvent, disruptionLoop, EMPTY_QUEUE, type Queue, queuedProviderIDs } from "@groupless/disruption";
import type { Context, Line } from "../suite.ts";
import { canonicalEvents, clusterOf } from "./disruption.ts";
import { difference, view } from "./lifecycle-world.ts";

interface Step {
  readonly do: "loop" | "queue" | "advance" | "register" | "initialize" | "delete";
  readonly duration?: string;
  readonly object?: string;
}

type Views = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const WAIT_MS = 15_000;
const NOMINATION_MS = 20_000;
const NEW_PROVIDER_ID = "aws:///us-west-2/i-new";

/** Plays a script of the disruption loop and its queue. */
export function playLoop(steps: readonly Step[], { input }: Line, context: Context): unknown {
  const world = new LoopWorld(clusterOf(input, context), Date.parse(input.now), input.objects);
  return { steps: steps.map((step) => world.play(step)) };
}

class LoopWorld {
  #cluster: Cluster;
  #nowMs: number;
  #queue: Queue = EMPTY_QUEUE;
  readonly #given: readonly KubeObject[];
  readonly #shortNames = new Map<string, string>();
  readonly #launching = new Set<string>();
  #nominated = new Map<string, number>();

  constructor(cluster: Cluster, nowMs: number, given: readonly KubeObject[]) {
    this.#cluster = cluster;
    this.#nowMs = nowMs;
    this.#given = given;
  }

  play(step: Step): unknown {
    const before = this.#views();
    const events: DisruptionEvent[] = [];
    const requeueAfterSeconds = this.#do(step, events);
    const queued = queuedProviderIDs(this.#queue).length;
    return {
      do: step.do,
      requeueAfterSeconds,
      queue: this.#queue.commands
        .map(({ reason, sources, replacements }) => ({
          reason,
          sourceNodes: sources.map(({ node }) => node).toSorted(),
          replacements: replacements.length,
          initialized: replacements.filter(({ initialized }) => initialized).length,
          timeoutSeconds: commandTimeoutMs(queued) / 1000,
        }))
        .toSorted((a, b) => (a.sourceNodes.join(" ") < b.sourceNodes.join(" ") ? -1 : 1)),
      changes: changesOf(before, this.#views()),
      events: canonicalEvents(events, this.#given)
        .toSorted((a, b) => (a.object + a.reason < b.object + b.reason ? -1 : 1))
        .map((event) => ({ ...event, object: this.#short(event.object) })),
    };
  }

  #do(step: Step, events: DisruptionEvent[]): number {
    switch (step.do) {
      case "loop": {
        let prepared = this.#prepared();
        const afterWait = ({ cluster }: Prepared): Prepared => {
          this.#nowMs += WAIT_MS;
          return (prepared = prepare(cluster, { nowMs: this.#nowMs }));
        };
        const { queue, actions, requeueAfterMs } = disruptionLoop(this.#queue, prepared, { afterWait, launching: [...this.#launching] });
        this.#queue = queue;
        this.#apply(actions, events);
        return requeueAfterMs === 0 ? 1e-9 : requeueAfterMs / 1000;
      }
      case "queue": {
        const { queue, actions, requeueAfterMs = 0 } = advanceQueue(this.#queue, this.#prepared(), { launching: [...this.#launching] });
        this.#queue = queue;
        this.#apply(actions, events);
        return requeueAfterMs / 1000;
      }
      case "advance":
        this.#nowMs += durationMs(step.duration ?? "0");
        return 0;
      case "delete":
        this.#delete(...((step.object ?? "").split("/") as [string, string]));
        return 0;
      default:
        this.#bringUp(this.#long(step.object ?? ""), step.do === "initialize");
        return 0;
    }
  }

  #prepared(): Prepared {
    const nominated = [...this.#nominated].filter(([, untilMs]) => untilMs > this.#nowMs).map(([id]) => id);
    return prepare({ ...this.#cluster, markedForDeletion: queuedProviderIDs(this.#queue), nominated }, { nowMs: this.#nowMs });
  }

  #apply(actions: readonly DisruptionAction[], events: DisruptionEvent[]): void {
    for (const action of actions) {
      if (action.type === "report") events.push({ object: action.object, type: action.eventType, reason: action.reason, message: action.message });
      else if (action.type === "nominate") for (const id of action.providerIDs) this.#nominated.set(id, this.#nowMs + NOMINATION_MS);
      else if (action.type === "delete") this.#markDeleted(action.name);
      else this.#put(action.object);
    }
  }

  #put(object: KubeObject): void {
    const rest = this.#cluster.objects.filter((other) => other.kind !== object.kind || nameOf(other) !== nameOf(object));
    if (object.kind === "NodeClaim" && rest.length === this.#cluster.objects.length) this.#shortNames.set(object.metadata.name, `new-${this.#shortNames.size + 1}`);
    this.#cluster = { ...this.#cluster, objects: [...rest, object] };
  }

  // The claims of the vectors have the termination finalizer where they say so: then they stay, deleting.
  #markDeleted(name: string): void {
    const claim = this.#cluster.objects.find(({ kind, metadata }) => kind === "NodeClaim" && metadata.name === name);
    if (claim === undefined) return;
    if ((claim.metadata.finalizers ?? []).length === 0) this.#delete("NodeClaim", name);
    else this.#put({ ...claim, metadata: { ...claim.metadata, deletionTimestamp: claim.metadata.deletionTimestamp ?? timeText(this.#nowMs) } } as KubeObject);
  }

  #delete(kind: string, short: string): void {
    const name = this.#long(short);
    const claim = this.#cluster.objects.find((object) => object.kind === "NodeClaim" && kind === "NodeClaim" && object.metadata.name === name) as NodeClaim | undefined;
    // Karpenter's state finds claims by instance: one that goes before it has any stays on its books for a while.
    if (claim !== undefined && claim.status?.providerID === undefined) this.#launching.add(name);
    this.#cluster = { ...this.#cluster, objects: this.#cluster.objects.filter((object) => object.kind !== kind || object.metadata.name !== name) };
  }

  /** The cloud's and the kubelet's part: an instance of m6.large for the claim. */
  #bringUp(name: string, initialized: boolean): void {
    const claim = this.#cluster.objects.find(({ kind, metadata }) => kind === "NodeClaim" && metadata.name === name) as NodeClaim;
    const pool = claim.metadata.labels?.["karpenter.sh/nodepool"] ?? "";
    const types = this.#cluster.instanceTypes[pool] ?? this.#cluster.instanceTypes["*"] ?? [];
    const type = types.find((candidate) => candidate.name === "m6.large");
    const resources = type === undefined ? {} : allocatable(type);
    const conditions = ["Launched", "Registered", ...(initialized ? ["Initialized"] : [])].map((kind): Condition => ({ type: kind, status: "True", reason: kind, lastTransitionTime: timeText(this.#nowMs) }));
    const kept = (claim.status?.conditions ?? []).filter(({ type: kind }) => !conditions.some((condition) => condition.type === kind));
    const known = (claim.status?.conditions ?? []).filter(({ type: kind }) => conditions.some((condition) => condition.type === kind));
    const merged = conditions.map((condition) => known.find(({ type: kind, status }) => kind === condition.type && status === "True") ?? condition);
    this.#put({ ...claim, status: { ...claim.status, providerID: NEW_PROVIDER_ID, nodeName: "new", allocatable: resources, capacity: resources, conditions: [...kept, ...merged] } });
    const labels = { "karpenter.sh/nodepool": pool, "karpenter.sh/registered": "true", "topology.kubernetes.io/zone": "us-west-2a", "karpenter.sh/capacity-type": "on-demand", "node.kubernetes.io/instance-type": "m6.large", ...(initialized ? { "karpenter.sh/initialized": "true" } : {}) };
    const node: Node = { apiVersion: "v1", kind: "Node", metadata: { name: "new", labels }, spec: { providerID: NEW_PROVIDER_ID }, status: { allocatable: resources, capacity: resources, conditions: [{ type: "Ready", status: "True" }] } };
    this.#put(node);
  }

  #views(): Views {
    const shown = [...this.#cluster.objects, ...(this.#cluster.nodePools as readonly NodePool[])].filter(({ kind }) => ["NodeClaim", "NodePool", "Node", "Pod"].includes(kind));
    return new Map(
      shown.map((object) => {
        const fields = Object.entries(view(object)).filter(([field]) => field !== "nodeName");
        return [this.#short(`${object.kind}/${nameOf(object)}`), Object.fromEntries(fields)];
      }),
    );
  }

  #short(text: string): string {
    const [kind, name = ""] = text.split("/");
    const short = this.#shortNames.get(name);
    return short === undefined ? text : `${kind}/${short}`;
  }

  #long(short: string): string {
    return [...this.#shortNames].find(([, name]) => name === short)?.[0] ?? short;
  }
}

function changesOf(before: Views, after: Views): Readonly<Record<string, unknown>> {
  const changes: [string, unknown][] = [];
  for (const [key, fields] of before) {
    const now = after.get(key);
    const changed = now === undefined ? "gone" : difference(fields, now);
    if (changed !== undefined) changes.push([key, changed]);
  }
  for (const [key, fields] of after) if (!before.has(key)) changes.push([key, fields]);
  return Object.fromEntries(changes);
}
