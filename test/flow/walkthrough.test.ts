import { beforeAll, describe, expect, test } from "vitest";
import { clusterEntries, play, type Played, rows } from "./play.ts";

describe("the walkthrough of the AWS post", () => {
  let main: Played;
  beforeAll(async () => {
    main = await play("walkthrough");
  }, 60_000);
  const lines = (message: string): readonly Readonly<Record<string, unknown>>[] => main.log.filter((line) => line["message"] === message);

  test("three pods lead to one claim of an r6gd.xlarge that asks for what the post says", () => {
    expect(lines("computed new nodeclaim(s) to fit pod(s)")[0]).toMatchObject({ nodeclaims: 1, pods: 3 });
    expect(lines("created nodeclaim")[0]).toMatchObject({ nodepool: "default", requests: { cpu: "3150m", pods: "6" }, "instance-types": "r6gd.xlarge" });
  });

  test("the fleet request is on-demand with one override", () => {
    const [fleet] = main.entries.filter((entry) => entry.kind === "cloud" && entry.call === "CreateFleet");
    expect(fleet).toMatchObject({ message: expect.stringMatching(/^1 on-demand from 1 override\(s\): r6gd\.xlarge i-[0-9a-f]{17} in us-west-2a, 0\.2304 USD an hour \(estimated\)$/) });
  });

  test("the node has the post's allocatable", () => {
    const [launched] = lines("launched nodeclaim");
    expect(launched).toMatchObject({ "instance-type": "r6gd.xlarge", zone: "us-west-2a", "capacity-type": "on-demand" });
    expect(launched?.["allocatable"]).toEqual({ cpu: "3920m", "ephemeral-storage": "17Gi", memory: "29258Mi", pods: "58", "vpc.amazonaws.com/pod-eni": "18" });
  });

  test("log lines have the post's fields in the post's order", () => {
    const shapes = Object.fromEntries(main.log.map((line) => [line["message"] as string, Object.keys(line).join(" ")]));
    const head = "level time logger message commit";
    expect(shapes["found provisionable pod(s)"]).toBe(`${head} pods duration`);
    expect(shapes["computed new nodeclaim(s) to fit pod(s)"]).toBe(`${head} nodeclaims pods`);
    expect(shapes["created nodeclaim"]).toBe(`${head} nodepool nodeclaim requests instance-types`);
    expect(shapes["launched nodeclaim"]).toBe(`${head} nodeclaim nodepool provider-id instance-type zone capacity-type allocatable`);
    expect(shapes["registered nodeclaim"]).toBe(`${head} nodeclaim nodepool provider-id node`);
    expect(shapes["initialized nodeclaim"]).toBe(`${head} nodeclaim nodepool provider-id node`);
    expect(shapes["tainted node"]).toBe(`${head} node`);
    expect(shapes["deleted node"]).toBe(`${head} node`);
    expect(shapes["deleted nodeclaim"]).toBe(`${head} nodeclaim nodepool node provider-id`);
  });

  test("the story goes launch, drift, replace, drain, delete, in that order", () => {
    const told = main.log.map((line) => String(line["message"]).replace(/ip-[\d-]+\.us-west-2\.compute\.internal/, "NODE")).filter((message) => !message.startsWith("Could not schedule") && message !== "command succeeded");
    expect(told).toEqual([
      "found provisionable pod(s)",
      "computed new nodeclaim(s) to fit pod(s)",
      "created nodeclaim",
      "launched nodeclaim",
      "registered nodeclaim",
      "initialized nodeclaim",
      "disrupting via drift replace, terminating 1 candidates NODE/r6gd.xlarge/on-demand and replacing with on-demand node from types r6gd.xlarge",
      "created nodeclaim",
      "launched nodeclaim",
      "registered nodeclaim",
      "initialized nodeclaim",
      "tainted node",
      "deleted node",
      "deleted nodeclaim",
      "tainted node",
      "deleted node",
      "deleted nodeclaim",
    ]);
  });

  test("the budget lets one pod go at a time, each after its successor runs", () => {
    const drain = clusterEntries(main.entries, "pod-evicted", "eviction-refused", "pod-running").filter(({ object }) => object.includes("inflate"));
    const firstEviction = drain.findIndex(({ reason }) => reason === "pod-evicted");
    const steps = drain.slice(firstEviction).filter(({ reason }) => reason !== "eviction-refused").slice(0, 6);
    expect(steps.map(({ reason }) => reason)).toEqual(["pod-evicted", "pod-running", "pod-evicted", "pod-running", "pod-evicted", "pod-running"]);
    expect(drain.some(({ reason, message }) => reason === "eviction-refused" && message.includes("429"))).toBe(true);
  });

  test("the replacement runs the new version, and the old node's instance is terminated", () => {
    const before = rows(main.entries, "kubectl get nodes", 1).find(({ NODEPOOL }) => NODEPOOL === "default");
    const after = rows(main.entries, "kubectl get nodes", 2).find(({ NODEPOOL }) => NODEPOOL === "default");
    expect([before?.["VERSION"], after?.["VERSION"]]).toEqual(["v1.27", "v1.28"]);
    expect(before?.["NAME"]).not.toBe(after?.["NAME"]);
    expect(main.entries.filter((entry) => entry.kind === "cloud" && entry.call === "TerminateInstances")).toHaveLength(2);
  });

  test("the unmanaged nodes are left alone, and nothing else is there at the end", () => {
    expect(rows(main.entries, "kubectl get nodes", -1).map((row) => row["INSTANCE-TYPE"])).toEqual(["m5.large", "m5.large"]);
    expect(rows(main.entries, "kubectl get nodeclaims", -1)).toEqual([]);
    expect(rows(main.entries, "kubectl get pods", -1)).toEqual([]);
  });

  test("the whole story is as it was last written down", async () => {
    await expect(main.story).toMatchFileSnapshot("stories/walkthrough-main.txt");
  });

  test("the same seed gives the same bytes, another seed other names", async () => {
    const again = await play("walkthrough");
    expect(JSON.stringify(again.entries)).toBe(JSON.stringify(main.entries));
    const other = await play("walkthrough", { seed: "2" });
    expect(JSON.stringify(other.entries)).not.toBe(JSON.stringify(main.entries));
    expect(other.log.map((line) => line["logger"])).toEqual(main.log.map((line) => line["logger"]));
  });

  test("v1beta1 and v1 manifests tell the same story", async () => {
    const v1 = await play("walkthrough", { replacing: ["v1.yaml"] });
    expect(JSON.stringify(v1.entries)).toBe(JSON.stringify(main.entries));
  });
});

describe("further scenes", () => {
  test("after thirty days the node expires and another takes its place, one pod at a time", async () => {
    const { entries, log } = await play("walkthrough", { scene: "expire" });
    const expired = log.findIndex((line) => line["message"] === "deleting expired nodeclaim");
    const launched = log.find((line, index) => index > expired && line["message"] === "launched nodeclaim");
    expect(expired).toBeGreaterThan(0);
    const days = (Date.parse(String(log[expired]?.["time"])) - Date.parse("2024-02-07T09:00:00Z")) / 86_400_000;
    expect(days).toBeCloseTo(30, 1);
    expect(launched).toMatchObject({ "instance-type": "r6gd.xlarge" });
    expect(rows(entries, "kubectl get nodeclaims", -1)).toHaveLength(1);
    expect(rows(entries, "kubectl get nodeclaims", -1)[0]?.["NAME"]).not.toBe(rows(entries, "kubectl get nodeclaims", 0)[0]?.["NAME"]);
    expect(rows(entries, "kubectl get pods", -1).map(({ STATUS }) => STATUS)).toEqual(["Running", "Running", "Running"]);
  });

  test("one pod that may run anywhere is moved to a cheaper node", async () => {
    const { entries, log } = await play("walkthrough", { scene: "consolidate" });
    expect(log.find((line) => String(line["message"]).startsWith("disrupting via consolidation replace, terminating 1 candidates "))?.["message"]).toMatch(/\/r6gd\.xlarge\/on-demand and replacing with spot node from types /);
    const [claim, ...others] = rows(entries, "kubectl get nodeclaims", -1);
    expect(others).toEqual([]);
    expect(claim?.["TYPE"]).not.toBe("r6gd.xlarge");
    expect(rows(entries, "kubectl get pods", -1)).toMatchObject([{ STATUS: "Running" }]);
  });

  test("a pod that asks for an r6gd.xlarge with amd64 stays pending, with a reason that names the two keys", async () => {
    const { entries, unplaced } = await play("walkthrough", { scene: "impossible" });
    expect(rows(entries, "kubectl get pods", -1)).toMatchObject([{ STATUS: "Pending" }]);
    expect(rows(entries, "kubectl get nodeclaims", -1)).toEqual([]);
    expect(unplaced).toHaveLength(1);
    expect(unplaced[0]?.why).toContain("kubernetes.io/arch");
    expect(unplaced[0]?.why).toContain("node.kubernetes.io/instance-type");
  });
});
