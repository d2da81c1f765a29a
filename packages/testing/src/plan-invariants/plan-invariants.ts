import { holdsBudgets } from "./holds-budgets.ts";
import { holdsDoNotDisrupt } from "./holds-do-not-disrupt.ts";
import { holdsPlacements } from "./holds-placements.ts";
import { holdsPodDisruptionBudgets } from "./holds-pod-disruption-budgets.ts";
import { leavesNoPodHomeless } from "./leaves-no-pod-homeless.ts";
import { neverDearer } from "./never-dearer.ts";
import type { PlanInvariant } from "./plan.ts";

/** Everything a plan of disruption must hold to. */
export const planInvariants: readonly PlanInvariant[] = Object.freeze([holdsBudgets, holdsDoNotDisrupt, holdsPlacements, holdsPodDisruptionBudgets, leavesNoPodHomeless, neverDearer]);
