import { expect, test } from "vitest";
import { commandLog } from "../../src/events/command-log.ts";
import { disrupt } from "../../src/pass/evaluate.ts";
import { clusterOf, node, pod } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

test("D-142 a command is logged in Karpenter's fields and words", () => {
  const now = prepared(clusterOf([node("a", { size: "2xlarge" }), pod("p", "a"), pod("d", "a", { owner: "DaemonSet" })]));
  const [command] = disrupt(now);
  if (command === undefined) throw new Error("no command");
  expect(commandLog(command, now, "6f1c")).toEqual({
    message: "disrupting node(s)",
    command: "Underutilized/6f1c: replace: nodepools=[default]: [a] -> [1 replacement] (savings: $0.30)",
    decision: "replace",
    "disrupted-node-count": 1,
    "replacement-node-count": 1,
    "pod-count": 1,
    "disrupted-nodes": [{ Node: { name: "a" }, NodeClaim: { name: "claim-a" }, "capacity-type": "on-demand", "instance-type": "2xlarge" }],
    "replacement-nodes": [{ "capacity-type": "on-demand", "instance-types": "small, medium, large, xlarge" }],
  });
});

test("D-142 deletions name no replacement", () => {
  const now = prepared(clusterOf([node("a"), node("b")]));
  const [command] = disrupt(now);
  if (command === undefined) throw new Error("no command");
  expect(commandLog(command, now, "id").command).toBe("Empty/id: delete: nodepools=[default]: [a, b] (savings: $0.16)");
});
