import type { Taint, Toleration } from "@groupless/api";

/** Do the tolerations cover every taint? Karpenter asks this of PreferNoSchedule too: only relaxation softens it. */
export function tolerates(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
  return taints.every((taint) => tolerations.some((toleration) => toleratesTaint(toleration, taint)));
}

export function untolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint[] {
  return taints.filter((taint) => !tolerations.some((toleration) => toleratesTaint(toleration, taint)));
}

/** Kubernetes core/v1 Toleration.ToleratesTaint, with the comparison operators on. */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (present(toleration.effect) && toleration.effect !== taint.effect) return false;
  if (present(toleration.key) && toleration.key !== taint.key) return false;
  switch (toleration.operator || "Equal") {
    case "Exists":
      return true;
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    case "Lt":
    case "Gt": {
      const bound = strictInteger(toleration.value ?? "");
      const value = strictInteger(taint.value ?? "");
      if (bound === undefined || value === undefined) return false;
      return toleration.operator === "Lt" ? value < bound : value > bound;
    }
    default:
      return false;
  }
}

/** Taints a node sheds while it comes up, by key and effect. Karpenter pkg/scheduling/taints.go. */
export function isEphemeralTaint(taint: Taint): boolean {
  return taint.key.startsWith("readiness.k8s.io/") || EPHEMERAL.some(([key, effect]) => taint.key === key && taint.effect === effect);
}

const EPHEMERAL = [
  ["node.kubernetes.io/not-ready", "NoSchedule"],
  ["node.kubernetes.io/not-ready", "NoExecute"],
  ["node.kubernetes.io/unreachable", "NoSchedule"],
  ["node.cloudprovider.kubernetes.io/uninitialized", "NoSchedule"],
  ["karpenter.sh/unregistered", "NoExecute"],
] as const;

function present(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}

/** An integer without sign tricks or leading zeros, as the API validates these operands. */
function strictInteger(text: string): bigint | undefined {
  if (!/^(0|-?[1-9]\d*)$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= -(1n << 63n) && value < 1n << 63n ? value : undefined;
}
