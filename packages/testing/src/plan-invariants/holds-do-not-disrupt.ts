import { nameOf } from "@groupless/api";
import { endsByForce, nodeIn, type PlanInvariant } from "./plan.ts";

const ANNOTATION = "karpenter.sh/do-not-disrupt";

/** No node goes that says `karpenter.sh/do-not-disrupt: "true"`, or that has a pod which says so. */
export const holdsDoNotDisrupt: PlanInvariant = {
  name: "holdsDoNotDisrupt",
  check: ({ before, commands }) =>
    commands.flatMap((command) =>
      command.sourceNodes
        .map((name) => nodeIn(before, name))
        .flatMap((node) => [
          ...(node.node?.metadata.annotations?.[ANNOTATION] === "true" ? [{ node: node.name, message: "says do-not-disrupt" }] : []),
          ...(endsByForce(node, command) ? [] : node.pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined && metadata.annotations?.[ANNOTATION] === "true").map((pod) => ({ pod: nameOf(pod), node: node.name, message: "says do-not-disrupt" }))),
        ]),
    ),
};
