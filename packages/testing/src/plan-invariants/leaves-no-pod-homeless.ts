import { nameOf } from "@groupless/api";
import { displaced, endsByForce, nodeIn, placedBy, type PlanInvariant } from "./plan.ts";

/** Every pod of a node that goes has a new place, on a node that stays or on a replacement. */
export const leavesNoPodHomeless: PlanInvariant = {
  name: "leavesNoPodHomeless",
  check: ({ before, commands }) =>
    commands.flatMap((command) => {
      const placed = placedBy(command);
      return displaced(before, command)
        .filter((pod) => !placed.has(nameOf(pod)) && !endsByForce(nodeIn(before, pod.spec.nodeName ?? ""), command))
        .map((pod) => ({ pod: nameOf(pod), node: pod.spec.nodeName ?? "", message: `loses its place as ${command.reason}` }));
    }),
};
