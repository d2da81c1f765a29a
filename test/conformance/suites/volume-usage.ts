import { exceededVolumeLimits, explain, volumesOfPod } from "@groupless/requirements";
import type { Suite } from "../suite.ts";

/** Suite `volume-usage`. */
export const volumeUsage: Suite = {
  functions: {
    "volumes.exceedsLimits": ({ limits, pods, deleted, add }) => {
      const staying = pods.filter(({ name }: { name: string }) => !deleted.includes(name));
      const [first] = exceededVolumeLimits(limits, ...staying.map(({ volumes }: { volumes: object }) => volumes), add);
      return first === undefined ? { exceeds: false } : { exceeds: true, message: explain(first) };
    },
    "volumes.ofPod": ({ pod, objects }) => {
      const volumes = volumesOfPod(pod, objects);
      return volumes.code === "volume-not-found" ? { error: "not-found" } : volumes;
    },
  },
};
