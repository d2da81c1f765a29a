import { EC2_NODE_CLASS_HASH_VERSION, type EC2NodeClass, ec2NodeClassHash, NODE_POOL_LABEL } from "@groupless/api";
import type { World } from "../controllers/world.ts";
import type { ClaimController } from "./claims.ts";
import type { Cloud } from "./cloud.ts";
import type { Planner } from "./planner.ts";

const HASH_ANNOTATION = "karpenter.k8s.aws/ec2nodeclass-hash";
const HASH_VERSION_ANNOTATION = "karpenter.k8s.aws/ec2nodeclass-hash-version";

/** Keeps what node classes resolve to: status, the instance types of their pools, and which claims no longer match. */
export interface NodeClasses {
  /** Look again, as Karpenter does every few minutes. */
  refresh(): void;
  /** Offerings may have become unavailable. */
  refreshTypes(): void;
}

/** Resolves every node class when it appears, when it changes and when asked to. */
export function nodeClasses(world: World, planner: Planner, cloud: Cloud, claims: () => ClaimController): NodeClasses {
  const { server, clock } = world;

  const resolve = (name: string): void => {
    const nodeClass = server.get("EC2NodeClass", name);
    if (nodeClass === undefined) return;
    clock.background(
      cloud.resolve(withHash(nodeClass)).then((resolved) => {
        const current = server.get("EC2NodeClass", name);
        if (current === undefined) return;
        const same = JSON.stringify(current.status) === JSON.stringify(resolved.status) && current.metadata.annotations?.[HASH_ANNOTATION] === resolved.metadata.annotations?.[HASH_ANNOTATION];
        if (!same) server.update({ ...current, metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, ...resolved.metadata.annotations } }, ...(resolved.status === undefined ? {} : { status: resolved.status }) });
        setTypes(resolved);
        tellDrift(resolved);
      }),
    );
  };
  const setTypes = (nodeClass: EC2NodeClass): void => {
    const pools = server.list("NodePool").filter(({ spec }) => spec.template.spec.nodeClassRef.name === nodeClass.metadata.name);
    if (pools.length === 0) return;
    const types = cloud.instanceTypes(nodeClass);
    for (const { metadata } of pools) if (planner.instanceTypes(metadata.name) !== types) planner.setInstanceTypes(metadata.name, types);
  };
  const tellDrift = (nodeClass: EC2NodeClass): void => {
    for (const claim of server.list("NodeClaim")) {
      const pool = server.get("NodePool", claim.metadata.labels?.[NODE_POOL_LABEL] ?? "");
      if (pool?.spec.template.spec.nodeClassRef.name !== nodeClass.metadata.name || (claim.status?.providerID ?? "") === "") continue;
      claims().tell({ type: "provider-drift", nodeClaim: claim.metadata.name, reason: cloud.drift(claim, nodeClass) });
    }
  };

  server.watch(({ type, object, old }) => {
    if (object.kind === "EC2NodeClass" && type !== "DELETED" && (old?.kind !== "EC2NodeClass" || old.spec !== object.spec)) resolve(object.metadata.name);
    if (object.kind === "NodePool" && type === "ADDED") resolve(object.spec.template.spec.nodeClassRef.name);
  });
  return {
    refresh: () => {
      for (const { metadata } of server.list("EC2NodeClass")) resolve(metadata.name);
    },
    refreshTypes: () => server.list("EC2NodeClass").forEach(setTypes),
  };
}

function withHash(nodeClass: EC2NodeClass): EC2NodeClass {
  const annotations = { ...nodeClass.metadata.annotations, [HASH_ANNOTATION]: ec2NodeClassHash(nodeClass), [HASH_VERSION_ANNOTATION]: EC2_NODE_CLASS_HASH_VERSION };
  return { ...nodeClass, metadata: { ...nodeClass.metadata, annotations } };
}
