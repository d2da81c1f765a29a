import { explainsEveryPod } from "./explains-every-pod.ts";
import { holdsCapacity } from "./holds-capacity.ts";
import { holdsHostPorts } from "./holds-host-ports.ts";
import { holdsLimits } from "./holds-limits.ts";
import { holdsNodeAffinity } from "./holds-node-affinity.ts";
import { holdsPodAffinity, holdsPodAntiAffinity } from "./holds-pod-affinity.ts";
import { holdsSpread } from "./holds-spread.ts";
import { holdsTaints } from "./holds-taints.ts";
import { holdsVolumes } from "./holds-volumes.ts";
import type { Invariant } from "./invariant.ts";

/** Everything a placement must hold to. */
export const placementInvariants: readonly Invariant[] = Object.freeze([
  explainsEveryPod,
  holdsCapacity,
  holdsHostPorts,
  holdsLimits,
  holdsNodeAffinity,
  holdsPodAffinity,
  holdsPodAntiAffinity,
  holdsSpread,
  holdsTaints,
  holdsVolumes,
]);
