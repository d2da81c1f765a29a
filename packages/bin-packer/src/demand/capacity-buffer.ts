import { type CapacityBuffer, type Pod, type PodSpec, type PodTemplate, timeText, type Workload } from "@groupless/api";
import { podRequests } from "@groupless/quantity";
import { nanoOf } from "../intern/nano.ts";
import type { Inventory } from "../prepare/inventory.ts";

const FAKE_POD_ANNOTATION = "karpenter.sh/capacity-buffer-fake-pod";
/** Least of all: real pods always come first where priority matters. */
const PRIORITY = -2147483648;

/** Is it a stand-in of a capacity buffer? Those hold room but are never bound. */
export function isVirtual(pod: Pod): boolean {
  return pod.metadata.annotations?.[FAKE_POD_ANNOTATION] === "true";
}

/**
 * The stand-ins of all buffers that are ready, or that nobody has looked at yet. Names and uids follow from the buffer's, so that the
 * same buffer always has the same pods. Karpenter pkg/state/virtualpods.
 */
export function virtualPods(inventory: Inventory, nowMs: number): Pod[] {
  return inventory.buffers.flatMap((buffer) => {
    const template = templateOf(buffer, inventory);
    if (template === undefined) return [];
    const ready = buffer.status?.conditions?.find(({ type }) => type === "ReadyForProvisioning");
    if (ready !== undefined && ready.status !== "True") return [];
    const replicas = ready === undefined ? bufferReplicas(buffer, template.spec, scaleOf(buffer, inventory)) : (buffer.status?.replicas ?? 0);
    return Array.from({ length: Math.max(0, replicas) }, (_, index) => standIn(buffer, template, index + 1, nowMs));
  });
}

/**
 * How many stand-ins a buffer wants: the more of its fixed number and its share of a workload, at most what its limits hold; with limits
 * alone as many as they hold. Karpenter pkg/controllers/capacitybuffer: of number and share the maximum, though the API's comment says minimum.
 *
 * @example
 * bufferReplicas(bufferOf({ replicas: 2, percentage: 50 }), spec, 10) // => 5
 */
export function bufferReplicas({ spec }: CapacityBuffer, pod: PodSpec, scale: number): number {
  const candidates: number[] = [];
  if (spec.percentage !== undefined) candidates.push(scale > 0 && spec.percentage > 0 ? Math.max(1, Math.ceil((scale * spec.percentage) / 100)) : 0);
  if (spec.replicas !== undefined) candidates.push(spec.replicas);
  const desired = candidates.length === 0 ? undefined : Math.max(...candidates);
  const most = limitReplicas(spec.limits, pod);
  if (most === undefined) return desired ?? 0;
  return desired === undefined ? most : Math.min(desired, most);
}

/** How many pods the limits hold, over the resources that both name; undefined if there is none. */
function limitReplicas(limits: CapacityBuffer["spec"]["limits"], spec: PodSpec): number | undefined {
  const requests = podRequests({ spec });
  let least: number | undefined;
  for (const [resource, text] of Object.entries(limits ?? {})) {
    if (resource === "pods" || requests[resource] === undefined) continue;
    const request = nanoOf(requests[resource]);
    if (request === 0n) continue;
    const count = Number(nanoOf(text) / request);
    if (least === undefined || count < least) least = count;
  }
  return least === undefined ? undefined : Math.min(least, 2147483647);
}

function templateOf({ spec, metadata }: CapacityBuffer, inventory: Inventory): PodTemplate | undefined {
  if (spec.podTemplateRef !== undefined) return inventory.podTemplates.find((object) => object.metadata.namespace === metadata.namespace && object.metadata.name === spec.podTemplateRef?.name)?.template;
  return workloadOf({ spec, metadata }, inventory)?.spec.template;
}

function scaleOf(buffer: CapacityBuffer, inventory: Inventory): number {
  return workloadOf(buffer, inventory)?.spec.replicas ?? 0;
}

function workloadOf({ spec, metadata }: Pick<CapacityBuffer, "spec" | "metadata">, inventory: Inventory): Workload<string, string> | undefined {
  const { scalableRef } = spec;
  if (scalableRef === undefined) return undefined;
  return inventory.workloads.find((workload) => workload.kind === scalableRef.kind && workload.metadata.namespace === metadata.namespace && workload.metadata.name === scalableRef.name);
}

/** Without claims, for these would never exist, and without a node. */
function standIn({ metadata }: CapacityBuffer, template: PodTemplate, number: number, nowMs: number): Pod {
  const { volumes } = template.spec;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `capacity-buffer-${metadata.name}-${number}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      uid: `${metadata.uid ?? metadata.name}-${number}`,
      ...(template.metadata?.labels === undefined ? {} : { labels: template.metadata.labels }),
      annotations: { [FAKE_POD_ANNOTATION]: "true", "karpenter.sh/capacity-buffer-name": metadata.name, "karpenter.sh/capacity-buffer-namespace": metadata.namespace ?? "" },
      creationTimestamp: timeText(nowMs),
    },
    spec: { ...template.spec, nodeName: "", priority: PRIORITY, ...(volumes === undefined ? {} : { volumes: volumes.filter((volume) => volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) }) },
    status: { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
  };
}
