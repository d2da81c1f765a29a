import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { parse } from "@groupless/manifests";
import { beforeAll, describe, expect, test } from "vitest";
import { chart } from "../src/record/chart.ts";
import { comparison } from "../src/record/comparison.ts";
import { type Policy, type Replay, replay } from "../src/replay.ts";
import { spreads } from "../src/sweep/spread.ts";
import { runTask, sweepTasks } from "../src/sweep/sweep.ts";
import type { Trace } from "../src/trace/trace.ts";

const policy = (name: string, consolidation: string): Policy => {
  const { nodePools, nodeClasses } = parse(`apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template:
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m5.xlarge, m5.2xlarge] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand] }
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      expireAfter: Never
  disruption: { consolidationPolicy: ${consolidation}, consolidateAfter: 1m }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: default }
spec: { amiSelectorTerms: [{ alias: al2023@latest }], role: Nodes, subnetSelectorTerms: [{ tags: { for: nodes } }], securityGroupSelectorTerms: [{ tags: { for: nodes } }] }
`);
  return { name, objects: [...nodeClasses, ...nodePools] };
};
const trace: Trace = {
  name: "twelve pods",
  pods: Array.from({ length: 12 }, (_, index) => ({ name: `p${index}`, arrivesMs: index * 120_000, runsForMs: 600_000 + index * 60_000, requests: { cpu: "1500m", memory: "2Gi" } })),
};
const chance = { spotInterruptionsPerHour: 2, joinJitter: 0.3 };

describe("a replay", () => {
  let once: Replay;
  beforeAll(async () => {
    once = await replay(policy("empty", "WhenEmpty"), trace, { region: usEast1, chance, durationMs: 3 * 3_600_000 });
  }, 60_000);

  test("brings every pod, starts it and sees it end; empty nodes go", () => {
    expect(once.summary).toMatchObject({ podsArrived: 12, podsFinished: 12 });
    expect(once.samples.at(-1)).toMatchObject({ nodes: 0, runningPods: 0, pendingPods: 0, priceUsdPerHour: 0 });
    expect(once.summary.nodesLaunched).toBe(once.summary.nodesRemoved);
    expect(once.summary.nodesLaunched).toBeGreaterThan(0);
    expect(once.summary.costUsd).toBeGreaterThan(0);
  });

  test("pods wait about as long as a node takes to join, and never less", () => {
    const { p50, max } = once.summary.pendingSeconds;
    expect(max).toBeGreaterThanOrEqual(25);
    expect(p50).toBeLessThan(60);
  });

  test("interrupted pods begin anew: what is taken back is counted", () => {
    expect(once.summary.interruptions).toBeGreaterThan(0);
    expect(once.summary.podRestarts).toBeGreaterThan(0);
  });

  test("the same seed gives the same bytes, another seed another run", async () => {
    const options = { region: usEast1, chance, durationMs: 3 * 3_600_000 };
    expect(JSON.stringify(await replay(policy("empty", "WhenEmpty"), trace, options))).toBe(JSON.stringify(once));
    expect(JSON.stringify((await replay(policy("empty", "WhenEmpty"), trace, { ...options, seed: "2" })).samples)).not.toBe(JSON.stringify(once.samples));
  }, 60_000);

  test("progress goes from a little to all", async () => {
    const shares: number[] = [];
    await replay(policy("empty", "WhenEmpty"), { name: "one", pods: trace.pods.slice(0, 1) }, { region: usEast1, durationMs: 600_000, onProgress: (share) => shares.push(share) });
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  }, 60_000);

  test("is drawn: a panel a figure, a line a policy, names escaped", () => {
    const svg = chart([once, { ...once, policy: "a < b & c" }]);
    expect(svg.match(/<path /g)).toHaveLength(8);
    expect(svg).toContain("a &lt; b &amp; c");
    expect(svg.startsWith("<svg ") && svg.endsWith("</svg>\n")).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("is compared figure by figure", () => {
    const rows = comparison([once.summary, once.summary]);
    expect(rows.find(({ figure }) => figure === "pods come / finished")?.values).toEqual(["12 / 12", "12 / 12"]);
    expect(rows.every(({ values }) => values.length === 2 && values[0] === values[1])).toBe(true);
  });
});

test("a task of a sweep is a pure function of plain data, and spreads sum its results up", async () => {
  const context = { policies: [policy("empty", "WhenEmpty"), policy("more", "WhenEmptyOrUnderutilized")], trace: { name: "three", pods: trace.pods.slice(0, 3) }, region: "us-east-1", durationMs: 1_800_000 };
  const tasks = sweepTasks(context, 2);
  expect(tasks).toEqual([{ policy: "empty", seed: "1" }, { policy: "empty", seed: "2" }, { policy: "more", seed: "1" }, { policy: "more", seed: "2" }]);
  const sent = JSON.parse(JSON.stringify(context)) as typeof context;
  const first = await runTask({ policy: "empty", seed: "1" }, sent, usEast1);
  expect(first).toEqual(await runTask({ policy: "empty", seed: "1" }, context, usEast1));
  const summed = spreads([first, { ...first, seed: "2", summary: { ...first.summary, costUsd: first.summary.costUsd + 2 } }]);
  expect(summed[0]).toMatchObject({ policy: "empty", runs: 2, figures: { costUsd: { mean: first.summary.costUsd + 1, least: first.summary.costUsd, most: first.summary.costUsd + 2 } } });
  expect(summed[0]?.figures.costUsd.deviation).toBeCloseTo(Math.SQRT2, 9);
  await expect(runTask({ policy: "other", seed: "1" }, context, usEast1)).rejects.toThrow('no policy "other"; expected one of empty, more');
}, 60_000);
