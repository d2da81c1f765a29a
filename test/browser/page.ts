// What runs inside the browser: every package of the core, from the built files, unchanged.
import { apply, clusterOf, prepare, solve, whatIf } from "@groupless/bin-packer";
import { disrupt, karpenterMethods } from "@groupless/disruption";
import { instanceTypes } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { parse } from "@groupless/manifests";
import { addQuantities, formatQuantity, parseQuantity } from "@groupless/quantity";
import { fromPod, has, intersect } from "@groupless/requirements";

const MANIFEST = `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      requirements: [{ key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }]
---
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  nodeSelector: { topology.kubernetes.io/zone: us-west-2a }
  containers: [{ name: web, resources: { requests: { cpu: "3", memory: 10Gi } } }]
`;

export function answers(): Record<string, unknown> {
  const { nodePools, objects } = parse(MANIFEST);
  const cluster = { nodePools, objects, instanceTypes: { default: instanceTypes(usWest2) } };
  const prepared = prepare(cluster, { nowMs: 0 });
  const packing = solve(prepared);
  const change = { removePods: ["default/web"] };
  const pod = objects.find((object) => object.kind === "Pod");
  const requirements = fromPod(pod as Parameters<typeof fromPod>[0]);
  return {
    quantity: formatQuantity(addQuantities(parseQuantity("1500m"), parseQuantity("0.5"))),
    zone: has(intersect(requirements, requirements), "topology.kubernetes.io/zone", "us-west-2a"),
    claims: packing.newNodeClaims.map(({ pods, instanceTypes: names, cheapestPrice }) => ({ pods, cheapest: names[0], cheapestPrice })),
    law: JSON.stringify(whatIf(prepared, change)) === JSON.stringify(solve(prepare(apply(clusterOf(prepared), change), { nowMs: 0 }))),
    commands: disrupt(prepared, { methods: karpenterMethods }).length,
  };
}

(globalThis as unknown as { answers: typeof answers }).answers = answers;
