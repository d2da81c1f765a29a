import { evictionCost, isReschedulable, nameOf, type NodeClaim, type Pod } from "@groupless/api";
import { type Cluster, type Prepared, type Profile, solve } from "@groupless/bin-packer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { regroupConsolidation } from "../../src/beyond/regroup.ts";
import { splitConsolidation } from "../../src/beyond/split.ts";
import { subsetConsolidation } from "../../src/beyond/subset.ts";
import { lift } from "../../src/blockers/lift.ts";
import { poolBudgets } from "../../src/budgets/pool-budgets.ts";
import { clusterView } from "../../src/cluster/cluster-view.ts";
import { karpenterMethods } from "../../src/methods/karpenter-methods.ts";
import type { Method } from "../../src/methods/method.ts";
import { disrupt, evaluate } from "../../src/pass/evaluate.ts";
import { whyNot } from "../../src/pass/why-not.ts";
import { NOW_MS, PRICES } from "../cluster-fixture.ts";
import { prepared as preparedUnder } from "../turn-fixture.ts";
import { clusters } from "./cluster-arbitrary.ts";
import { execute } from "./execute.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 60) };

function price({ objects }: Cluster): number {
  return objects.reduce((sum, object) => {
    if (object.kind !== "Node") return sum;
    const { "node.kubernetes.io/instance-type": size = "", "karpenter.sh/capacity-type": capacityType } = object.metadata.labels ?? {};
    return sum + (PRICES[size] ?? 0) * (capacityType === "spot" ? 0.4 : 1);
  }, 0);
}

function placed({ objects }: Cluster): ReadonlySet<string> {
  return new Set(objects.filter((object): object is Pod => object.kind === "Pod" && object.spec.nodeName !== undefined && isReschedulable(object)).map(nameOf));
}

function podsOf({ objects }: Cluster): readonly Pod[] {
  return objects.filter((object): object is Pod => object.kind === "Pod");
}

/** Do an annotation or a budget that never lets anything go keep the pod where it is? */
function isKept({ metadata: { annotations, labels } }: Pod, { objects }: Cluster): boolean {
  const neverLets = objects.some((object) => object.kind === "PodDisruptionBudget" && object.spec.maxUnavailable === 0);
  return annotations?.["karpenter.sh/do-not-disrupt"] !== undefined || (neverLets && labels?.["app"] === "guarded");
}

function hasGracePeriod({ spec: { nodeName } }: Pod, { objects }: Cluster): boolean {
  return objects.some((object) => object.kind === "NodeClaim" && object.status?.nodeName === nodeName && object.spec.terminationGracePeriod !== undefined);
}

/** The method, asked about one node alone. */
function only(method: Method, name: string): Method {
  return { ...method, filter: (candidate, turn) => (candidate.name === name ? method.filter(candidate, turn) : [{ code: "custom", canResolve: false, message: "another node" }]) };
}

describe.each(["karpenter-1.14", "exact"] as const satisfies readonly Profile[])("with the profile %s", (profile) => {
  const prepared = (cluster: Cluster, nowMs?: number): Prepared => preparedUnder(cluster, nowMs, profile);

  test("a consolidation never raises the price and leaves no pod without a place that had one", () => {
    let commands = 0;
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const command of disrupt(prepared(cluster))) {
          commands += 1;
          const after = execute(cluster, command, 0);
          if (command.reason === "Underutilized") {
            expect(price(after)).toBeLessThan(price(cluster));
            expect(price(cluster) - price(after)).toBeGreaterThanOrEqual(0);
          }
          // Where Karpenter breaks this, karpenter-breaks.test.ts says.
          const lost = podsOf(cluster).filter((pod) => placed(cluster).has(nameOf(pod)) && !placed(after).has(nameOf(pod)));
          if (profile === "exact" || command.reason === "Underutilized") expect(lost.map(nameOf)).toEqual([]);
          else if (command.reason === "Empty") expect(lost.filter((pod) => evictionCost(pod) > 0).map(nameOf)).toEqual([]);
          else expect(lost.every((pod) => isKept(pod, cluster) && hasGracePeriod(pod, cluster))).toBe(true);
          expect(solve(prepared(after)).podErrors.map(({ pod }) => pod).filter((pod) => placed(cluster).has(pod))).toEqual([]);
        }
      }),
      RUNS,
    );
    expect(commands).toBeGreaterThan(RUNS.numRuns / 10);
  });

  test("the methods beyond Karpenter's never raise the price either, leave no pod without a place, and keep to budgets", () => {
    let commands = 0;
    fc.assert(
      fc.property(clusters, fc.constantFrom(subsetConsolidation(), regroupConsolidation(), splitConsolidation()), (cluster, method) => {
        const now = prepared(cluster);
        for (const command of disrupt(now, { methods: [method] })) {
          commands += 1;
          const after = execute(cluster, command, 0);
          expect(price(after)).toBeLessThan(price(cluster));
          expect([...placed(cluster)].filter((pod) => !placed(after).has(pod))).toEqual([]);
          expect(solve(prepared(after)).podErrors.map(({ pod }) => pod).filter((pod) => placed(cluster).has(pod))).toEqual([]);
          expect(command.sourceNodes.length).toBeLessThanOrEqual(poolBudgets(clusterView(now), { reason: command.reason, nowMs: NOW_MS }).get("default")?.left ?? 0);
        }
      }),
      // They have something to do in few of these small clusters.
      { numRuns: RUNS.numRuns * 5 },
    );
    expect(commands).toBeGreaterThan(RUNS.numRuns / 60);
  });

  test("no pool loses more nodes at once than its budgets let go", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const now = prepared(cluster);
        for (const { commands } of evaluate(now).methods) {
          const taken = commands.flatMap(({ sourceNodes }) => sourceNodes).length;
          for (const { reason } of commands) expect(taken).toBeLessThanOrEqual(poolBudgets(clusterView(now), { reason, nowMs: NOW_MS }).get("default")?.left ?? 0);
        }
      }),
      RUNS,
    );
  });

  test("no node goes that a PodDisruptionBudget, an annotation or a nomination keeps", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const now = prepared(cluster);
        const view = clusterView(now);
        const guarded = cluster.objects.some((object) => object.kind === "PodDisruptionBudget" && object.status?.disruptionsAllowed === 0);
        for (const { sourceNodes, reason } of disrupt(now)) {
          for (const name of sourceNodes) {
            const record = view.nodeOf.get(name);
            // Karpenter's drift counts on the grace period.
            const forced = profile !== "exact" && reason === "Drifted" && record?.nodeClaim?.spec.terminationGracePeriod !== undefined;
            expect(record?.nominated).toBe(false);
            expect(record?.annotations["karpenter.sh/do-not-disrupt"]).not.toBe("true");
            for (const pod of forced ? [] : (record?.pods ?? [])) {
              expect(["true", "3h"]).not.toContain(pod.metadata.annotations?.["karpenter.sh/do-not-disrupt"]);
              if (guarded) expect(pod.metadata.labels?.["app"]).not.toBe("guarded");
            }
          }
        }
      }),
      RUNS,
    );
  });

  test("empty nodes go first", () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const { methods } = evaluate(prepared(cluster));
        const [first] = methods;
        const ready = (first?.candidates.length ?? 0) > 0 && (first?.budgets?.["default"] ?? 0) > 0;
        expect(first?.commands.length === 1).toBe(ready);
        if (ready) expect(methods).toHaveLength(1);
      }),
      RUNS,
    );
  });

  test("doing what is proposed comes to an end, and there nothing more is proposed", () => {
    fc.assert(
      fc.property(clusters, (start) => {
        let cluster = start;
        for (let step = 0; step < 40; step++) {
          const commands = disrupt(prepared(cluster));
          if (commands.length === 0) {
            expect(disrupt(prepared(cluster))).toEqual([]);
            return;
          }
          cluster = commands.reduce((before, command, i) => execute(before, command, step * 100 + i), cluster);
        }
        expect.unreachable("forty steps were not enough for five nodes");
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 2) },
    );
  });

  test("the order of objects does not matter", () => {
    fc.assert(
      fc.property(clusters, fc.infiniteStream(fc.nat()), (cluster, dice) => {
        const shuffled = [...cluster.objects].map((object) => ({ object, rank: dice.next().value as number })).sort((a, b) => a.rank - b.rank);
        expect(evaluate(prepared({ ...cluster, objects: shuffled.map(({ object }) => object) }))).toEqual(evaluate(prepared(cluster)));
      }),
      RUNS,
    );
  });

  test("a node goes exactly when nothing is in its way, and lifting everything named lets it go", () => {
    let blocked = 0;
    fc.assert(
      fc.property(clusters, (cluster) => {
        for (const record of clusterView(prepared(cluster)).nodes) {
          const goes = (at: Cluster): boolean => karpenterMethods.some((method) => disrupt(prepared(at), { methods: [only(method, record.name)] }).length > 0);
          const blockers = whyNot(prepared(cluster), record.name);
          if (blockers.length === 0) expect(goes(cluster)).toBe(true);
          else {
            blocked += 1;
            let lifted = cluster;
            for (const blocker of blockers) lifted = lift(prepared(lifted), record.name, blocker) ?? lifted;
            expect(goes(lifted)).toBe(true);
          }
        }
      }),
      RUNS,
    );
    expect(blocked).toBeGreaterThan(RUNS.numRuns / 4);
  });

  test("clusters in any state get an answer: claims without nodes, nodes without claims, unknown types, pools that are gone", () => {
    const damage = fc.constantFrom("no-claims", "no-nodes", "no-pools", "no-types", "bare", "all-guarded", "bad-budget", "early", "late");
    fc.assert(
      fc.property(clusters, fc.uniqueArray(damage, { maxLength: 4 }), (whole, damages) => {
        let cluster = whole;
        let nowMs = NOW_MS;
        for (const kind of damages) {
          if (kind === "no-claims") cluster = { ...cluster, objects: cluster.objects.filter((object) => object.kind !== "NodeClaim") };
          if (kind === "no-nodes") cluster = { ...cluster, objects: cluster.objects.filter((object) => object.kind !== "Node") };
          if (kind === "no-pools") cluster = { ...cluster, nodePools: [] };
          if (kind === "no-types") cluster = { ...cluster, instanceTypes: {} };
          if (kind === "bare") cluster = { ...cluster, objects: cluster.objects.map((object) => (object.kind === "NodeClaim" ? ({ ...object, status: {} } as NodeClaim) : object)) };
          if (kind === "all-guarded") cluster = { ...cluster, objects: cluster.objects.map((object) => (object.kind === "PodDisruptionBudget" ? { ...object, spec: { selector: {}, maxUnavailable: 0 }, status: { ...object.status, disruptionsAllowed: 0 } } : object)) as Cluster["objects"] };
          if (kind === "bad-budget") cluster = { ...cluster, nodePools: cluster.nodePools.map((pool) => ({ ...pool, spec: { ...pool.spec, disruption: { ...pool.spec.disruption, budgets: [{ nodes: "1", schedule: "every day", duration: "1h" }] } } })) };
          if (kind === "early") nowMs = 0;
          if (kind === "late") nowMs = NOW_MS * 2;
        }
        const now = prepared(cluster, nowMs);
        for (const { commands, error } of evaluate(now).methods) expect(error === undefined || commands.length === 0).toBe(true);
        for (const { name } of clusterView(now).nodes) expect(Array.isArray(whyNot(now, name))).toBe(true);
      }),
      RUNS,
    );
  });
});
