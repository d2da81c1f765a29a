import { explain, isEphemeralTaint, mergeTaints, tolerates, untoleratedTaints } from "@groupless/requirements";
import type { Suite } from "../suite.ts";

/** Suite `taints`. */
export const taints: Suite = {
  functions: {
    "taints.tolerates": ({ taints: list, tolerations }) => ({ tolerated: tolerates(list, tolerations), errors: untoleratedTaints(list, tolerations).map(explain) }),
    "taints.merge": ({ taints: list, with: others }) => mergeTaints(list, others),
    "taints.isEphemeral": ({ taint }) => isEphemeralTaint(taint),
  },
};
