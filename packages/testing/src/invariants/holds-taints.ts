import { nameOf } from "@groupless/api";
import { tolerates } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";

/** Every placed pod tolerates the NoSchedule and NoExecute taints of its node. */
export const holdsTaints: Invariant = {
  name: "holdsTaints",
  check: ({ nodes }) =>
    nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        node.taints
          .filter((taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint))
          .map((taint) => ({ pod: nameOf(pod), node: node.name, message: `does not tolerate ${taint.key}=${taint.value ?? ""}:${taint.effect}` })),
      ),
    ),
};
