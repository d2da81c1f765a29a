import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explain, prepare, solve } from "@groupless/bin-packer";
import { nodeClaimObject } from "@groupless/disruption";
import { instanceTypes } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { type CreateFleetInput, NO_ADDRESSES, planLaunch } from "@groupless/ec2-fleet";
import { parse } from "@groupless/manifests";

const CLUSTER = { region: "us-west-2", clusterName: "demo", clusterEndpoint: "https://demo.invalid", clusterCIDR: "10.100.0.0/16", caBundle: "Q0E=" };

/** The CreateFleet requests that would be made for the pods of these files; nothing is sent, and AWS is not needed. */
export function fleetRequests(files: readonly string[]): readonly CreateFleetInput[] {
  const { nodePools, nodeClasses, objects } = parse(files.map((file) => ({ file, text: readFileSync(file, "utf8") })));
  const classOf = (name: string): (typeof nodeClasses)[number] => {
    const nodeClass = nodeClasses.find(({ metadata }) => metadata.name === name);
    if (nodeClass === undefined) throw new Error(`there is no EC2NodeClass ${name}`);
    return nodeClass;
  };
  const types = Object.fromEntries(nodePools.map(({ metadata, spec }) => [metadata.name, instanceTypes(usWest2, classOf(spec.template.spec.nodeClassRef.name))]));
  const { newNodeClaims, podErrors } = solve(prepare({ nodePools, nodeClasses, objects, instanceTypes: types }, { nowMs: Date.now() }));
  for (const { pod, reasons } of podErrors) console.error(`${pod}: ${reasons.map(explain).join("; ")}`);
  return newNodeClaims.flatMap((claim, index) => {
    const pool = nodePools.find(({ metadata }) => metadata.name === claim.nodePool);
    if (pool === undefined) return [];
    const nodeClaim = nodeClaimObject(claim, pool, `${claim.nodePool}-${index + 1}`);
    const planned = planLaunch({ nodeClass: classOf(nodeClaim.spec.nodeClassRef.name), nodeClaim, instanceTypes: types[claim.nodePool] ?? [], cluster: CLUSTER, addresses: NO_ADDRESSES });
    if ("refusal" in planned) throw new Error(planned.refusal.message);
    return [planned.plan.request];
  });
}

if (process.argv[1]?.endsWith("fleet-dry-run/main.ts") === true) {
  const given = process.argv.slice(2);
  const own = ["pools.yaml", "pod.yaml"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  console.log(JSON.stringify(fleetRequests(given.length > 0 ? given : own), undefined, 2));
}
