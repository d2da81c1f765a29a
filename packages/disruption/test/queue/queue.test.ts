import type { KubeObject, Node, NodeClaim } from "@groupless/api";
import { apply, type Cluster } from "@groupless/bin-packer";
import { describe, expect, test } from "vitest";
import type { DisruptionAction } from "../../src/queue/action.ts";
import { advanceQueue } from "../../src/queue/advance.ts";
import { disruptionLoop, POLLING_MS, SYNC_RETRY_MS } from "../../src/queue/loop.ts";
import { EMPTY_QUEUE, type Queue, queuedProviderIDs } from "../../src/queue/queue.ts";
import { startCommand } from "../../src/queue/start.ts";
import { commandTimeoutMs } from "../../src/queue/timeout.ts";
import { clusterOf, drifted, node, nodePool, NOW_MS, pod } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

const MINUTE = 60_000;
const stuck = clusterOf([node("a", { size: "2xlarge", conditions: drifted() }), pod("p", "a", { cpu: "9" })]);

/** What a turn of the loop comes to, without what it tells. */
function done({ methods, ...step }: ReturnType<typeof disruptionLoop>): object {
  return { ...step, actions: step.actions.filter(({ type }) => type !== "report"), methods: methods.map(({ method, commands, settled, error }) => ({ method, commands, settled, error })) };
}

/** A cluster that does what the loop says. */
class Story {
  cluster: Cluster;
  nowMs = NOW_MS;
  queue: Queue = EMPTY_QUEUE;
  actions: readonly DisruptionAction[] = [];

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  loop(): ReturnType<typeof disruptionLoop> {
    const now = this.#prepared();
    // Whoever listens to nothing gets the same done, also where the wait before validation lies between two looks at one cluster.
    for (const options of [{}, { afterWait: (same: typeof now) => same }]) expect(done(disruptionLoop(this.queue, now, { brief: true, ...options }))).toEqual(done(disruptionLoop(this.queue, now, options)));
    const step = disruptionLoop(this.queue, now);
    this.#take(step);
    return step;
  }

  advance(launching: readonly string[] = []): ReturnType<typeof advanceQueue> {
    const step = advanceQueue(this.queue, this.#prepared(), { launching });
    this.#take(step);
    return step;
  }

  /** The claims made for the commands, by name. */
  get replacements(): readonly NodeClaim[] {
    return this.cluster.objects.filter((object) => object.kind === "NodeClaim" && object.metadata.generateName !== undefined) as NodeClaim[];
  }

  initialize(): void {
    for (const [i, claim] of this.replacements.entries()) this.put({ ...claim, status: { providerID: `new-${i}`, conditions: [{ type: "Initialized", status: "True" }] } });
  }

  put(object: KubeObject): void {
    this.cluster = apply(this.cluster, { objects: [object] });
  }

  remove(kind: string, name: string): void {
    this.cluster = { ...this.cluster, objects: this.cluster.objects.filter((object) => object.kind !== kind || object.metadata.name !== name) };
  }

  get<T extends KubeObject>(kind: string, name: string): T | undefined {
    return this.cluster.objects.find((object) => object.kind === kind && object.metadata.name === name) as T | undefined;
  }

  taintsOf(name: string): readonly string[] {
    return (this.get<Node>("Node", name)?.spec?.taints ?? []).map(({ key }) => key);
  }

  #prepared(): ReturnType<typeof prepared> {
    return prepared({ ...this.cluster, markedForDeletion: queuedProviderIDs(this.queue) }, this.nowMs);
  }

  #take({ queue, actions }: { readonly queue: Queue; readonly actions: readonly DisruptionAction[] }): void {
    this.queue = queue;
    this.actions = actions;
    for (const action of actions) {
      if (action.type === "create" || action.type === "update") this.put(action.object);
      if (action.type === "delete") {
        const claim = this.get<NodeClaim>("NodeClaim", action.name);
        if (claim !== undefined) this.put({ ...claim, metadata: { ...claim.metadata, deletionTimestamp: new Date(this.nowMs).toISOString().replace(".000", "") } });
      }
    }
  }
}

describe("a command", () => {
  test("D-132 taints its nodes, says why on their claims, makes its replacements, and waits for them", () => {
    const story = new Story(stuck);
    expect(story.loop()).toMatchObject({ requeueAfterMs: 0, started: [{ decision: "replace", sourceNodes: ["a"] }] });
    expect(story.taintsOf("a")).toEqual(["karpenter.sh/disrupted"]);
    expect(story.get<NodeClaim>("NodeClaim", "claim-a")?.status?.conditions).toContainEqual({ type: "DisruptionReason", status: "True", reason: "Drifted", message: "Drifted", lastTransitionTime: "2026-08-20T12:00:00Z" });
    expect(story.replacements).toHaveLength(1);
    expect(story.advance()).toMatchObject({ requeueAfterMs: 1000, failed: [], succeeded: [] });
    expect(story.taintsOf("a")).toEqual(["karpenter.sh/disrupted"]);
    expect(story.actions).toEqual([
      { type: "report", object: `NodeClaim/${story.replacements[0]?.metadata.name}`, eventType: "Normal", reason: "DisruptionLaunching", message: "Launching NodeClaim: Drifted" },
      { type: "report", object: `NodeClaim/${story.replacements[0]?.metadata.name}`, eventType: "Normal", reason: "DisruptionWaitingReadiness", message: "Waiting on readiness to continue disruption" },
    ]);
  });

  test("D-133 goes on waiting while a claim that was created does not show yet", () => {
    const story = new Story(stuck);
    story.loop();
    const name = story.replacements[0]?.metadata.name ?? "";
    story.remove("NodeClaim", name);
    expect(story.advance([name])).toMatchObject({ requeueAfterMs: 1000, failed: [] });
    expect(story.queue.commands).toHaveLength(1);
  });

  test("D-133 D-107 is given up when a replacement is gone: its nodes are as before", () => {
    const story = new Story(stuck);
    story.loop();
    story.remove("NodeClaim", story.replacements[0]?.metadata.name ?? "");
    expect(story.advance().failed).toMatchObject([{ reason: "replacement-deleted" }]);
    expect(story.taintsOf("a")).toEqual([]);
    expect(story.get<NodeClaim>("NodeClaim", "claim-a")?.status?.conditions?.map(({ type }) => type)).not.toContain("DisruptionReason");
    expect(story.queue.commands).toEqual([]);
  });

  test("D-134 is given up after its time: nodes freed, replacements left alone", () => {
    const story = new Story(stuck);
    story.loop();
    story.nowMs += 10 * MINUTE;
    expect(story.advance().failed).toEqual([]);
    story.nowMs += 1;
    expect(story.advance().failed).toMatchObject([{ reason: "timeout" }]);
    expect(story.taintsOf("a")).toEqual([]);
    expect(story.replacements).toHaveLength(1);
  });

  test("D-135 deletes its nodes' claims once all replacements were seen initialized, even if they are not any more", () => {
    const story = new Story(stuck);
    story.loop();
    story.initialize();
    expect(story.advance()).toMatchObject({ succeeded: [{ reason: "Drifted" }], failed: [] });
    expect(story.get<NodeClaim>("NodeClaim", "claim-a")?.metadata.deletionTimestamp).toBe("2026-08-20T12:00:00Z");
    expect(story.actions).toContainEqual({ type: "report", object: "Node/a", eventType: "Normal", reason: "DisruptionTerminating", message: "Disrupting Node: Drifted" });
    const latched: Queue = { ...story.queue, commands: [{ method: "Drift", reason: "Drifted", sources: [{ node: "a", nodeClaim: "claim-a", providerID: "aws:///zone-a/i-a", nodePool: "default", static: false }], replacements: [{ nodeClaim: "no-more", initialized: true }], startedMs: story.nowMs }] };
    expect(advanceQueue(latched, prepared(stuck, story.nowMs)).succeeded).toHaveLength(1);
  });

  test("D-136 without replacements is done at once", () => {
    const story = new Story(clusterOf([node("a")]));
    story.loop();
    expect(story.advance().succeeded).toHaveLength(1);
    expect(story.queue.commands).toEqual([]);
  });

  test("D-137 D-139 does not wait for another", () => {
    const story = new Story(clusterOf([node("a", { size: "2xlarge", conditions: drifted() }), pod("p", "a", { cpu: "9" }), node("b", { size: "2xlarge", conditions: drifted("2026-08-20T11:30:00Z") }), pod("q", "b", { cpu: "9" })]));
    story.loop();
    story.initialize();
    story.loop();
    expect(story.queue.commands.map(({ sources }) => sources.map(({ node: name }) => name))).toEqual([["a"], ["b"]]);
    expect(story.advance().succeeded.map(({ sources }) => sources[0]?.node)).toEqual(["a"]);
    expect(story.queue.commands.map(({ sources }) => sources[0]?.node)).toEqual(["b"]);
  });

  test("is not started twice, nor for a node that is gone", () => {
    const now = prepared(stuck);
    const [command] = disruptionLoop(EMPTY_QUEUE, now).started;
    if (command === undefined) throw new Error("no command");
    const { queue } = startCommand(EMPTY_QUEUE, command, now);
    expect(startCommand(queue, command, now)).toEqual({ queue, actions: [] });
    expect(startCommand(EMPTY_QUEUE, command, prepared(clusterOf([])))).toEqual({ queue: EMPTY_QUEUE, actions: [] });
  });

  test("nominates the nodes that get its pods", () => {
    const step = disruptionLoop(EMPTY_QUEUE, prepared(clusterOf([node("a", { conditions: drifted() }), pod("p", "a"), node("b", { conditions: [] })])));
    expect(step.actions).toContainEqual({ type: "nominate", providerIDs: ["aws:///zone-a/i-b"] });
  });
});

describe("over hours", () => {
  const three = ["a", "b", "c"].flatMap((name, i) => [...node(name, { size: "2xlarge", conditions: drifted(`2026-08-20T0${i + 1}:00:00Z`) }), pod(`p-${name}`, name, { cpu: "9" })]);

  test("D-188 drift keeps to its budget while replacements never come up, frees the node each time, and starts with the oldest again", () => {
    const story = new Story(clusterOf(three, { nodePools: [nodePool({ budgets: [{ nodes: "1" }] })] }));
    for (let round = 0; round < 3; round++) {
      expect(story.loop().started.map(({ sourceNodes }) => sourceNodes)).toEqual([["a"]]);
      expect(story.taintsOf("a")).toEqual(["karpenter.sh/disrupted"]);
      // The new instance is there, but never gets ready; the budget lets no other node go.
      for (const [i, claim] of story.replacements.entries()) story.put({ ...claim, status: { providerID: `stuck-${round}-${i}` } });
      expect(story.loop().started).toEqual([]);
      story.nowMs += 10 * MINUTE + 1;
      expect(story.advance().failed.map(({ reason }) => reason)).toEqual(["timeout"]);
      expect(["a", "b", "c"].flatMap((name) => story.taintsOf(name))).toEqual([]);
      for (const { metadata } of story.replacements) story.remove("NodeClaim", metadata.name);
    }
  });

  test("D-189 however often the loop runs, no more nodes are launched than are being replaced", () => {
    const story = new Story(clusterOf(three));
    const launched = { cpu: "16", memory: "64Gi", pods: "110" };
    for (let round = 0; round < 10; round++) {
      story.loop();
      for (const [i, claim] of story.replacements.entries()) if (claim.status === undefined) story.put({ ...claim, status: { providerID: `launching-${i}`, capacity: launched, allocatable: launched } });
    }
    expect(story.queue.commands).toHaveLength(3);
    expect(story.replacements).toHaveLength(3);
  });
});

test("D-138 commands have 80 ms for each node in the queue, ten minutes at least, an hour at most", () => {
  expect([100, 4000, 10_000, 40_000, 45_000].map((nodes) => commandTimeoutMs(nodes) / MINUTE)).toEqual([10, 10, 13 + 1 / 3, 53 + 1 / 3, 60]);
});

describe("the loop", () => {
  test("D-145 waits for claims that have no instance yet", () => {
    const { metadata, spec, ...claim } = node("b")[1];
    expect(disruptionLoop(EMPTY_QUEUE, prepared(clusterOf([node("a"), { ...claim, metadata, spec, status: {} }])))).toMatchObject({ requeueAfterMs: SYNC_RETRY_MS, started: [] });
  });

  test("D-107 frees nodes that an aborted command left tainted", () => {
    const [made, claim] = node("a", { size: "small" });
    const tainted: Node = { ...made, spec: { ...made.spec, taints: [{ key: "own", effect: "NoSchedule" }, { key: "karpenter.sh/disrupted", effect: "NoSchedule" }] } };
    const story = new Story(clusterOf([tainted, claim, pod("p", "a", { cpu: "900m" })]));
    expect(story.loop()).toMatchObject({ requeueAfterMs: POLLING_MS, started: [] });
    expect(story.taintsOf("a")).toEqual(["own"]);
  });

  test("a claim it frees gets the conditions it still lacks, as unknown", () => {
    const [made, claim] = node("a", { size: "small" });
    const story = new Story(clusterOf([made, { ...claim, status: { ...claim.status, conditions: [{ type: "Initialized", status: "True" }] } }, pod("p", "a", { cpu: "900m" })]));
    story.loop();
    const unknown = { status: "Unknown", reason: "AwaitingReconciliation", message: "object is awaiting reconciliation", lastTransitionTime: claim.metadata.creationTimestamp };
    expect(story.get<NodeClaim>("NodeClaim", "claim-a")?.status?.conditions).toEqual([{ type: "Initialized", status: "True" }, { type: "Launched", ...unknown }, { type: "Registered", ...unknown }]);
  });

  test("D-144 does not look again until something changes, five minutes at most", () => {
    const story = new Story(clusterOf([node("a", { size: "small" }), pod("p", "a", { cpu: "900m" })]));
    const said = (): boolean => story.loop().actions.some((action) => action.type === "report" && action.reason === "Unconsolidatable");
    expect(said()).toBe(true);
    expect(said()).toBe(false);
    story.put({ ...nodePool(), metadata: { ...nodePool().metadata, generation: 2 } });
    story.cluster = { ...story.cluster, nodePools: [{ ...nodePool(), metadata: { ...nodePool().metadata, generation: 2 } }] };
    expect(said()).toBe(true);
    expect(said()).toBe(false);
    story.nowMs += 5 * MINUTE;
    expect(said()).toBe(true);
    story.remove("Pod", "p");
    expect(story.loop().started).toMatchObject([{ reason: "Empty" }]);
  });
});

test("D-142 a command says what it saves", () => {
  const [command] = disruptionLoop(EMPTY_QUEUE, prepared(clusterOf([node("a", { size: "xlarge" }), pod("p", "a")]))).started;
  expect(command).toMatchObject({ decision: "replace", method: "SingleNodeConsolidation", reason: "Underutilized", sourceNodes: ["a"] });
  expect(command?.estimatedSavings).toBeCloseTo(0.16 - 0.02, 9);
});
