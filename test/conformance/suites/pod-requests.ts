import {
  daemonSetPod,
  daemonSetRequests,
  exceededBy,
  fits,
  maxResources,
  mergeResources,
  minResources,
  podCeiling,
  podsLimits,
  podsRequests,
  specRequests,
  subtractResources,
} from "@groupless/quantity";
import type { Suite } from "../suite.ts";

/** Suite `pod-requests`: what pods need, and resource lists. */
export const podRequests: Suite = {
  functions: {
    "pod.requests": ({ pod }) => ({ ceiling: podCeiling(pod), requests: podsRequests([pod]), limits: podsLimits([pod]), spec: specRequests(pod.spec) }),
    "pods.requests": ({ pods }) => ({ requests: podsRequests(pods), limits: podsLimits(pods) }),
    "daemonset.requests": ({ podSpec }) => {
      const daemonSet = { metadata: { name: "d", namespace: "n" }, spec: { template: { spec: podSpec } } };
      const { name, namespace } = daemonSetPod(daemonSet).metadata;
      return { requests: daemonSetRequests(daemonSet), name, namespace };
    },
    "resources.merge": ({ lists }) => mergeResources(...lists),
    "resources.max": ({ lists }) => maxResources(...lists),
    "resources.min": ({ lists }) => minResources(...lists),
    "resources.subtract": ({ from, take }) => subtractResources(from, take),
    "resources.fits": ({ candidate, total }) => fits(candidate, total),
    "limits.exceededBy": ({ limits, usage }) => exceededBy(limits, usage).length > 0,
  },
};
