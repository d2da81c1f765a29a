import { daemonSet } from "@groupless/testing";
import { expect, test } from "vitest";
import { readyNode, testCluster } from "../world.ts";

test("a daemon's pod that never came to its node goes with it", async () => {
  const { world: live, apply, run, pods } = testCluster();
  // Too small for the pod: it waits for a node that it cannot share.
  apply(daemonSet("agent", { cpu: "2" }), readyNode("small", { cpu: "1" }));
  await run(10_000);
  expect(pods().map(({ spec }) => spec.nodeName)).toEqual([undefined]);
  live.server.remove("Node", "small");
  await run(10_000);
  expect(pods()).toEqual([]);
});
