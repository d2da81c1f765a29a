// Type tests: `tsc -b` fails when one of these no longer holds. Nothing here is run.
import type { KubeObject, NodePool, ObjectOf, Pod, Reason } from "@groupless/api";
import { type Cluster, type NewNodeClaim, type Packing, type Prepared, explain, prepare, solve, update, whatIf } from "@groupless/bin-packer";
import { type Blocker, type Command, disrupt, karpenterMethods, whyNot } from "@groupless/disruption";
import { instanceTypes } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { ec2Fleet } from "@groupless/ec2-fleet";
import { step } from "@groupless/lifecycle";
import { parse } from "@groupless/manifests";
import { fromNodePool, fromPod, has, intersect } from "@groupless/requirements";
import { type Violation, holdsCapacity, holdsSpread, violations } from "@groupless/testing";
import { diff } from "groupless";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

declare const pod: Pod;
declare const nodePool: NodePool;
declare const claimState: Parameters<typeof step>[0];
declare const providerEvent: Parameters<typeof step>[1];

// The calls of the plan, as people will type them.
const { nodePools, nodeClasses, objects } = parse("");
const cluster: Cluster = { nodePools, objects, instanceTypes: { default: instanceTypes(usWest2, nodeClasses[0]) } };
let prepared: Prepared = prepare(cluster, { nowMs: 0, profile: "karpenter-1.14" });
const packing: Packing = solve(prepared);
for (const { reasons } of packing.podErrors) reasons.map(explain) satisfies string[];
prepared = update(prepared, [{ type: "MODIFIED", object: pod }], { nowMs: 0 });
const commands: readonly Command[] = disrupt(prepared, { methods: karpenterMethods });
const { state, actions } = step(claimState, providerEvent, { nowMs: 0 });
const fleet = ec2Fleet({ region: "us-west-2", clusterName: "c" } as Parameters<typeof ec2Fleet>[0]);
const gone: Packing = whatIf(prepared, { removeNodes: ["ip-10-0-0-1"] }, { purpose: "disruption" });
const best: number | undefined = solve(prepared, { objective: "cheapest" }).lowerBoundUsdPerHour;
whyNot(prepared, "ip-10-0-0-1").map((blocker: Blocker) => [blocker.code, blocker.clearsAtMs]);
const { priceUsdPerHour } = diff(packing, gone);
const found: readonly Violation[] = violations(cluster, packing, [holdsCapacity, holdsSpread]);
has(intersect(fromPod(pod), fromNodePool(nodePool)), "topology.kubernetes.io/zone", "us-west-2a") satisfies boolean;
void [commands, state, actions, fleet, best, priceUsdPerHour, found];

// Kinds narrow, data is readonly, reasons extend their base.
holds<Equal<ObjectOf<"Pod">, Pod>>();
holds<Pod extends KubeObject ? true : false>();
holds<Packing["podErrors"][number]["reasons"][number] extends Reason ? true : false>();
// @ts-expect-error results are readonly
packing.newNodeClaims.push({} as NewNodeClaim);
// @ts-expect-error a profile is one of two
prepare(cluster, { nowMs: 0, profile: "karpenter-2" });
// @ts-expect-error the clock is an argument
prepare(cluster, {});
// @ts-expect-error an operator Kubernetes does not know
const wrong: NodePool["spec"]["template"]["spec"]["requirements"][number]["operator"] = "Like";
void wrong;
