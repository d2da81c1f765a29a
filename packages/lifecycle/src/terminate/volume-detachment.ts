import { isDrainable, type Node, type VolumeAttachment } from "@groupless/api";
import type { Observed } from "../observed.ts";

/**
 * The volume attachments that a node's termination waits for, so that pods can take their volumes along:
 * those of persistent volumes, but for volumes of pods that the drain leaves alone (Karpenter pkg/controllers/node/termination/controller.go).
 */
export function pendingVolumeAttachments(observed: Observed, node: Node, nowMs: number): readonly VolumeAttachment[] {
  const attachments = observed.volumeAttachments.filter(({ spec }) => spec.nodeName === node.metadata.name);
  if (attachments.length === 0) return attachments;
  const kept = new Set(
    observed.pods
      .filter((pod) => pod.spec.nodeName === node.metadata.name && !isDrainable(pod, nowMs))
      .flatMap((pod) => (pod.spec.volumes ?? []).map((volume) => volumeName(observed, pod.metadata, volume))),
  );
  return attachments.filter(({ spec: { source } }) => source.persistentVolumeName !== undefined && !kept.has(source.persistentVolumeName));
}

type Volume = NonNullable<Observed["pods"][number]["spec"]["volumes"]>[number];

// An ephemeral volume's claim is named after its pod and itself.
function volumeName(observed: Observed, pod: { readonly name: string; readonly namespace?: string }, volume: Volume): string | undefined {
  const claimName = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? undefined : `${pod.name}-${volume.name}`);
  if (claimName === undefined) return undefined;
  const claim = observed.persistentVolumeClaims.find(({ metadata }) => metadata.name === claimName && metadata.namespace === pod.namespace);
  return claim === undefined ? undefined : (claim.spec?.volumeName ?? "");
}
