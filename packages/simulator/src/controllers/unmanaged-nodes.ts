import { ARCH_LABEL, HOSTNAME_LABEL, INSTANCE_TYPE_LABEL, InputError, type Node, OS_LABEL, REGION_LABEL, ZONE_LABEL } from "@groupless/api";
import { allocatable, type InstanceType } from "@groupless/catalog";
import type { Random } from "../clock/random.ts";
import type { ClusterSpec } from "../story/story.ts";

/**
 * Ready nodes that no NodePool owns, such as those of a managed node group.
 *
 * @throws InputError `unknown-instance-type` for a type the region does not have
 */
export function unmanagedNodes({ region, kubernetesVersion, unmanagedNodes: groups }: ClusterSpec, catalog: readonly InstanceType[], random: Random): readonly Node[] {
  return groups.flatMap(({ count, instanceType, zones, labels }) => {
    const type = catalog.find(({ name }) => name === instanceType);
    if (type === undefined) throw new InputError("unknown-instance-type", `${region} has no ${instanceType}`, { path: "cluster.unmanagedNodes", expected: "an instance type of the region" });
    return Array.from({ length: count }, (_, index): Node => {
      const zone = zones[index % zones.length] ?? `${region}a`;
      const address = `192-168-${random.integer(64)}-${1 + random.integer(254)}`;
      const name = `ip-${address}.${region}.compute.internal`;
      const arch = type.requirements.find(({ key }) => key === ARCH_LABEL)?.values?.[0] ?? "amd64";
      return {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name, labels: { [ARCH_LABEL]: arch, [OS_LABEL]: "linux", [HOSTNAME_LABEL]: name, [INSTANCE_TYPE_LABEL]: instanceType, [ZONE_LABEL]: zone, [REGION_LABEL]: region, ...labels } },
        spec: { providerID: `aws:///${zone}/i-${random.uuid().replaceAll("-", "").slice(0, 17)}` },
        status: {
          capacity: type.capacity,
          allocatable: allocatable(type),
          conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }],
          nodeInfo: { kubeletVersion: `v${kubernetesVersion}` },
        },
      };
    });
  });
}
