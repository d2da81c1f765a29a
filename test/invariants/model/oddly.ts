import type { KubeObject, NodePool, Pod } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";

const CPU = ["333333333n", "0.1", "1e-1", "250500u", "1900m", "2", "700001u"];
const MEMORY = ["100000001", "0.5Gi", "1e9", "300M", "1.25Gi", "1Gi", "123456789k"];

/** The cluster with the same pods asking for amounts that are awkward to reckon with, limits no float holds, and names that sort otherwise than they look. */
export function oddly(cluster: Cluster): Cluster {
  let seen = 0;
  const objects = cluster.objects.map((object): KubeObject => {
    if (object.kind !== "Pod" || (object.spec.nodeName ?? "") !== "") return object;
    const at = seen++;
    const { uid: _uid, ...metadata } = object.metadata;
    const requests = { cpu: CPU[at % CPU.length] as string, memory: at % 5 === 0 ? "0" : (MEMORY[at % MEMORY.length] as string), ...(at % 6 === 5 ? { "example.com/none": "0" } : {}) };
    const pod: Pod = { ...object, metadata: { ...(at % 2 === 0 ? object.metadata : metadata), ...(at % 3 === 0 ? {} : { creationTimestamp: "2026-09-01T11:59:59Z" }) }, spec: { ...object.spec, containers: object.spec.containers.map((container) => ({ ...container, resources: { requests } })) } };
    return pod;
  });
  const nodePools = cluster.nodePools.map((pool, index): NodePool => (index > 0 ? pool : { ...pool, spec: { ...pool.spec, limits: { cpu: "9007199254740993", memory: "10000000Gi", "example.com/none": "0", ...pool.spec.limits } } }));
  return { ...cluster, nodePools, objects };
}
