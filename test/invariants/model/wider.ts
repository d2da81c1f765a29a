import type { NodePool } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/** The cluster with two twins for every type, a little dearer in some zones, so that replacements have a choice; and the last pool asks for one. */
export function wider(cluster: Cluster): Cluster {
  return {
    ...cluster,
    nodePools: cluster.nodePools.map((pool, index) => (index === cluster.nodePools.length - 1 && pool.spec.replicas === undefined ? choosy(pool) : pool)),
    instanceTypes: Object.fromEntries(Object.entries(cluster.instanceTypes).map(([pool, types]) => [pool, types.flatMap((type) => [type, twin(type, "a", 1.02), twin(type, "b", 1.11)])])),
  };
}

function twin(type: InstanceType, letter: string, factor: number): InstanceType {
  const name = `${letter}.${type.name}`;
  return {
    ...type,
    name,
    requirements: type.requirements.map((requirement) => (requirement.key === INSTANCE_TYPE ? { ...requirement, values: [name] } : requirement)),
    offerings: type.offerings.map((offering, index) => ({ ...offering, price: offering.price * (index % 3 === 0 ? factor : factor * 1.07) })),
  };
}

function choosy(pool: NodePool): NodePool {
  const { template } = pool.spec;
  return { ...pool, spec: { ...pool.spec, template: { ...template, spec: { ...template.spec, requirements: [...(template.spec.requirements ?? []), { key: INSTANCE_TYPE, operator: "Exists", minValues: 4 }, { key: "kubernetes.io/arch", operator: "In", values: ["amd64", "arm64"], minValues: 1 }] } } } };
}
