// The worked example of docs/cheapest.md: `npx tsx examples/cheapest/main.ts`.
import { pathToFileURL } from "node:url";
import type { NodePool, Pod } from "@groupless/api";
import { type Packing, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";

const is = (key: string, value: string) => ({ key, operator: "In" as const, values: [value] });

function instanceType(name: string, vcpu: number, memoryGiB: number, price: number): InstanceType {
  const offering = [is("karpenter.sh/capacity-type", "on-demand"), is("topology.kubernetes.io/zone", "a")];
  return {
    name,
    requirements: [is("node.kubernetes.io/instance-type", name), is("kubernetes.io/arch", "amd64"), is("kubernetes.io/os", "linux"), ...offering],
    capacity: { cpu: `${vcpu}`, memory: `${memoryGiB}Gi`, pods: "58" },
    overhead: {},
    offerings: [{ requirements: offering, price, available: true }],
  };
}

function pods(count: number, name: string, cpu: string, memory: string): Pod[] {
  return Array.from({ length: count }, (_, index) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: `${name}-${index}`, namespace: "default" }, spec: { containers: [{ name, resources: { requests: { cpu, memory } } }] } }));
}

const nodePool: NodePool = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default" },
  spec: { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], expireAfter: "720h" } }, disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized" } },
};

/** Ten pods of 1 vCPU and 2 GiB, six of 1 vCPU and 8 GiB; three types of node. Both plans. */
export function plans(): { readonly firstFit: Packing; readonly cheapest: Packing } {
  const prepared = prepare(
    {
      nodePools: [nodePool],
      objects: [...pods(10, "api", "1", "2Gi"), ...pods(6, "cache", "1", "8Gi")],
      instanceTypes: { default: [instanceType("small", 4, 8, 0.16), instanceType("roomy", 4, 32, 0.24), instanceType("big", 16, 128, 1.1)] },
    },
    { nowMs: 0 },
  );
  return { firstFit: solve(prepared), cheapest: solve(prepared, { objective: "cheapest" }) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const [name, { newNodeClaims, priceUsdPerHour, lowerBoundUsdPerHour }] of Object.entries(plans())) {
    console.log(`${name}: ${newNodeClaims.map((claim) => claim.instanceTypes[0]).join(", ")}: ${priceUsdPerHour.toFixed(2)} USD/h${lowerBoundUsdPerHour === undefined ? "" : `, no plan costs less than ${lowerBoundUsdPerHour.toFixed(2)}`}`);
  }
}
