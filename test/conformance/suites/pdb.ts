import { canEvict, canEvictAll, InputError, isCurrentlyReschedulable, timeMs } from "@groupless/api";
import type { Suite } from "../suite.ts";

export const pdb: Suite = {
  functions: {
    "pdb.limits": ({ now, pdbs, pods }) => {
      const nowMs = timeMs(now);
      try {
        return { all: canEvictAll(pods, pdbs, nowMs), pods: pods.map((pod: any) => ({ ...canEvict(pod, pdbs, nowMs), currentlyReschedulable: isCurrentlyReschedulable(pod, pdbs, nowMs) })) };
      } catch (error) {
        if (error instanceof InputError) return { error: error.code };
        throw error;
      }
    },
  },
};
