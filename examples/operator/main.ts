import { instanceTypes } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { ec2Fleet } from "@groupless/ec2-fleet";
import { fakeEc2, publishedImages, virtualClock } from "@groupless/ec2-fleet/fake";
import { apiServer, manifest, nodeOf, pending } from "./cluster.ts";
import { operator } from "./operator.ts";

const START_MS = Date.parse("2026-09-01T09:00:00Z");
const JOIN_MS = 30_000;
const TAGS = [{ Key: "karpenter.sh/discovery", Value: "demo" }];

/** Two pods come; one goes, and the node is exchanged for a smaller one; EC2 takes that back; the last pod goes, and with it the last node. */
export async function demo(print: (line: string) => void): Promise<number> {
  const clock = virtualClock(START_MS);
  const log = (line: string): void => print(`${new Date(clock.nowMs()).toISOString().slice(11, 19)} ${line}`);
  const ec2 = fakeEc2({
    clock,
    subnets: ["a", "b"].map((zone) => ({ SubnetId: `subnet-${zone}`, AvailabilityZone: `us-west-2${zone}`, AvailableIpAddressCount: 4000, Tags: TAGS })),
    securityGroups: [{ GroupId: "sg-1", GroupName: "nodes", Tags: TAGS }],
    ...publishedImages("AL2023", "1.33"),
    cluster: { version: "1.33" },
  });
  const { nodePools, nodeClasses, objects } = manifest("cluster.yaml");
  const fleet = ec2Fleet({ region: "us-west-2", clusterName: "demo", clusterEndpoint: "https://demo.invalid", clusterCIDR: "10.100.0.0/16", caBundle: "Q0E=", nodeClasses, instanceTypes: (nodeClass) => instanceTypes(usWest2, nodeClass), port: ec2, clock });
  const nodeClass = await clock.drive(fleet.nodeClass("default"));
  if (nodeClass === undefined) throw new Error("there is no node class");
  const server = apiServer(clock.nowMs);
  for (const object of [...nodePools, nodeClass]) server.put(object);
  for (const object of objects) if (object.kind === "Pod") server.put(pending(object));
  const autoscaler = operator({ server, fleet, instanceTypes: instanceTypes(usWest2, nodeClass), nowMs: clock.nowMs, log });

  /** Kubelets of instances that have booted make themselves known. */
  const join = (): void => {
    for (const claim of server.list("NodeClaim")) {
      const launched = claim.status?.conditions?.find(({ type }) => type === "Launched");
      const { providerID } = claim.status ?? {};
      if (launched?.status !== "True" || clock.nowMs() - Date.parse(launched.lastTransitionTime ?? "") < JOIN_MS) continue;
      if (claim.metadata.deletionTimestamp === undefined && !server.list("Node").some(({ spec }) => spec?.providerID === providerID)) server.put(nodeOf(claim, claim.metadata.labels ?? {}));
    }
  };
  const run = async (minutes: number): Promise<void> => {
    for (const endMs = clock.nowMs() + minutes * 60_000; clock.nowMs() < endMs; await clock.advance(1000)) {
      join();
      await clock.drive(autoscaler.turn());
    }
  };

  await run(1);
  log("web-2 is no longer wanted");
  server.remove("Pod", "default/web-2");
  await run(2);
  const machine = ec2.instances().find(({ State, InstanceLifecycle }) => State?.Name === "running" && InstanceLifecycle === "spot");
  log(`EC2 takes ${machine?.InstanceType} back`);
  ec2.reclaimSpot(machine?.InstanceId ?? "");
  const received = await clock.drive(fleet.receiveInterruptions("demo", () => ({ nodeClaims: server.list("NodeClaim"), nodes: server.list("Node") })));
  for (const { interruption, done } of received) {
    interruption.events.forEach(autoscaler.tell);
    await clock.drive(done());
  }
  await run(2);
  log("no pod is wanted any more");
  for (const { metadata } of server.list("Pod")) server.remove("Pod", `default/${metadata.name}`);
  await run(2);
  const left = ec2.instances().filter(({ State }) => State?.Name === "running").length;
  log(`${left} instance(s) left`);
  return left;
}

if (process.argv[1]?.endsWith("operator/main.ts") === true) await demo(console.log);
