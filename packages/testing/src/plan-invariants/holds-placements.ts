import { explainsEveryPod } from "../invariants/explains-every-pod.ts";
import { violations } from "../invariants/invariant.ts";
import { karpenterDeviations } from "../deviations/karpenter-deviations.ts";
import { placementInvariants } from "../invariants/placement-invariants.ts";
import { asPlacement, type PlanInvariant } from "./plan.ts";

/** Where a command sends pods, every invariant of placements holds, Karpenter's known departures aside. */
export const holdsPlacements: PlanInvariant = {
  name: "holdsPlacements",
  check: ({ before, commands }) =>
    commands.flatMap((command) => {
      const { cluster, packing } = asPlacement(before, command);
      const invariants = placementInvariants.filter((invariant) => invariant !== explainsEveryPod);
      return violations(cluster, packing, invariants, { except: karpenterDeviations }).map(({ invariant, message, ...where }) => ({ ...where, message: `${invariant}: ${message}` }));
    }),
};
