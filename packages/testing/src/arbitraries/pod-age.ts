import type { KubeObject, Pod } from "@groupless/api";
import * as fc from "fast-check";

/** What has become of a pod that runs: it is leaving, has finished, may not be moved, is dear or cheap to move, not ready, or belongs to its node. */
export type PodState = "well" | "leaving" | "finished" | "kept" | "kept-a-while" | "dear" | "free" | "unready" | "mirrored";

export function podStates(most: number): fc.Arbitrary<readonly PodState[]> {
  const state = fc.oneof({ weight: 6, arbitrary: fc.constant<PodState>("well") }, { weight: 2, arbitrary: fc.constantFrom<PodState>("leaving", "finished", "kept", "kept-a-while", "dear", "free", "unready", "mirrored") });
  return fc.array(state, { maxLength: most });
}

/** Lets running pods, in their order, come to these states. */
export function withPodStates(objects: readonly KubeObject[], states: readonly PodState[]): readonly KubeObject[] {
  let seen = 0;
  return objects.map((object) => (object.kind === "Pod" && (object.spec.nodeName ?? "") !== "" ? inState(object, states[seen++] ?? "well") : object));
}

function inState(pod: Pod, state: PodState): Pod {
  const annotated = (annotations: Readonly<Record<string, string>>): Pod => ({ ...pod, metadata: { ...pod.metadata, annotations } });
  switch (state) {
    case "leaving":
      return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-09-01T12:59:30Z" } };
    case "finished":
      return { ...pod, status: { ...pod.status, phase: "Succeeded" } };
    case "kept":
      return annotated({ "karpenter.sh/do-not-disrupt": "true" });
    case "kept-a-while":
      // From 12:00 on: it is 13:00 when the soak asks.
      return annotated({ "karpenter.sh/do-not-disrupt": "30m" });
    case "dear":
      return annotated({ "controller.kubernetes.io/pod-deletion-cost": "1000000" });
    case "free":
      return annotated({ "controller.kubernetes.io/pod-deletion-cost": "-2147483647" });
    case "unready":
      return { ...pod, status: { ...pod.status, conditions: [{ type: "PodScheduled", status: "True" }, { type: "Ready", status: "False" }] } };
    case "mirrored":
      return { ...pod, metadata: { ...pod.metadata, ownerReferences: [{ apiVersion: "v1", kind: "Node", name: pod.spec.nodeName ?? "", uid: pod.spec.nodeName ?? "", controller: true }] } };
    default:
      return pod;
  }
}
